"""RISE, against its loop written out."""

import pytest
import torch

from core.estimators.rise import Rise
from core.networks.graph.prepare import prepare
from core.saliency.attribution import attribute
from tests.estimators.made import SIDE, module, picture
from tests.oracles import relative_error


def test_rise_is_its_loop_less_the_mean():
    own, image, rise = module(), picture(), Rise(50, 4)
    maps = attribute(prepare(own), image, 2, methods="rise:50:4")
    seen = [1 - mask.double() for mask, _ in zip(rise.masks(SIDE, SIDE), range(50), strict=False)]
    scores = [float(own(image * mask).detach().softmax(1)[0, 2]) for mask in seen]
    by_hand = sum(score * mask for score, mask in zip(scores, seen, strict=True)) / (50 * 0.5) - sum(scores) / 50
    assert relative_error(maps["rise:50:4"][0, 0], by_hand) < 1e-12


def test_as_much_is_seen_as_it_says():
    seen = torch.stack([1 - mask for mask, _ in zip(Rise().masks(112, 96), range(400), strict=False)])
    assert float(seen.mean()) == pytest.approx(0.5, abs=0.03)
    assert 0 <= float(seen.min()) <= float(seen.max()) <= 1
