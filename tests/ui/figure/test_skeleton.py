"""The grid before any answer: at the same places, in HTML."""

import re

import numpy as np
import pytest

from core.ui.figure.columns import COMPUTING, WAITING, Column, all_wait
from core.ui.figure.layout import GAP, LEFT, lay_out
from core.ui.figure.photos import photo_of_picture
from core.ui.figure.skeleton import skeleton_html
from core.values import Picture

PICTURE = Picture(np.full((30, 40, 3), 9, np.uint8), "skeleton")
COLUMNS = [Column("alexnet", "AlexNet", message=COMPUTING), Column("vgg19", "<b>VGG", message=WAITING)]


def boxes(html):
    return [
        tuple(map(int, found)) for found in re.findall(r"<i style=\"left: (\d+)px; top: (\d+)px; width: (\d+)px", html)
    ]


@pytest.mark.parametrize("arrangement", ["columns", "rows"])
def test_panels_are_where_the_figure_will_have_them(arrangement):
    grid = lay_out(2, ("vanilla", "guided"), arrangement, (1200, 900))
    html = skeleton_html(COLUMNS, grid, PICTURE, "AlexNet", on_picture=False)
    assert boxes(html) == [
        (LEFT + place * (grid.panel_width + GAP), grid.top + grid.row_start(row), grid.panel_width)
        for row, cells in enumerate(grid.rows)
        for place in range(len(cells))
    ]
    assert html.count("background-image") == 2  # what each will see
    assert (html.count(COMPUTING), html.count(WAITING)) == (2, 2)
    assert f"width: {grid.width}px; height: {grid.height}px" in html


def test_names_are_text():
    html = skeleton_html(
        COLUMNS, lay_out(2, ("vanilla",), "columns", (1200, 900)), PICTURE, 'a "quoted" <alt>', on_picture=False
    )
    assert "&lt;b&gt;VGG" in html
    assert 'aria-label="a &quot;quoted&quot; &lt;alt&gt;"' in html
    assert "What it saw" in html
    assert "Vanilla gradient" in html


def test_where_maps_lie_on_the_picture_all_of_it_is_shown_and_called_so():
    grid = lay_out(2, ("vanilla",), "columns", (1200, 900))
    html = skeleton_html(COLUMNS, grid, PICTURE, "", on_picture=True)
    assert "The picture" in html
    assert photo_of_picture(PICTURE, 320**2).source in html


def test_on_a_phone_the_page_keeps_the_names_of_rows():
    html = skeleton_html(COLUMNS, lay_out(2, ("vanilla",), "columns", (390, 900)), PICTURE, "", on_picture=False)
    assert "Vanilla gradient" not in html


def test_a_column_that_failed_is_no_waiting():
    assert all_wait(COLUMNS)
    assert not all_wait([*COLUMNS, Column("resnet18", "ResNet-18", message="Not on this computer yet (47 MB)")])
