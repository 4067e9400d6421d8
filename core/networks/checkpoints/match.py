"""Which networks in a checkpoint are one of torchvision's classifiers, and the likeliest of them."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from core.errors import CheckpointError, UnknownNetwork
from core.networks.checkpoints.checkpoint import Checkpoint
from core.networks.checkpoints.fit import Match, Misfit, Unusable, fits
from core.networks.checkpoints.layouts import families
from core.networks.checkpoints.places import Place, places_of
from core.networks.checkpoints.shown import shown
from core.networks.titles import a_title, title_of

_DEEPEST = 10  # parts of a key; torchvision's have 8 at most
_MOST_PREFIXES = 8


class UnusableWeights(CheckpointError):
    """The network is in the file, but a tensor that it needs cannot be used."""


def match(checkpoint: Checkpoint, model: str, place: str | None = None) -> Match:
    """How the checkpoint is this model's. place: of which network in the file; None for the likeliest.

    Raises UnknownNetwork, UnusableWeights, and CheckpointError with what first does not fit.
    """
    found = matches(checkpoint, model)
    if place is not None:
        if chosen := next((match for match in found if match.place == place), None):
            return chosen
        raise CheckpointError(f"The file holds no {title_of(model)} behind '{shown(place)}': choose another place.")
    best = found[0]
    if len(found) == 1:
        return best
    count, begins = len(found), shown(best.place) or "nothing"
    notice = f"The file holds {count} such networks; the one behind '{begins}' was taken."
    return replace(best, notices=(notice, *best.notices))


def matches(checkpoint: Checkpoint, model: str) -> list[Match]:
    """All networks in the file that are this model's, the likeliest first. Raises as `match` does for none."""
    if not any(model in members for members in families()):
        raise UnknownNetwork(model, [])
    found: list[Match] = []
    misfits: list[Misfit] = []
    places = prefixes(checkpoint, model)
    for place in places:
        try:
            found += fits(checkpoint, model, place, [other.prefix for other in places if other != place])
        except Misfit as misfit:
            misfits.append(misfit)
    if found:
        return sorted(found, key=lambda match: (match.is_a_copy, len(match.prefix), match.prefix))
    if unusable := next((misfit for misfit in misfits if isinstance(misfit, Unusable)), None):
        raise UnusableWeights(str(unusable))
    fact = misfits[0] if misfits else "the file has none of its tensors"
    raise CheckpointError(f"The file does not hold {a_title(model)}: {fact}. {checkpoint.foreign}".rstrip())


def prefixes(checkpoint: Checkpoint, model: str) -> list[Place]:
    """Where the model's tensors may be in the file, the likeliest place first; [] if there is none."""
    counts = votes(checkpoint, model).most_common(_MOST_PREFIXES)
    return [place for place, count in counts if 2 * count >= counts[0][1]]


def votes(
    checkpoint: Checkpoint, model: str, agree: Callable[[str, str], bool] = lambda name, key: True
) -> Counter[Place]:
    """How many of the model's tensors the file has at each place, of those that agree (file's name, key)."""
    counts: Counter[Place] = Counter()
    for name in checkpoint.shapes:
        counts.update(place for place, key in places_of(model, name, _DEEPEST) if agree(name, key))
    return counts
