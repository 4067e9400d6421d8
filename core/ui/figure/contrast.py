"""A contrast of two classes, in words."""

from core.explanation import Explanation
from core.ui.words import minus, shortened
from core.values import Prediction

_WIDE = 2  # letters' room: two minuses, an ellipsis and a delta are wider than as many letters


def rival_of(explained: Explanation) -> Prediction:
    """The class that the class explained is contrasted with. Raises ValueError where there is none."""
    if explained.against is None:
        raise ValueError(f"{explained.network} explains {explained.target.name} and no contrast")
    return explained.against


def difference(explained: Explanation) -> str:
    """The logit of the class explained minus that of its rival, with its sign."""
    return minus(f"{explained.target.logit - rival_of(explained).logit:+.2f}")


def contrasted(explained: Explanation) -> str:
    """ "tabby − tiger cat, logit difference +1.32", with names in full."""
    return f"{explained.target.name} − {rival_of(explained).name}, logit difference {difference(explained)}"


def contrasted_within(explained: Explanation, room: int) -> str:
    """As `contrasted`, in as many letters as there is room for; of long names, both beginnings."""
    target, rival, by, room = explained.target.name, rival_of(explained).name, difference(explained), room - _WIDE
    for what in ("logit difference", "Δ logit", "Δ"):
        if len(full := f"{target} − {rival}, {what} {by}") <= room:
            return full
    left = max(8, room - len(f" − , Δ {by}"))
    first = min(len(target), max(left // 2, left - len(rival)))
    return f"{shortened(target, first)} − {shortened(rival, left - first)}, Δ {by}"
