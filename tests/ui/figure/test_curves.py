"""The curves of hiding and showing."""

import numpy as np

from core.evidence.pointing import STEPS, Pointing
from core.ui.figure.curves import pointing_figure


def test_both_curves_are_drawn_in_percent():
    hidden, shown = np.linspace(0.9, 0.1, STEPS + 1), np.linspace(0.1, 0.9, STEPS + 1)
    figure = pointing_figure(Pointing(np.arange(4), hidden, shown, (0.1,), ()), "<b>cup")
    one, other = figure.data
    assert list(one.x) == [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]
    np.testing.assert_allclose(one.y, 100 * hidden)
    np.testing.assert_allclose(other.y, 100 * shown)
    assert (one.name, other.name) == ("hidden, strongest first", "shown, strongest first")
    assert figure.layout.yaxis.title.text == "&lt;b&gt;cup"
