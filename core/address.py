"""Addresses: values as plain text that a stranger may have written, and back. What makes no sense becomes default."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from core.errors import MethodError, UnknownNetwork
from core.evidence_view import ALL, HIDDEN, ON_DEMAND, MapName
from core.images.framing import FITS
from core.images.region import Region
from core.method import Method
from core.networks.catalogue import is_checkpoint, lookup, names
from core.networks.taught import TAUGHT
from core.question import MOST_CLASSES, MOST_METHODS, MOST_NETWORKS
from core.rules import RULES
from core.saliency.reductions import REDUCTIONS
from core.saliency.references import REFERENCES
from core.targets import Classes, Targets, TopK
from core.view import ARRANGEMENTS, CLIPS, COARSE, COLOURS, SCALES, SHOWS, SPACES

T = TypeVar("T", bound=Any)  # a dataclass

_MOST_INDEX = 30_000
_MOST_LOOKED_AT = 50  # names in a link


def _write(value: Any) -> str:  # noqa: ANN401
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return f"{value:g}" if isinstance(value, float | bool) else str(value)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One field of a value in an address. key: its name there. read: the value of a text, None if it makes no sense."""

    key: str
    read: Callable[[str], Any]
    write: Callable[[Any], str] = _write


Parameters = Mapping[str, Parameter]  # by the field's name


def read_from(query: Mapping[str, str], parameters: Parameters, default: T) -> T:
    """The value in an address; what is not there, or makes no sense, is as in `default`."""
    found = {name: each.read(query[each.key]) for name, each in parameters.items() if each.key in query}
    return replace(default, **{name: value for name, value in found.items() if value is not None})


def written(value: object, parameters: Parameters, default: object) -> dict[str, str]:
    """A value's part of an address; what is as in `default` is left out, so that links stay short."""
    return {
        each.key: each.write(getattr(value, name))
        for name, each in parameters.items()
        if getattr(value, name) != getattr(default, name)
    }


def one_of(choices: Iterable[str]) -> Callable[[str], str | None]:
    """Reads one of a few words."""
    return lambda text: text if text in choices else None


def some_of(choices: Iterable[str]) -> Callable[[str], tuple[str, ...] | None]:
    """Reads several of a few words, in their own order."""
    return lambda text: tuple(choice for choice in choices if choice in text.split(",")) or None


def flag(text: str) -> bool:
    """Reads "1" as yes."""
    return text == "1"


def network(text: str) -> str | None:
    """The one name of a network that may have several ("resnet50:DEFAULT"), None if there can be no such network."""
    if is_checkpoint(text):
        return text
    # UnknownNetwork would look for close names, which takes time.
    if text not in TAUGHT and text.partition(":")[0] not in names():
        return None
    try:
        return lookup(text).name
    except UnknownNetwork:
        return None


def index(text: str) -> int | None:
    """A class; how many there are, each network knows."""
    return int(text) if text.isdecimal() and len(text) < 6 and int(text) < _MOST_INDEX else None


def indices(text: str) -> tuple[int, ...] | None:
    """Classes, each of them once."""
    found = dict.fromkeys(i for each in text.split(",")[:_MOST_LOOKED_AT] if (i := index(each)) is not None)
    return tuple(found)[:MOST_CLASSES] or None


def _networks(text: str) -> tuple[str, ...] | None:
    found = dict.fromkeys(name for each in text.split(",")[:_MOST_LOOKED_AT] if (name := network(each)))
    return tuple(found)[:MOST_NETWORKS] or None


def _targets(text: str) -> Targets | None:
    """Classes as "281,282", or the most probable ones as "top5", also without one of them, as "top5-281"."""
    if not text.startswith("top"):
        found = indices(text)
        return Classes(found) if found else None
    count, _, without = text.removeprefix("top").partition("-")
    k, excluding = index(count), index(without)
    return TopK(k, excluding) if k and k <= MOST_CLASSES and (excluding is None) == (not without) else None


def _targets_text(targets: Targets) -> str:
    if isinstance(targets, Classes):
        return _write(targets.indices)
    return f"top{targets.k}" + ("" if targets.excluding is None else f"-{targets.excluding}")


def _methods(text: str) -> tuple[str, ...] | None:
    """The plain rules in their own order, then other methods; what makes no sense is left out whole."""
    found = []
    for each in text.split(",")[:_MOST_LOOKED_AT]:
        try:
            found.append(str(Method.parse(each)))
        except MethodError:
            continue
    plain = [rule for rule in RULES if rule in found]
    return (*plain, *dict.fromkeys(each for each in found if each not in RULES))[:MOST_METHODS] or None


def _clip(text: str) -> float | None:
    return next((clip for clip in CLIPS if f"{clip:g}" == text), None)


def _opacity(text: str) -> float | None:
    try:
        opacity = float(text)
    except ValueError:
        return None
    return round(opacity, 2) if 0.1 <= opacity <= 1 else None


def _map_name(text: str) -> str | None:
    if text == ALL:
        return text
    try:
        asked = MapName.parse(text)
        source = asked.source if asked.source in REFERENCES else str(Method.parse(asked.source))
    except (ValueError, MethodError):
        return None
    known, target = network(asked.network), index(str(asked.target))
    return None if known is None or target is None else str(MapName(known, target, source))


def _hidden(text: str) -> int | None:
    return next((each for each in HIDDEN if str(each) == text), None)


QUESTION: Parameters = {
    "networks": Parameter("networks", _networks),
    "rules": Parameter("rules", _methods),
    "targets": Parameter("class", _targets, _targets_text),
    "against": Parameter("against", index),
    "fit": Parameter("fit", one_of(FITS)),
}
VIEW: Parameters = {
    "show": Parameter("show", one_of(SHOWS)),
    "reduction": Parameter("reduction", one_of(REDUCTIONS)),
    "colours": Parameter("colours", one_of(COLOURS)),
    "scale": Parameter("scale", one_of(SCALES)),
    "clip": Parameter("clip", _clip),
    "opacity": Parameter("opacity", _opacity),
    "arrangement": Parameter("networks_as", one_of(ARRANGEMENTS)),
    "space": Parameter("on", one_of(SPACES)),
    "coarse": Parameter("coarse", one_of(COARSE)),
    "references": Parameter("with", some_of(REFERENCES)),
    "region": Parameter("region", Region.parse),
}
EVIDENCE: Parameters = {
    "map": Parameter("test", _map_name),
    "more": Parameter("more", some_of(ON_DEMAND)),
    "hidden": Parameter("hidden", _hidden),
}
