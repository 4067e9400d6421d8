"""Our EfficientNet-Lites against the published implementation, and against what pictures show."""

import numpy as np
import pytest
import skimage.data
import torch
from efficientnet_lite_pytorch import EfficientNet
from PIL import Image
from torch import Tensor, fx, nn

from core.networks.catalogue import lookup
from core.networks.efficientnet_lite import VARIANTS, own_key
from core.networks.efficientnet_lite.module import EfficientNetLite
from core.networks.graph.prepare import prepare
from core.networks.weights.files import load_module
from core.networks.weights.places import on_disk, weights_path
from core.saliency.attribution import attribute
from tests.oracles import patched_gradient, relative_error

ODD = (97, 130)  # pixels; on the way down both sides are now odd, now even
RULES = ("vanilla", "guided", "deconvnet")

for_every_one = pytest.mark.parametrize("name", VARIANTS)


def reference(name: str, size: int | tuple[int, int]) -> nn.Module:
    """The published implementation, which is made for one size of pictures, with the published weights."""
    module = EfficientNet.from_name(name.replace("_", "-"), image_size=size)
    module.load_state_dict(torch.load(weights_path(lookup(name)), weights_only=True))
    return module.eval()


def framed(pixels: np.ndarray, name: str) -> Tensor:
    """(1, 3, side, side), as the recipe says, by PIL."""
    recipe = lookup(name).recipe
    image = Image.fromarray(pixels)
    scale = recipe.resize / min(image.size)
    image = image.resize([round(side * scale) for side in image.size], Image.Resampling.BICUBIC)
    left, top = ((side - recipe.crop) // 2 for side in image.size)
    image = image.crop((left, top, left + recipe.crop, top + recipe.crop))
    x = torch.from_numpy(np.array(image)).permute(2, 0, 1) / 255
    return ((x - torch.tensor(recipe.mean).view(3, 1, 1)) / torch.tensor(recipe.std).view(3, 1, 1))[None]


@for_every_one
def test_it_is_on_disk_without_a_download(name: str) -> None:
    assert on_disk(lookup(name))


@for_every_one
def test_logits_equal_the_published_implementations(name: str) -> None:
    side = lookup(name).recipe.crop
    x = torch.cat([torch.randn(2, 3, side, side), framed(skimage.data.astronaut(), name)])
    ours, theirs = load_module(name), reference(name, side)
    with torch.no_grad():
        assert (ours(x) - theirs(x)).abs().max() <= 1e-5
        assert (ours.double()(x.double()) - theirs.double()(x.double())).abs().max() <= 1e-10


@for_every_one
@pytest.mark.parametrize("size", [ODD, (226, 193)])
def test_logits_are_exact_for_any_size(name: str, size: tuple[int, int]) -> None:
    x = torch.randn(1, 3, *size, dtype=torch.float64)
    with torch.no_grad():
        assert (load_module(name).double()(x) - reference(name, size).double()(x)).abs().max() <= 1e-10


@for_every_one
def test_every_rule_equals_the_oracle_where_sides_are_odd(name: str) -> None:
    module, x, target = load_module(name).double(), torch.randn(1, 3, *ODD, dtype=torch.float64), torch.tensor([281])
    maps = attribute(prepare(module), x, target, rules=RULES)
    for rule in RULES:
        assert relative_error(maps[rule], patched_gradient(module, x, target, rule)) <= 1e-12, rule


@pytest.mark.parametrize(
    ("number", "width", "depth"), [(0, 1, 1), (1, 1, 1.1), (2, 1.1, 1.2), (3, 1.2, 1.4), (4, 1.4, 1.8)]
)
def test_scaling_gives_the_shapes_of_the_whole_family(number: int, width: float, depth: float) -> None:
    published = EfficientNet.from_name(f"efficientnet-lite{number}").state_dict()
    ours = EfficientNetLite(width, depth).state_dict()
    assert {own_key(key): tensor.shape for key, tensor in published.items()} == {k: t.shape for k, t in ours.items()}


@for_every_one
@pytest.mark.parametrize(("photo", "classes"), [("coffee", {967}), ("chelsea", {281, 282, 283, 284, 285})])
def test_it_sees_what_a_photo_shows(name: str, photo: str, classes: set[int]) -> None:
    with torch.no_grad():
        logits = load_module(name)(framed(getattr(skimage.data, photo)(), name))
    assert logits.argmax().item() in classes


@pytest.mark.parametrize(("name", "blocks"), [*zip(VARIANTS, (16, 21, 21), strict=True)])
def test_it_can_be_traced(name: str, blocks: int) -> None:
    traced = fx.symbolic_trace(lookup(name).build().eval())
    rectifiers = [module for module in traced.modules() if isinstance(module, nn.ReLU6)]
    assert len(rectifiers) == 2 * blocks + 1  # two a block, less the first block's one, plus stem and head


def test_keys_are_translated_and_unknown_ones_left_alone() -> None:
    assert own_key("_blocks.3._bn1.running_mean") == "blocks.3.depthwise.1.running_mean"
    assert own_key("_bn1.running_mean") == "head.1.running_mean"
    assert own_key("classifier.6.weight") == "classifier.6.weight"
