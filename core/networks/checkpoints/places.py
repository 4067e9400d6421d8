"""Where in a checkpoint a network is: what its tensors' names begin with, and how they go on."""

import re
from dataclasses import dataclass

from core.networks.checkpoints.layouts import key_in, layout

# What torch puts around a module, anywhere in it: DataParallel, compile, FSDP, activation checkpointing.
_AROUND = ("module", "_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module")
_COPY = re.compile(r"ema.*|average.*|avg|teacher|momentum|swa|target.*|shadow|polyak|old|key|k|m")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A prefix in the file. numbered: behind it the network's parts have numbers, as in nn.Sequential(*children)."""

    prefix: str
    numbered: bool = False

    def key(self, model: str, name: str) -> str | None:
        """The module's key for a name behind the prefix; None if it is deeper, or one that can be done without."""
        rest = name.removeprefix(self.prefix)
        return None if rest.partition(".")[0] in _AROUND else key_in(model, self._named(model, unwrapped(rest)))

    def _named(self, model: str, rest: str) -> str:
        number, _, inside = rest.partition(".")
        children = layout(model).children
        if not self.numbered or not number.isdecimal() or int(number) >= len(children):
            return rest
        return f"{children[int(number)]}.{inside}"


def places_of(model: str, name: str, deepest: int) -> list[tuple[Place, str]]:
    """Every place at which a name could be one of the model's, and which key it would be.

    deepest: of how many parts a key has at most.
    """
    parts, wanted, found = name.split("."), layout(model), list[tuple[Place, str]]()
    inner = [at for at, part in enumerate(parts) if part not in _AROUND]
    keys = (key_in(model, ".".join(parts[at] for at in inner)) or "").split(".")
    for start in range(max(0, len(keys) - deepest), len(keys)):
        numbered = keys[start].isdecimal() and int(keys[start]) < len(wanted.children)
        first = wanted.children[int(keys[start])] if numbered else keys[start]
        if (key := ".".join((first, *keys[start + 1 :]))) in wanted.shapes:
            prefix = "".join(f"{part}." for part in parts[: inner[start]])
            found.append((Place(prefix, numbered), key))
    return found


def unwrapped(name: str) -> str:
    """The name without what torch put around parts of the network."""
    return ".".join(part for part in name.split(".") if part not in _AROUND)


def is_a_copy(place: str) -> bool:
    """Whether the words in a place are those for a running average or a teacher, kept beside the network trained."""
    return any(_COPY.fullmatch(word.lower()) for word in _WORD.findall(place))
