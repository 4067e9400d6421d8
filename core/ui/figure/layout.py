"""The grid: which panels stand where, and how large, to the pixel."""

from collections.abc import Sequence
from dataclasses import dataclass

Cell = tuple[int, str]  # a column by its position, and a kind: "input", a rule, or a reference
Rows = tuple[tuple[Cell, ...], ...]

INPUT = "input"  # the kind of cell that shows what a network saw
LEFT, RIGHT = 54, 132  # room for row names and colour bars
GAP = 10  # between columns
SMALLEST, LARGEST = 160, 620  # px; panels narrower than that are swiped through instead
CAPTIONS = {330: 2, 215: 3, 0: 4}  # lines of a caption, for panels at least this wide
BRIEF = 2  # lines of a presenter's caption, which leaves out what the headings say where panels are narrow
_OF_INPUTS = 2  # lines below a row of inputs, which have no more to say
PHONE = 640  # px
_LETTER = 6.3  # px, a letter of a caption, on average
_STEP = 7 / 6  # text is that much larger for a presenter
_ROOMY = 215  # px, panels that wide have room for it


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells by row and column.

    rules: those shown. columns_as: "columns" or "rows". panel_width, panel_height: in pixels. swiped: on a phone, where
    dragging moves the page. brief: captions have two lines, for a presenter. large: text is a step larger, too.
    """

    rows: Rows
    rules: tuple[str, ...]
    columns_as: str
    panel_width: int
    panel_height: int
    swiped: bool = False
    brief: bool = False
    large: bool = False

    @property
    def top(self) -> int:
        """Room for the names of columns, in pixels."""
        return _top(large=self.large)

    @property
    def letter(self) -> float:
        """The width of a caption's letter, in pixels, on average."""
        return _LETTER * (_STEP if self.large else 1)

    @property
    def lines(self) -> int:
        """How many lines a map's caption has."""
        return _lines(self.panel_width, brief=self.brief)

    @property
    def terse(self) -> bool:
        """Whether its lines are too short for all that a caption says."""
        return self.brief and self.panel_width < self.letter / _LETTER * next(iter(CAPTIONS))

    @property
    def captions(self) -> tuple[int, ...]:
        """Room below each row, in pixels."""
        return _captions([_is_of_inputs(row) for row in self.rows], self.lines, large=self.large)

    @property
    def width(self) -> int:
        """The figure's width, in pixels."""
        across = len(self.rows[0])
        return LEFT + across * self.panel_width + (across - 1) * GAP + RIGHT

    @property
    def height(self) -> int:
        """The figure's height, in pixels."""
        return self.top + self.row_start(len(self.rows))

    @property
    def plot_height(self) -> int:
        """The height of the plots: the figure's without its top and the lowest captions, in pixels."""
        return self.row_start(len(self.rows)) - self.captions[-1]

    def row_start(self, row: int) -> int:
        """Where a row begins, in pixels from the top of the plots."""
        return row * self.panel_height + sum(self.captions[:row])

    def font(self, size: int) -> int:
        """A size of text, in pixels, as this grid has it."""
        return round(size * _STEP) if self.large else size

    def x_domain(self, column: int) -> tuple[float, float]:
        """Where a column lies, as shares of the plot's width."""
        whole = self.width - LEFT - RIGHT
        start = column * (self.panel_width + GAP)
        return start / whole, (start + self.panel_width) / whole

    def y_domain(self, row: int) -> tuple[float, float]:
        """Where a row lies, as shares of the plot's height, from the bottom."""
        whole = self.plot_height
        end = whole - self.row_start(row)
        return max(0.0, (end - self.panel_height) / whole), min(1.0, end / whole)


def lay_out(
    columns: int,
    rules: tuple[str, ...],
    arrangement: str,
    available: tuple[int, int],
    *,
    references: tuple[str, ...] = (),
    aspect: float = 1.0,
    presented: bool = False,
) -> Grid:
    """Place columns x (input, rules, references); panels are as large as the available width and height allow.

    arrangement "auto" makes a single column a row, since screens are wide. columns: how many. available:
    (width, height) in pixels. aspect: a panel's width as a multiple of its height. presented: captions are brief, and
    text is a step larger if panels leave room for it.
    """
    if arrangement == "auto":
        arrangement = "rows" if columns == 1 else "columns"
    kinds = (INPUT, *rules, *references)
    if arrangement == "columns":
        rows = tuple(tuple((column, kind) for column in range(columns)) for kind in kinds)
    else:
        rows = tuple(tuple((column, kind) for kind in kinds) for column in range(columns))
    large, panel = presented, _panel_width(rows, available, aspect, brief=presented, large=presented)
    if large and panel < _ROOMY:  # larger text would not fit
        large, panel = False, _panel_width(rows, available, aspect, brief=True, large=False)
    height, swiped = round(panel / aspect), available[0] < PHONE
    return Grid(rows, rules, arrangement, panel, height, swiped=swiped, brief=presented, large=large)


def _panel_width(rows: Rows, available: tuple[int, int], aspect: float, *, brief: bool, large: bool) -> int:
    """In pixels."""
    columns, (width, height), inputs = len(rows[0]), available, [_is_of_inputs(row) for row in rows]
    by_width = (width - LEFT - RIGHT - (columns - 1) * GAP) // columns
    largest = int(LARGEST * min(1, aspect))
    # Wide panels are no lower than square ones, if the width allows it: the page scrolls down, but not sideways.
    panel = max(SMALLEST, min(by_width, int(SMALLEST * aspect)))
    for lines in sorted(CAPTIONS.values()):  # fewer lines leave more room, but need wider panels
        tallest = (height - _top(large=large) - sum(_captions(inputs, lines, large=large))) // len(rows)
        fits = min(by_width, int(tallest * aspect), largest)
        if _lines(fits, brief=brief) <= lines:
            panel = max(panel, fits)
    return panel


def _lines(width: int, *, brief: bool) -> int:
    return BRIEF if brief else next(lines for least, lines in CAPTIONS.items() if max(width, 0) >= least)


def _is_of_inputs(row: Sequence[Cell]) -> bool:
    return all(kind == INPUT for _, kind in row)


def _captions(of_inputs: Sequence[bool], lines: int, *, large: bool) -> tuple[int, ...]:
    """Room below each row, in pixels, by whether it is one of inputs; lines: of a map's caption."""
    counts = [min(lines, _OF_INPUTS) if inputs else lines for inputs in of_inputs]
    return tuple(14 + (19 if large else 16) * count for count in counts)


def _top(*, large: bool) -> int:
    return 72 if large else 62
