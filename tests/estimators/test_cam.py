"""Class activation maps: against Captum, against their papers, and enlarged."""

import pytest
import torch
import torch.nn.functional as F
from captum.attr import GuidedGradCam, LayerGradCam
from torch import nn

from core.estimators.cam import enlarged
from core.networks.graph.prepare import prepare
from core.saliency.attribution import attribute
from tests.estimators.made import module, picture
from tests.oracles import relative_error


@pytest.mark.parametrize("layer", [None, "16x16"])  # the second is rectified in place
def test_grad_cam_equals_captums_at_every_layer(layer):
    own, image = module(), picture()
    text = "gradcam" if layer is None else f"gradcam@{layer}"
    captums = LayerGradCam(own, own[5] if layer is None else own[1])
    expected = captums.attribute(image, target=1, relu_attributions=True).detach()
    assert relative_error(attribute(prepare(own), image, 1, methods=text)[text], expected) < 1e-12


@pytest.mark.filterwarnings("ignore:Setting backward hooks")
def test_guided_grad_cam_equals_captums():
    own, image = module(), picture()
    own[1] = nn.ReLU()  # Captum's hooks cannot see through one in place
    expected = GuidedGradCam(own, own[5]).attribute(
        image.clone().requires_grad_(), target=1, interpolate_mode="bilinear"
    )
    assert relative_error(attribute(prepare(own), image, 1, methods="guidedcam")["guidedcam"], expected) < 1e-12


def test_the_other_class_activation_maps_are_what_their_papers_say():
    own, image = module(), picture()
    maps = attribute(prepare(own), image, 3, methods=("hirescam", "layercam"))
    values = own[:6](image).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(own[6:](values)[0, 3], values)
    assert relative_error(maps["hirescam"], (gradient * values).sum(1, keepdim=True).clamp(min=0)) < 1e-12
    assert relative_error(maps["layercam"], (gradient.clamp(min=0) * values).sum(1, keepdim=True).clamp(min=0)) < 1e-12


def test_a_class_activation_map_of_an_average_is_the_classifiers_own_map():
    torch.manual_seed(1)
    own = nn.Sequential(
        nn.Conv2d(3, 8, 3, 4), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 3)
    ).double()
    maps = attribute(prepare(own), picture(), 0, methods=("gradcam", "hirescam"))
    values = own[:2](picture())
    by_hand = (own[4].weight[0, :, None, None] * values[0]).sum(0).clamp(min=0) / values.shape[-1] ** 2
    assert relative_error(maps["gradcam"][0, 0], by_hand.detach()) < 1e-12
    assert relative_error(maps["hirescam"], maps["gradcam"]) < 1e-12


def test_enlarging_is_between_the_middles_of_cells():
    grid = torch.rand(2, 1, 3, 5, generator=torch.Generator().manual_seed(0))
    assert torch.equal(enlarged(grid, 12, 20), F.interpolate(grid, (12, 20), mode="bilinear", align_corners=False))
