"""What a file leaves open about a network: which of several it is, and what stands between the layers of its head."""

from collections.abc import Sequence

from core.networks.checkpoints.checkpoint import Checkpoint
from core.networks.checkpoints.fit import Match
from core.networks.checkpoints.heads import BETWEEN
from core.networks.checkpoints.shown import shown
from core.ui.frame.widgets import selectbox
from core.ui.words import plain
from core.wording import counted


def choose_place(checkpoint: Checkpoint, matches: Sequence[Match]) -> Match | None:
    """The network that is meant, of those in the file that are of one architecture; None if there is none."""
    if len(matches) < 2:
        return matches[0] if matches else None
    found = {match.place: match for match in matches}
    place = selectbox(
        "Network in the file", list(found), key=f"own_place_{checkpoint.digest[:8]}_{matches[0].model}",
        format_func=lambda place: _title(found[place]),
        help="By what the names of its tensors begin with. Copies that training keeps come last.",
    )  # fmt: skip
    return found[place]


def confirm_between(checkpoint: Checkpoint, match: Match | None) -> str | None:
    """What its owner says that stands between the layers of a head; None where there is nothing to say, or not yet."""
    if match is None or match.head is None or not match.head.is_open:
        return None
    names = ", ".join(plain(shown(layer.name)) for layer in match.head.layers)
    return selectbox(
        f"What stands between the layers of its head ({names})", list(BETWEEN), index=None,
        key=f"own_between_{checkpoint.digest[:8]}_{match.place}", format_func=lambda name: BETWEEN[name].title,
        placeholder="Say what your code has there",
        help="The file does not tell. Dropout beside it makes no difference.",
    )  # fmt: skip


def _title(match: Match) -> str:
    begins = shown(match.place) if match.place else "names without a beginning"
    return f"{begins} · {counted(match.classes, 'class', 'classes')}" + (
        " · a copy, by its name" if match.is_a_copy else ""
    )
