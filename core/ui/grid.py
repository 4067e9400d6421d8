"""The grid: which panels stand where, and how large, to the pixel."""

from dataclasses import dataclass

INPUT = "input"  # the row of what each network saw
LEFT, RIGHT, TOP, BOTTOM = 54, 132, 62, 44  # room for row names, colour bars, column names, the last captions
GAP, CAPTION = 10, 46  # between columns; below each row, for two lines
SMALLEST, LARGEST = 132, 620


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells by row and column; a cell is (network, kind), and a kind is "input" or a rule. side: of a panel, in px."""

    rows: tuple[tuple[tuple[str, str], ...], ...]
    networks_as: str
    side: int

    @property
    def width(self) -> int:
        """Of the whole figure, in pixels."""
        columns = len(self.rows[0])
        return LEFT + columns * self.side + (columns - 1) * GAP + RIGHT

    @property
    def height(self) -> int:
        """Of the whole figure, in pixels."""
        rows = len(self.rows)
        return TOP + rows * self.side + (rows - 1) * CAPTION + BOTTOM

    def x_domain(self, column: int) -> tuple[float, float]:
        """Where a column lies, as shares of the plot's width."""
        whole = self.width - LEFT - RIGHT
        start = column * (self.side + GAP)
        return start / whole, (start + self.side) / whole

    def y_domain(self, row: int) -> tuple[float, float]:
        """Where a row lies, as shares of the plot's height, from the bottom."""
        whole = self.height - TOP - BOTTOM
        end = whole - row * (self.side + CAPTION)
        return max(0.0, (end - self.side) / whole), min(1.0, end / whole)


def lay_out(
    networks: tuple[str, ...], rules: tuple[str, ...], networks_as: str, available: tuple[int, int]
) -> Grid:
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
    columns, width, height = len(rows[0]), *available
    by_width = (width - LEFT - RIGHT - (columns - 1) * GAP) // columns
    by_height = (height - TOP - BOTTOM - (len(rows) - 1) * CAPTION) // len(rows)
    return Grid(rows, networks_as, max(SMALLEST, min(by_width, by_height, LARGEST)))
