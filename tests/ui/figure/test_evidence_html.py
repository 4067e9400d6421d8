"""Tests of maps on a page that works without a network."""

import re
from dataclasses import replace

import numpy as np
import pytest

from core.evidence.cascade import Cascade
from core.evidence.cells import cells_of
from core.evidence.pointing import STEPS, Pointing
from core.evidence.road import Road
from core.evidence.stability import Stability
from core.evidence.weights import Permuted, Weights
from core.examine import Examined
from core.images import load_sample
from core.images.framing import frame
from core.networks.catalogue import lookup
from core.ui.figure.evidence import hidden_picture
from core.ui.figure.evidence_html import evidence_html
from core.values import Picture, Prediction
from core.view import View
from tests.ui.made import explained, gradient

MADE = gradient()
FALLING = np.linspace(0.4, 0, STEPS + 1)
FOUND = {
    "weights": Weights((Permuted(1, 4, MADE, 0.1, 1.0), Permuted(4, 4, MADE * 0, 0.1, 0.1)), 0.4),
    "stability": Stability(MADE, MADE, 0.5, 0.4),
    "pointing": Pointing(np.arange(196), FALLING, FALLING[::-1], (0.1,) * 19, (282,) * 5 + (504,) * 6),
    "cascade": Cascade((1, 2), np.full((3, 2), 0.5)),
    "road": Road(np.full(7, 0.1), np.full(7, 0.2), 0.4),
}


@pytest.fixture(scope="module")
def explanation():
    seen = np.full((8, 8, 3), 200, np.uint8)
    return explained(
        "efficientnet_lite0", title="<b>Own</b>", target=Prediction(282, "<i>cat</i>", 9.0, 0.4), seen=seen
    )


def page(explanation, *tests, spec_of=lookup):
    examined = [Examined(explanation, source, test, FOUND[test]) for source, test in tests]
    return evidence_html(examined, load_sample("chelsea"), "crop", View(), spec_of)


def test_each_map_is_a_section_with_questions_and_answers(explanation):
    made = page(explanation, ("guided", "weights"), ("guided", "stability"), ("edges", "stability"))
    assert made.count("<section>") == 2
    assert "Tests of &lt;b&gt;Own&lt;/b&gt;, Guided backprop: &lt;i&gt;cat&lt;/i&gt;" in made
    assert "Edges (Sobel)" in made
    assert made.count("<h3>") == 3
    assert "it cannot show why this class was chosen" in made
    assert "<b>" not in made
    assert "<i>" not in made


def test_what_probabilities_assume_is_said(explanation):
    assert "assume softmax" not in page(explanation, ("guided", "weights"))
    made = page(explanation, ("guided", "weights"), spec_of=lambda name: replace(lookup(name), outputs="assumed"))
    assert "Probabilities below assume softmax" in made


def test_padding_is_not_hidden():
    picture = Picture(load_sample("chelsea").pixels[:128], "strip")
    spec, found = lookup("efficientnet_lite0"), FOUND["pointing"]
    rows, columns = frame(picture, spec.recipe, "pad")[1].inside
    cells = cells_of(np.zeros((spec.recipe.crop, spec.recipe.crop))[rows, columns])
    found = replace(found, order=np.arange(cells.size))
    whole, *hidden = (hidden_picture(found, step, picture, spec.recipe, "pad") for step in (0, 5, 10))
    for after in hidden:
        ys = np.flatnonzero((after != whole).any((1, 2)))
        assert rows.start <= ys.min() <= ys.max() < rows.stop < spec.recipe.crop


def test_maps_are_pictures_and_a_map_of_nothing_says_so(explanation):
    made = page(explanation, ("guided", "weights"))
    assert len(re.findall(r'src="data:image/png;base64,[A-Za-z0-9+/=]+"', made)) == 3
    assert "<figcaption>All erased: zero everywhere</figcaption>" in made


@pytest.mark.parametrize(("test", "said"), [("cascade", "layers erased"), ("road", "mended"), ("pointing", "hidden")])
def test_curves_are_drawn_by_the_script_that_is_there_already(explanation, test, said):
    made = page(explanation, ("guided", test))
    assert "Plotly.newPlot" in made
    assert len(made) < 200_000
    assert said in made


def test_hiding_is_shown_as_the_pictures_and_what_the_network_said(explanation):
    made = page(explanation, ("guided", "pointing"))
    assert "20 % hidden: tiger cat; &lt;i&gt;cat&lt;/i&gt; 32 %" in made.replace("\u00a0", " ")
    assert "60 % hidden: coffee mug" in made


def test_without_tests_there_is_nothing(explanation):
    assert page(explanation) == ""
