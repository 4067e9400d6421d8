"""The curves of what a network says, and of how a map changes."""

import numpy as np

from core.evidence.cascade import Cascade
from core.evidence.pointing import STEPS, Pointing
from core.evidence.road import SHARES, Road
from core.ui.figure.curves import curves_figure


def test_both_curves_are_drawn_in_percent():
    hidden, shown = np.linspace(0.9, 0.1, STEPS + 1), np.linspace(0.1, 0.9, STEPS + 1)
    figure = curves_figure(Pointing(np.arange(4), hidden, shown, (0.1,), ()).curves("<b>cup"))
    one, other = figure.data
    assert list(one.x) == [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]
    np.testing.assert_allclose(one.y, 100 * hidden)
    np.testing.assert_allclose(other.y, 100 * shown)
    assert (one.name, other.name) == ("hidden, strongest first", "shown, strongest first")
    assert figure.layout.yaxis.title.text == "&lt;b&gt;cup"


def test_mending_begins_with_the_whole_picture():
    figure = curves_figure(Road(np.linspace(0.3, 0, 7), np.linspace(0.5, 0.4, 7), 0.6).curves("cup"))
    strongest, weakest = figure.data
    assert list(strongest.x) == [0, *(100 * share for share in SHARES)]
    np.testing.assert_allclose([strongest.y[0], weakest.y[0]], 60)
    np.testing.assert_allclose([strongest.y[-1], weakest.y[-1]], [0, 40], atol=1e-12)


def test_a_cascade_is_its_mean_and_every_draw():
    likeness = np.array([[1, 0.5, 0.1], [1, 0.7, 0.0], [1, 0.6, 0.2]])
    *draws, mean = curves_figure(Cascade((1, 20, 40), likeness).curves("cup")).data
    assert [list(draw.y) for draw in draws] == likeness.tolist()
    np.testing.assert_allclose(mean.y, [1, 0.6, 0.1])
    assert [draw.showlegend for draw in draws] == [True, False, False]
    assert list(mean.x) == [1, 20, 40]
