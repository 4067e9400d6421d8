"""Which panels stand where, and how large."""

import pytest

from core.ui.grid import GAP, INPUT, LARGEST, LEFT, RIGHT, SMALLEST, TOP, lay_out

RULES = ("vanilla", "guided")
FOUR = ("efficientnet_lite0", "alexnet", "resnet18", "resnet50")
SIZES = [(1500, 944), (1240, 860), (900, 600), (390, 700), (3000, 2000)]


def pixels(domain, whole):
    return domain[0] * whole, domain[1] * whole


@pytest.mark.parametrize("available", SIZES)
@pytest.mark.parametrize("networks", [FOUR[:1], FOUR[:2], FOUR])
@pytest.mark.parametrize("networks_as", ["columns", "rows"])
def test_every_panel_is_square_to_the_pixel(available, networks, networks_as):
    grid = lay_out(networks, RULES, networks_as, available)
    plot_width, plot_height = grid.width - LEFT - RIGHT, grid.height - TOP - grid.caption
    for column in range(len(grid.rows[0])):
        left, right = pixels(grid.x_domain(column), plot_width)
        assert right - left == pytest.approx(grid.side, abs=1e-6)
        assert left == pytest.approx(column * (grid.side + GAP), abs=1e-6)
    for row in range(len(grid.rows)):
        bottom, top = pixels(grid.y_domain(row), plot_height)
        assert top - bottom == pytest.approx(grid.side, abs=1e-6)
        assert plot_height - top == pytest.approx(row * (grid.side + grid.caption), abs=1e-6)


@pytest.mark.parametrize("count", range(1, 9))
@pytest.mark.parametrize("networks_as", ["columns", "rows"])
def test_domains_are_shares_of_the_whole(count, networks_as):
    grid = lay_out(tuple(map(str, range(count))), RULES, networks_as, (1500, 944))
    shares = [grid.x_domain(i) for i in range(len(grid.rows[0]))] + [grid.y_domain(i) for i in range(len(grid.rows))]
    assert all(0 <= low < high <= 1 for low, high in shares)


def test_four_networks_and_two_gradients_fit_a_projector():
    # 1920 x 1080, with the sidebar, the heading and the predictions taken off
    grid = lay_out(FOUR, RULES, "auto", (1500, 944))
    assert grid.width <= 1500
    assert grid.height <= 944
    assert grid.side >= 230


@pytest.mark.parametrize("available", [(1500, 944), (1240, 860), (1100, 700)])
@pytest.mark.parametrize("networks", [FOUR[:1], FOUR[:2], FOUR[:3]])
def test_panels_are_as_large_as_fits(available, networks):
    width, height = available
    grid = lay_out(networks, RULES, "auto", available)
    assert grid.width <= width
    assert grid.height <= height or grid.side == SMALLEST
    if SMALLEST < grid.side < LARGEST:
        larger = grid.side + 4, len(grid.rows[0]), len(grid.rows)
        too_wide = grid.width + 4 * larger[1] > width
        too_high = grid.height + 4 * larger[2] + 26 * larger[2] * (grid.side < 230) > height
        assert too_wide or too_high


def test_several_networks_are_columns():
    grid = lay_out(FOUR[:2], RULES, "auto", (1500, 944))
    assert grid.networks_as == "columns"
    assert grid.rows == tuple(tuple((name, kind) for name in FOUR[:2]) for kind in (INPUT, *RULES))


def test_a_single_network_is_a_row():
    grid = lay_out(FOUR[:1], RULES, "auto", (1500, 944))
    assert grid.networks_as == "rows"
    assert grid.rows == (((FOUR[0], INPUT), (FOUR[0], "vanilla"), (FOUR[0], "guided")),)


def test_rows_are_the_columns_transposed():
    columns = lay_out(FOUR, RULES, "columns", (1500, 944)).rows
    rows = lay_out(FOUR, RULES, "rows", (1500, 944)).rows
    assert rows == tuple(zip(*columns, strict=True))


def test_panels_have_a_smallest_and_a_largest_size():
    assert lay_out(FOUR, RULES, "auto", (400, 300)).side == SMALLEST
    assert lay_out(FOUR[:1], (), "auto", (9000, 9000)).side == LARGEST


@pytest.mark.parametrize(("width", "swiped"), [(390, True), (639, True), (640, False), (1500, False)])
def test_on_a_phone_dragging_moves_the_page(width, swiped):
    assert lay_out(FOUR, RULES, "auto", (width, 800)).swiped is swiped


def test_small_panels_have_more_room_for_their_captions():
    small, large = lay_out(FOUR, RULES, "auto", (900, 944)), lay_out(FOUR, RULES, "auto", (1500, 944))
    assert small.side < large.side
    assert small.caption > large.caption


@pytest.mark.parametrize("available", [(30, 700), (390, 100), (0, 0)])
def test_no_room_at_all_gives_the_smallest_panels(available):
    assert lay_out(FOUR, RULES, "auto", available).side == SMALLEST
