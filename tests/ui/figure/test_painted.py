"""Maps as pixels: their colours are those of the grid."""

import numpy as np
import plotly.colors

from core.ui.figure.maps import Map
from core.ui.figure.painted import laid_over, painted
from core.ui.figure.scales import scale_of
from core.view import View


def shown(values, signed=False):
    values = np.array(values, np.float32)
    return Map(values, scale_of([values], clip=100, signed=signed), signed)


def test_the_ends_of_a_map_are_the_ends_of_its_colours():
    sampled = plotly.colors.sample_colorscale("Viridis", [0, 0.5, 1], colortype="tuple")
    pixels = painted(shown([[0, 0.5, 1]]), View(colours="Viridis"))
    np.testing.assert_allclose(pixels[0], 255 * np.array(sampled), atol=1.5)


def test_zero_is_white_where_values_have_a_sign():
    low, zero, high = painted(shown([[-2, 0, 2]], signed=True), View())[0].astype(int)
    assert abs(zero - 247).max() <= 1
    assert low[2] > low[0]
    assert high[0] > high[2]


def test_over_a_photo_nothing_hides_nothing_and_the_most_hides_as_much_as_was_chosen():
    seen = np.full((1, 2, 3), 100, np.uint8)
    nothing, most = laid_over(shown([[0, 4]]), seen, View(colours="gray", opacity=0.6))[0].tolist()
    assert nothing == [100] * 3
    np.testing.assert_allclose(most, 255 * 0.6 + 100 * 0.4, atol=1.5)
