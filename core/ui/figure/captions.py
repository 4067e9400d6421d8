"""The words in the grid: what each panel says of itself, and each network above or beside its panels."""

from collections.abc import Sequence
from html import escape

from core.explanation import Explanation
from core.method import Method
from core.networks.coverage import Coverage
from core.saliency.references import REFERENCES
from core.ui.figure.colours import has_bars
from core.ui.figure.columns import Column
from core.ui.figure.contrast import contrasted_within
from core.ui.figure.layout import INPUT, Grid
from core.ui.figure.maps import Map
from core.ui.words import abridged, number, score, share, shortened
from core.view import View

_LEAST = 11  # px, a network's name
_BOLD = 0.62  # of its size is the width of a bold letter, on average
_LARGE = 215  # px, panels from here on have their network's name large


Heading = tuple[str, int]


def caption(
    explained: Explanation, kind: str, shown: Map | None, view: View, grid: Grid, *, on_picture: bool = False
) -> str:
    """Rule and reduction, class and score, maximum and scale, coverage: as many lines as the grid has.

    Only a class's name is ever shortened. shown is None for the input. on_picture: whether panels show all of the
    picture, with hatching over what was not seen.
    """
    if kind == INPUT or shown is None:
        lines = _input_lines(explained, on_picture=on_picture)
    elif kind in REFERENCES:
        lines = _reference_lines(kind, shown, grid)
    else:
        lines = _lines(explained, kind, shown, view, grid)
    return "<br>".join(map(escape, lines))


def remark(explained: Explanation, kind: str, shown: Map, view: View) -> str:
    """What a reader has to know at once, "" if nothing: why a map looks like nothing, and what it says of itself."""
    attribution = explained.attributions.get(kind)
    if attribution is None or attribution.any():
        said = [explained.remarks[kind]] if kind in explained.remarks else []
        if kind in explained.samples:
            done, total = explained.samples[kind]
            said.insert(0, f"{done} of {total} {Method.parse(kind).about.counts}")
        if view.show == "channels" and kind not in REFERENCES and not shown.in_colours:
            said.append("one value a place, no colours")
        return " · ".join([*said, *(["faint on this scale"] if shown.is_faint else [])])
    method, gradient = Method.parse(kind), explained.attributions.get("vanilla")
    if method.rule != "vanilla" and gradient is not None and gradient.any():
        return f"zero everywhere: {method.short} lets nothing through, though there is a gradient"
    return f"zero everywhere: {method.about.zero}"


def kind_heading(kind: str, *, on_picture: bool = False) -> str:
    """The name of what a row or a column shows."""
    if kind == INPUT:
        return "The picture" if on_picture else "What it saw"
    return REFERENCES[kind].title if kind in REFERENCES else Method.parse(kind).title


def fitted(heading: str, room: int, size: int) -> tuple[str, int]:
    """A heading and its font size in so many pixels: smaller where it is long, and shortened where it is longer yet."""
    size = max(_LEAST, min(size, int(room / _BOLD / len(heading))))
    return abridged(heading, max(8, int(room / _BOLD / size))), size


def grid_headings(columns: Sequence[Column], grid: Grid, *, on_picture: bool) -> tuple[list[Heading], list[Heading]]:
    """What stands above the grid's columns and beside its rows, as HTML, and the font size of each."""
    titles = [column_heading(column, grid) for column in columns]
    if grid.columns_as == "columns":
        names = [kind_heading(row[0][1], on_picture=on_picture) for row in grid.rows]
        fits = [fitted(name, grid.panel_height, grid.font(14)) for name in names]
        return titles, [(escape(name), size) for name, size in fits]
    names = [kind_heading(kind, on_picture=on_picture) for _, kind in grid.rows[0]]
    fits = [fitted(name, grid.panel_width, grid.font(16)) for name in names]
    return [(f"<b>{escape(name)}</b>", size) for name, size in fits], titles


def row_names(columns: Sequence[Column], grid: Grid, *, on_picture: bool) -> list[str]:
    """The names of the rows, as text."""
    if grid.columns_as == "rows":
        return [column.title for column in columns]
    return [kind_heading(row[0][1], on_picture=on_picture) for row in grid.rows]


def column_heading(column: Column, grid: Grid) -> tuple[str, int]:
    """A column's title and what stands below it, and the font size of the title; both stay beside their own panels."""
    beside = grid.columns_as == "rows"  # upright there, where the margin has room for the usual size alone
    room = grid.panel_height if beside else grid.panel_width
    large, small = (20 if room >= _LARGE else 16), 14
    if not beside:
        large, small = grid.font(large), grid.font(small)
    below = _beneath(column, int(room / small * 1.87))
    size = max(_LEAST, min(large, int(room / _BOLD / len(column.title))))
    return f"<b>{escape(column.title)}</b><br><span style='font-size:{small}px'>{escape(below)}</span>", size


def _beneath(column: Column, room: int) -> str:
    if column.explanation is None:
        return "\u00a0"
    if column.subtitle is not None:
        return column.subtitle
    top = column.explanation.top[0]
    return f"{shortened(top.name, max(10, room - 6))} {score(top)}"


def wrapped(text: str, width: int) -> str:
    """A message of several words on lines of about `width` characters."""
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + len(word) >= width:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    return "<br>".join(map(escape, [*lines, line]))


def _input_lines(explained: Explanation, *, on_picture: bool) -> list[str]:
    side, seen = explained.framing.side, explained.framing.seen_share
    size, saw = f"input, {side} × {side} px", f"saw {share(seen)}"
    return [size, f"{saw}, rest hatched" if on_picture and seen < 1 else f"{saw} of the picture"]


def _reference_lines(kind: str, shown: Map, grid: Grid) -> list[str]:
    of = REFERENCES[kind].what
    plain = "no network, class or unit"
    if grid.terse:
        return [shown.extremes, plain]
    return [f"{of} · {shown.extremes}", plain] if grid.lines == 2 else [of, shown.extremes, plain]


def _lines(explained: Explanation, rule: str, shown: Map, view: View, grid: Grid) -> list[str]:
    symbol = shown.shows if shown.grid is None else f"{shown.grid[0]} × {shown.grid[1]}"
    size, coverage = shown.extremes, explained.coverage
    ends = f"±{number(shown.scale.ceiling)}" if shown.scale.signed else f"to {number(shown.scale.ceiling)}"
    scales = [] if has_bars(view, grid) else [f"scale {ends}", ends]
    taken = len(f", {symbol}") + (len(f" · {ends}") if scales else 0)
    rule = f"{abridged(Method.parse(rule).short, max(8, _room(grid) - taken - 2))}, {symbol}"
    if grid.terse:  # headings name the rule, and a colour bar the reduction and the scale
        about = f"{symbol} · " if scales else ""
        return [about + _class(explained, grid, len(about)), _counted(scales[0] if scales else size, coverage, grid)]
    if grid.lines == 2:
        return [
            f"{rule} · {_class(explained, grid, len(rule) + 3)}",
            _counted(" · ".join([size, *scales[:1]]), coverage, grid),
        ]
    if grid.lines == 3:
        return [_with_one(rule, scales, grid), _class(explained, grid), _counted(size, coverage, grid)]
    if shown.scale.signed:  # there is no room for a scale beside two extremes, or of RGB
        return [_with_one(rule, scales[1:], grid), _class(explained, grid), size, str(coverage)]
    return [rule, _class(explained, grid), _with_one(size, scales, grid), str(coverage)]


def _counted(said: str, coverage: Coverage, grid: Grid) -> str:
    """With how many activations the rule reaches."""
    gated, total = coverage.gated, coverage.total
    return _with_one(said, [str(coverage), f"{gated} of {total}", f"{gated}/{total}"], grid)


def _with_one(said: str, phrasings: list[str], grid: Grid) -> str:
    """With the first of these phrasings that still fits on the line, or the last; longer ones come first."""
    lines = [f"{said} · {phrasing}" for phrasing in phrasings]
    return next((line for line in lines if len(line) <= _room(grid)), (lines or [said])[-1])


def _room(grid: Grid) -> int:
    """Letters of a line."""
    return int(grid.panel_width / grid.letter)


def _class(explained: Explanation, grid: Grid, taken: int = 0) -> str:
    room, said = _room(grid) - taken, score(explained.target)
    if explained.against:
        return contrasted_within(explained, room)
    return f"{shortened(explained.target.name, max(8, room - len(said) - 1))} {said}"
