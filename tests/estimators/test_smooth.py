"""SmoothGrad and its kin: against Captum with the same noise, and what their halves say."""

import pytest
import torch
from captum.attr import NoiseTunnel, Saliency

from core.estimators.smooth import Smooth
from core.networks.graph.prepare import prepare
from core.saliency.attribution import attribute
from tests.estimators.made import module, noises, picture
from tests.oracles import relative_error


@pytest.mark.parametrize(
    ("text", "kind"),
    [("smooth:6:0.1", "smoothgrad"), ("smoothsq:6:0.1", "smoothgrad_sq"), ("vargrad:6:0.1", "vargrad")],
)
def test_smoothgrad_and_its_kin_equal_captums_with_the_same_noise(text, kind, monkeypatch):
    own, image = module(), picture()
    noise = noises(image[0], 6, 0.1)
    monkeypatch.setattr(torch, "normal", lambda mean, std, **_: noise.reshape(std.shape))
    expected = NoiseTunnel(Saliency(own)).attribute(image, target=2, abs=False, nt_type=kind, nt_samples=6, stdevs=1.0)
    monkeypatch.undo()
    maps = attribute(prepare(own), image, 2, methods=text)
    assert relative_error(maps[text], expected) < 1e-12


def test_guided_smoothgrad_is_the_mean_of_guided_maps_of_the_noisy_pictures():
    network, image = prepare(module()), picture()
    maps = attribute(network, image, 1, methods=("guided~smooth:5", "smooth:5"))
    noisy = image + noises(image[0], 5, 0.05)
    each = attribute(network, noisy, 1)
    assert relative_error(maps["guided~smooth:5"], each["guided"].mean(0, keepdim=True)) < 1e-12
    assert relative_error(maps["smooth:5"], each["vanilla"].mean(0, keepdim=True)) < 1e-12


def test_more_samples_agree_better_with_themselves():
    network, image = prepare(module()), picture()
    few, many = (
        float(attribute(network, image, 0, methods=f"smooth:{n}:0.3").checks[f"smooth:{n}:0.3"]) for n in (4, 120)
    )
    assert 0 < few < many < 1
    assert not attribute(network, image, 0, methods="gradcam").checks


def test_squares_and_variance_are_never_below_zero():
    maps = attribute(prepare(module().float()), picture().float(), 0, methods=("smoothsq:3", "vargrad:3"))
    assert all(float(maps[each].min()) >= 0 for each in maps.rules)
    assert Smooth(keep="variance").needs_squares
