"""What is said of a contrast, and where it has room."""

import pytest

from core.ui.figure.captions import caption
from core.ui.figure.contrast import contrasted, contrasted_within, difference
from core.ui.figure.layout import lay_out
from core.ui.figure.maps import maps_of
from core.values import Prediction
from core.view import View
from tests.ui.made import column, explained

RULES = ("vanilla", "guided")


def contrast(target="tabby", rival="tiger cat", by=1.3):
    return explained(target=Prediction(281, target, 8.0 + by, 0.38), against=Prediction(282, rival, 8.0, 0.3))


def test_it_names_both_classes_and_the_difference_of_their_logits():
    assert contrasted(contrast()) == "tabby − tiger cat, logit difference +1.30"
    assert difference(contrast(by=-0.25)) == "−0.25"
    with pytest.raises(ValueError, match="no contrast"):
        difference(explained())


@pytest.mark.parametrize(("room", "said"), [
    (60, "tabby − tiger cat, logit difference +1.30"), (35, "tabby − tiger cat, Δ logit +1.30"),
    (28, "tabby − tiger cat, Δ +1.30"), (24, "tabby − tige…, Δ +1.30"),
])  # fmt: skip
def test_a_narrow_place_says_it_shorter(room, said):
    assert contrasted_within(contrast(), room) == said


def test_of_long_names_both_beginnings_stay():
    said = contrasted_within(contrast("Staffordshire bull terrier", "wire-haired fox terrier"), 30)
    assert said.startswith("Staff")
    assert "… − wire" in said
    assert said.endswith("…, Δ +1.30")
    assert len(said) <= 30


@pytest.mark.parametrize("room", [(1900, 1130), (1200, 900), (900, 700)])
def test_a_caption_of_a_grid_says_it_in_the_place_of_the_class(room):
    view = View(reduction="sum")
    grid = lay_out(4, RULES, "columns", room)
    shown = maps_of([column()], RULES, view)[0, "vanilla"]
    said = caption(contrast(), "vanilla", shown, view, grid).split("<br>")
    assert any("tabby − tig" in line and line.endswith(" +1.30") for line in said)
    assert not any("38 %" in line for line in said)
    assert all(len(line) <= grid.panel_width / grid.letter + 1 for line in said if "−" in line)
