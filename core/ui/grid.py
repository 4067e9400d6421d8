"""The grid: which panels stand where, and how large, to the pixel."""

from dataclasses import dataclass

INPUT = "input"  # the kind of cell that shows what a network saw
LEFT, RIGHT, TOP = 54, 132, 62  # room for row names, colour bars and column names
GAP = 10  # between columns
SMALLEST, LARGEST = 160, 620  # panels narrower than that are swiped through instead
CAPTIONS = {330: 2, 215: 3, 0: 4}  # lines of a caption, for panels at least this wide
PHONE = 640  # px


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells by row and column; a cell is (network, kind), and a kind is "input" or a rule.

    networks_as: "columns" or "rows". side: of a panel, in pixels. swiped: on a phone, where dragging moves the page.
    """

    rows: tuple[tuple[tuple[str, str], ...], ...]
    networks_as: str
    side: int
    swiped: bool = False

    @property
    def lines(self) -> int:
        """How many lines a caption has."""
        return _lines(self.side)

    @property
    def caption(self) -> int:
        """Room below each row, in pixels."""
        return _room(self.lines)

    @property
    def width(self) -> int:
        """Of the whole figure, in pixels."""
        columns = len(self.rows[0])
        return LEFT + columns * self.side + (columns - 1) * GAP + RIGHT

    @property
    def height(self) -> int:
        """Of the whole figure, in pixels."""
        return TOP + len(self.rows) * (self.side + self.caption)

    def x_domain(self, column: int) -> tuple[float, float]:
        """Where a column lies, as shares of the plot's width."""
        whole = self.width - LEFT - RIGHT
        start = column * (self.side + GAP)
        return start / whole, (start + self.side) / whole

    def y_domain(self, row: int) -> tuple[float, float]:
        """Where a row lies, as shares of the plot's height, from the bottom."""
        whole = self.height - TOP - self.caption
        end = whole - row * (self.side + self.caption)
        return max(0.0, (end - self.side) / whole), min(1.0, end / whole)


def lay_out(networks: tuple[str, ...], rules: tuple[str, ...], networks_as: str, available: tuple[int, int]) -> Grid:
    """Place networks x (input, rules); panels are as large as the available width and height in pixels allow.

    networks_as "auto" makes a single network a row, since screens are wide, and several networks columns.
    """
    if networks_as == "auto":
        networks_as = "rows" if len(networks) == 1 else "columns"
    kinds = (INPUT, *rules)
    if networks_as == "columns":
        rows = tuple(tuple((network, kind) for network in networks) for kind in kinds)
    else:
        rows = tuple(tuple((network, kind) for kind in kinds) for network in networks)
    (width, height), columns = available, len(rows[0])
    by_width = (width - LEFT - RIGHT - (columns - 1) * GAP) // columns
    side = SMALLEST
    for lines in sorted(CAPTIONS.values()):  # fewer lines leave more room, but need wider panels
        fits = min(by_width, (height - TOP) // len(rows) - _room(lines), LARGEST)
        if _lines(fits) <= lines:
            side = max(side, fits)
    return Grid(rows, networks_as, side, swiped=width < PHONE)


def _lines(side: int) -> int:
    return next(lines for least, lines in CAPTIONS.items() if max(side, 0) >= least)


def _room(lines: int) -> int:
    return 14 + 16 * lines
