"""Every method on networks of every family, in float64, against its definition on the module as torchvision made it."""

from functools import cache
from itertools import product

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.estimators.occlusion import Occlusion
from core.estimators.rise import Rise
from core.networks.graph.network import Network
from core.networks.graph.prepare import prepare
from core.saliency.attribution import attribute
from core.saliency.sampling import ProbeRun
from tests.known import LAST_PART, RECTIFIED, SIDE, SMOOTH, build, picture, side_of
from tests.oracles import patched_gradient, relative_error

NEAR = 1e-10
NETWORKS = RECTIFIED + SMOOTH


@cache
def case(name: str) -> tuple[nn.Module, Network, int]:
    """The module, the network made of it, and its own answer to the picture."""
    module = build(name)
    with torch.no_grad():
        target = int(module(picture()).argmax())
    return module, prepare(module), target


@pytest.fixture(scope="module", params=NETWORKS)
def name(request):
    yield request.param
    case.cache_clear()


def gradient_at(module: nn.Module, points: Tensor, target: int, rule: str = "vanilla") -> Tensor:
    return patched_gradient(module, points, torch.full((len(points),), target), rule)


def noisy(image: Tensor, count: int) -> Tensor:
    """Copies of a picture with noise of a twentieth of its range."""
    drawn = torch.Generator().manual_seed(0)
    sigma = 0.05 * float(image.max() - image.min())
    return torch.cat([image + sigma * torch.randn(image.shape[1:], generator=drawn).double() for _ in range(count)])


def last_layer(module: nn.Module, name: str, target: int) -> tuple[Tensor, Tensor]:
    """Values of the last layer that knows places, and the score's gradient there, (1, channels, rows, columns)."""
    kept: list[Tensor] = []
    handle = LAST_PART[name](module).register_forward_hook(lambda _, __, value: kept.append(value))
    score = module(picture().requires_grad_())[0, target]
    handle.remove()
    (gradient,) = torch.autograd.grad(score, kept)
    if kept[0].ndim == 4:
        return kept[0].detach(), gradient
    side = int((kept[0].shape[1] - 1) ** 0.5)  # tokens: the class's own, then those of places, row by row
    return tuple(each.detach()[:, 1:].transpose(1, 2).reshape(1, -1, side, side) for each in (kept[0], gradient))


def test_gradients_at_many_points(name):
    module, network, target = case(name)
    image = picture(side_of(name))
    rules = ("vanilla", "guided") if name in RECTIFIED else ("vanilla",)
    methods = [method for rule in rules for method in (f"{rule}~smooth:2", f"{rule}~smoothsq:2", f"{rule}~vargrad:2")]
    maps = attribute(network, image, target, methods=(*rules, *methods, "timesinput", "ig:8"))
    for rule in rules:
        prefix = "" if rule == "vanilla" else f"{rule}~"
        gradients = gradient_at(module, torch.cat([image, noisy(image, 2)]), target, rule)
        mean, squares = gradients[1:].mean(0, keepdim=True), gradients[1:].square().mean(0, keepdim=True)
        assert relative_error(maps[rule], gradients[:1]) < NEAR
        assert relative_error(maps[f"{prefix}smooth:2"], mean) < NEAR
        assert relative_error(maps[f"{prefix}smoothsq:2"], squares) < NEAR
        assert relative_error(maps[f"{prefix}vargrad:2"], squares - mean.square()) < NEAR
        if rule == "vanilla":
            assert relative_error(maps["timesinput"], image * gradients[:1]) < NEAR
    nodes, weights = (torch.from_numpy(each) for each in np.polynomial.legendre.leggauss(8))
    points = torch.cat([(1 + node) / 2 * image for node in nodes])
    along = (weights[:, None, None, None] / 2 * gradient_at(module, points, target)).sum(0, keepdim=True)
    assert relative_error(maps["ig:8"], image * along) < NEAR


def test_class_activation_maps(name):
    module, network, target = case(name)
    values, gradient = last_layer(module, name, target)
    methods = ("gradcam", "layercam", "hirescam", *(("guided", "guidedcam") if name in RECTIFIED else ()))
    maps = attribute(network, picture(), target, methods=methods)
    grad = (gradient.mean((2, 3), keepdim=True) * values).sum(1, keepdim=True).clamp(min=0)
    assert relative_error(maps["gradcam"], grad) < NEAR
    layercam = (gradient.clamp(min=0) * values).sum(1, keepdim=True).clamp(min=0)
    assert (maps["layercam"] - layercam).abs().max() < NEAR * (gradient * values).abs().sum(1).max()
    if name == "vit":  # the last block sees its tokens through a LayerNorm, which cancels these sums
        assert (gradient * values).sum(1).abs().max() < 1e-5 * (gradient * values).abs().sum(1).max()
        assert maps["hirescam"].count_nonzero() == 0
    else:
        assert relative_error(maps["hirescam"], (gradient * values).sum(1, keepdim=True).clamp(min=0)) < NEAR
    if name in RECTIFIED:
        enlarged = F.interpolate(grad, (SIDE, SIDE), mode="bilinear", align_corners=False)
        guided = gradient_at(module, picture(), target, "guided")
        assert relative_error(maps["guidedcam"], guided * enlarged) < NEAR


def test_hidden_pictures(name):
    module, network, target = case(name)
    side = side_of(name)
    image, half, rise = picture(side), side // 2, Rise(6)
    masks = torch.zeros(4, 1, side, side, dtype=torch.float64)
    for mask, (top, left) in zip(masks, product((0, half), (0, half)), strict=True):
        mask[0, top : top + half, left : left + half] = 1
    seen = torch.stack([1 - mask.double() for mask, _ in zip(rise.masks(side, side), range(6), strict=False)])
    with torch.no_grad():
        whole, hidden = module(image)[0, target], module(image * (1 - masks))[:, target]
        chances = module(image * seen[:, None]).softmax(1)[:, target]
    falls = ((whole - hidden)[:, None, None] * masks[:, 0]).sum(0)
    assert relative_error(finished(network, image[0], target, Occlusion(half, half)), falls) < NEAR
    by_hand = (chances[:, None, None] * seen).mean(0) / 0.5 - chances.mean()
    assert relative_error(finished(network, image[0], target, rise), by_hand) < NEAR


def finished(network: Network, image: Tensor, target: int, estimator: Occlusion | Rise) -> Tensor:
    """The map of a run to its end, grey behind what is hidden: with fewer masks than a method may have."""
    run = ProbeRun(network, image, torch.zeros_like(image), torch.tensor([target]), None, estimator, "softmax")
    while run.done < run.total:
        run.step(network)
    return run.maps()[0][0, 0]
