"""The words in the grid: what each panel says of itself, and each network above or beside its panels."""

from html import escape

from core.comparison import Explanation
from core.selection import Selection
from core.ui.grid import INPUT, Grid
from core.ui.maps import Map, Slot
from core.ui.words import REDUCTION_SYMBOLS, number, percent, shortened

_LETTER = 6.3  # px, a letter of a caption, on average
_LARGE = 215  # px, panels from here on have their network's name large


def caption(explained: Explanation, kind: str, shown: Map | None, selection: Selection, grid: Grid) -> str:
    """Rule and reduction, class and probability, maximum and scale, coverage: as many lines as the grid has.

    Only a class's name is ever shortened. shown is None for the input.
    """
    return "<br>".join(map(escape, _lines(explained, kind, shown, selection, grid)))


def network_heading(slot: Slot, side: int) -> tuple[str, int]:
    """A network's name and its own top class, and the font size of the name."""
    size = 20 if side >= _LARGE else 16
    below = "\u00a0"
    if slot.explanation:
        top = slot.explanation.top[0]
        below = f"{escape(shortened(top.name, max(10, int(side / 7.5) - 6)))} {percent(top.probability)}"
    return f"<b>{escape(slot.title)}</b><br><span style='font-size:14px'>{below}</span>", size


def wrapped(text: str, width: int) -> str:
    """A message of several words on lines of about `width` characters."""
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + len(word) >= width:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    return "<br>".join(map(escape, [*lines, line]))


def _lines(explained: Explanation, kind: str, shown: Map | None, selection: Selection, grid: Grid) -> list[str]:
    if kind == INPUT or shown is None:
        side, share = explained.framing.side, explained.framing.seen_share
        return [f"input, {side} × {side} px", f"saw {share:.0%} of the picture".replace("%", " %")]
    ceiling, coverage = number(shown.scale.ceiling), str(explained.coverage)
    symbol = "R G B" if selection.show == "channels" else REDUCTION_SYMBOLS[selection.reduction]
    rule, size = f"{kind}, {symbol}", shown.extremes
    ends = f"scale ±{ceiling}" if shown.scale.signed else f"scale to {ceiling}"
    own = ends if selection.scale == "panel" or selection.show == "channels" else ""
    if grid.lines == 2:
        return [f"{rule} · {_class(explained, grid, len(rule) + 3)}", _joined(size, own, coverage)]
    if grid.lines == 3:
        return [_joined(rule, own), _class(explained, grid), _joined(size, coverage)]
    return [rule, _class(explained, grid), _joined(size, own), coverage]


def _class(explained: Explanation, grid: Grid, taken: int = 0) -> str:
    probability = percent(explained.target.probability)
    room = int(grid.side / _LETTER) - taken - len(probability) - 1
    return f"{shortened(explained.target.name, max(8, room))} {probability}"


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
