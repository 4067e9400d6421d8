"""Which panels stand where, and how large."""

import pytest

from core.ui.figure.layout import GAP, INPUT, LARGEST, LEFT, RIGHT, SMALLEST, lay_out

RULES = ("vanilla", "guided")
SIZES = [(1500, 944), (1240, 860), (900, 600), (390, 700), (3000, 2000)]


def pixels(domain, whole):
    return domain[0] * whole, domain[1] * whole


@pytest.mark.parametrize("available", SIZES)
@pytest.mark.parametrize("columns", [1, 2, 4])
@pytest.mark.parametrize("arrangement", ["columns", "rows"])
@pytest.mark.parametrize("aspect", [1.0, 1.5, 0.4, 2.5])
def test_every_panel_stands_in_its_place_to_the_pixel(available, columns, arrangement, aspect):
    grid = lay_out(columns, RULES, arrangement, available, aspect=aspect)
    plot_width, plot_height = grid.width - LEFT - RIGHT, grid.height - grid.top - grid.captions[-1]
    for column in range(len(grid.rows[0])):
        left, right = pixels(grid.x_domain(column), plot_width)
        assert right - left == pytest.approx(grid.panel_width, abs=1e-6)
        assert left == pytest.approx(column * (grid.panel_width + GAP), abs=1e-6)
    for row in range(len(grid.rows)):
        bottom, top = pixels(grid.y_domain(row), plot_height)
        assert top - bottom == pytest.approx(grid.panel_height, abs=1e-6)
        assert plot_height - top == pytest.approx(row * grid.panel_height + sum(grid.captions[:row]), abs=1e-6)


@pytest.mark.parametrize("available", SIZES)
@pytest.mark.parametrize("aspect", [1.0, 1.5, 0.4, 2.5])
def test_panels_have_the_shape_that_was_asked_for(available, aspect):
    grid = lay_out(4, RULES, "auto", available, aspect=aspect)
    assert grid.panel_height == pytest.approx(grid.panel_width / aspect, abs=0.5)


@pytest.mark.parametrize("aspect", [0.4, 0.75, 1.5, 2.5])
def test_panels_of_any_shape_fit_where_there_is_room(aspect):
    grid = lay_out(4, RULES, "auto", (1900, 1300), aspect=aspect)
    assert grid.width <= 1900
    assert grid.height <= 1300 or grid.panel_width == SMALLEST
    assert max(grid.panel_width, grid.panel_height) <= LARGEST


@pytest.mark.parametrize("count", range(1, 9))
@pytest.mark.parametrize("arrangement", ["columns", "rows"])
def test_domains_are_shares_of_the_whole(count, arrangement):
    grid = lay_out(count, RULES, arrangement, (1500, 944))
    shares = [grid.x_domain(i) for i in range(len(grid.rows[0]))] + [grid.y_domain(i) for i in range(len(grid.rows))]
    assert all(0 <= low < high <= 1 for low, high in shares)


def test_four_networks_and_two_gradients_fit_a_projector():
    # 1920 x 1080, with the sidebar, the heading and the predictions taken off
    grid = lay_out(4, RULES, "auto", (1500, 944))
    assert grid.width <= 1500
    assert grid.height <= 944
    assert grid.panel_width >= 230


@pytest.mark.parametrize("available", [(1500, 944), (1240, 860), (1100, 700)])
@pytest.mark.parametrize("columns", [1, 2, 3])
def test_panels_are_as_large_as_fits(available, columns):
    width, height = available
    grid = lay_out(columns, RULES, "auto", available)
    assert grid.width <= width
    assert grid.height <= height or grid.panel_width == SMALLEST
    if SMALLEST < grid.panel_width < LARGEST:
        larger = grid.panel_width + 4, len(grid.rows[0]), len(grid.rows)
        too_wide = grid.width + 4 * larger[1] > width
        too_high = grid.height + 4 * larger[2] + 26 * larger[2] * (grid.panel_width < 230) > height
        assert too_wide or too_high


def test_several_networks_are_columns():
    grid = lay_out(2, RULES, "auto", (1500, 944))
    assert grid.columns_as == "columns"
    assert grid.rows == tuple(((0, kind), (1, kind)) for kind in (INPUT, *RULES))


def test_a_single_network_is_a_row():
    grid = lay_out(1, RULES, "auto", (1500, 944))
    assert grid.columns_as == "rows"
    assert grid.rows == (((0, INPUT), (0, "vanilla"), (0, "guided")),)


def test_rows_are_the_columns_transposed():
    columns = lay_out(4, RULES, "columns", (1500, 944)).rows
    rows = lay_out(4, RULES, "rows", (1500, 944)).rows
    assert rows == tuple(zip(*columns, strict=True))


def test_panels_have_a_smallest_and_a_largest_size():
    assert lay_out(4, RULES, "auto", (400, 300)).panel_width == SMALLEST
    assert lay_out(1, (), "auto", (9000, 9000)).panel_width == LARGEST


@pytest.mark.parametrize(("width", "swiped"), [(390, True), (639, True), (640, False), (1500, False)])
def test_on_a_phone_dragging_moves_the_page(width, swiped):
    assert lay_out(4, RULES, "auto", (width, 800)).swiped is swiped


def test_small_panels_have_more_room_for_their_captions():
    small, large = lay_out(4, RULES, "auto", (900, 944)), lay_out(4, RULES, "auto", (1500, 944))
    assert small.panel_width < large.panel_width
    assert small.captions[-1] > large.captions[-1]


def test_a_row_of_inputs_has_room_for_its_two_lines_and_no_more():
    columns, rows = (lay_out(4, RULES, arrangement, (900, 944)) for arrangement in ("columns", "rows"))
    assert columns.lines == 4
    assert columns.captions == (46, 78, 78)
    assert rows.captions == (78,) * 4  # beside each input stand its maps


@pytest.mark.parametrize("available", [(30, 700), (390, 100), (0, 0)])
def test_no_room_at_all_gives_the_smallest_panels(available):
    assert lay_out(4, RULES, "auto", available).panel_width == SMALLEST


def test_references_come_after_the_rules():
    grid = lay_out(2, RULES, "columns", (1500, 944), references=("edges", "random"))
    assert [row[0][1] for row in grid.rows] == [INPUT, *RULES, "edges", "random"]


def test_for_a_presenter_text_is_larger_and_has_its_room():
    usual, large = (lay_out(4, RULES, "auto", (1500, 944), presented=presented) for presented in (False, True))
    assert large.font(12) == 14
    assert usual.font(12) == 12
    assert large.captions[-1] / large.lines > usual.captions[-1] / usual.lines
    assert large.top > usual.top
    assert large.height <= 944
    assert large.panel_width > usual.panel_width


def test_where_panels_are_too_small_for_larger_text_captions_are_brief_all_the_same():
    usual, presented = (lay_out(4, RULES, "auto", (1250, 716), presented=presented) for presented in (False, True))
    assert not presented.large
    assert (usual.lines, presented.lines) == (4, 2)
    assert presented.terse
    assert usual.height > 716 >= presented.height


def test_wide_panels_are_no_lower_than_square_ones_where_the_width_allows_it():
    references = ("edges", "random")
    wide = lay_out(2, RULES, "columns", (1240, 700), references=references, aspect=1.5)
    assert (wide.panel_width, wide.panel_height) == (240, 160)
    assert lay_out(4, RULES, "columns", (390, 700), references=references, aspect=1.5).panel_width == SMALLEST
