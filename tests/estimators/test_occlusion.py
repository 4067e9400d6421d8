"""Occlusion, against Captum."""

import pytest
import torch
from captum import attr

from core.estimators.occlusion import Occlusion
from core.method import Method
from core.networks.graph.prepare import prepare
from core.saliency.attribution import attribute
from tests.estimators.made import module, picture
from tests.oracles import relative_error


@pytest.mark.parametrize(("window", "stride"), [(8, 4), (12, 8), (10, 7)])
def test_occlusion_equals_captums(window, stride):
    own, image = module(), picture()
    expected = attr.Occlusion(own).attribute(image, (3, window, window), (3, stride, stride), target=2)[:, :1]
    text = str(Method(estimator=Occlusion(window, stride)))
    maps = attribute(prepare(own), image, 2, methods=text)
    assert relative_error(maps[text], expected) < 1e-6  # Captum's sums are of float32


def test_every_pixel_is_covered():
    usual = Occlusion()
    covered = torch.stack(list(usual.masks(224, 240)))
    assert len(covered) == usual.count(224, 240) == 13 * 14
    assert covered.sum(0).min() >= 1
