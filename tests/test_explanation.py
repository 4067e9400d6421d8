"""Explanations and their panels, of maps made by hand."""

import numpy as np
import pytest

from core.errors import NetworkError, RuleUnavailable
from core.explanation import Comparison
from core.networks.coverage import Coverage
from core.values import Picture
from tests.ui.made import explained

PICTURE = Picture(np.zeros((8, 8, 3), np.uint8), "black")
BOTH = Comparison(PICTURE, (explained("alexnet"), explained("vgg19")))


def test_a_panel_has_what_its_explanation_has_for_the_rule():
    explanation = explained("alexnet")
    panel = explanation.panel("guided")
    assert (panel.network, panel.rule, panel.target) == ("alexnet", "guided", explanation.target)
    assert panel.attribution is explanation.attributions["guided"]
    assert (panel.framing, panel.coverage) == (explanation.framing, explanation.coverage)


def test_saliency_is_the_largest_magnitude_over_colour():
    colours = np.float32([[[1, 0]], [[-3, 0]], [[2, -0.5]]])  # two pixels
    assert explained(maps={"vanilla": colours}).panel("vanilla").saliency.tolist() == [[3, 0.5]]


def test_a_refused_rule_is_an_error_that_names_the_activations():
    with pytest.raises(RuleUnavailable, match=r"^Guided needs rectifiers .* none \(1 SiLU\)"):
        explained(refused={"guided": "It has none."}, coverage=Coverage(0, 1, (("SiLU", 1),))).panel("guided")
    with pytest.raises(NetworkError, match=r"^No numbers"):
        explained(refused={"guided": "No numbers."}).panel("guided")


def test_a_comparison_finds_the_network_and_then_the_rule():
    panel = BOTH["vgg19", "guided"]
    assert (panel.network, panel.rule) == ("vgg19", "guided")


@pytest.mark.parametrize(("network", "rule", "missing"), [
    ("resnet18", "vanilla", "resnet18"), ("vgg19", "deconvnet", "deconvnet"),
])  # fmt: skip
def test_what_was_not_asked_for_is_a_key_error(network, rule, missing):
    with pytest.raises(KeyError, match=missing):
        BOTH[network, rule]


def test_the_bytes_of_all_arrays_are_counted():
    maps = {rule: np.zeros((3, 8, 8), np.float32) for rule in ("vanilla", "guided")}
    assert explained(maps=maps).nbytes == 8 * 8 * 3 * (1 + 4 + 4)
    assert explained(maps={"vanilla": maps["vanilla"]}).nbytes == 8 * 8 * 3 * (1 + 4)
