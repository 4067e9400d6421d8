"""Our EfficientNet-Lite0 against the published implementation, and against what pictures show."""

import numpy as np
import pytest
import skimage.data
import torch
from efficientnet_lite_pytorch import EfficientNet
from PIL import Image
from torch import Tensor, fx, nn

from core.networks import architecture, load_module, on_disk, weights_path
from core.networks.efficientnet_lite0 import EfficientNetLite0, own_key


@pytest.fixture(scope="module")
def reference() -> nn.Module:
    module = EfficientNet.from_name("efficientnet-lite0")
    path = weights_path(architecture("efficientnet_lite0"))
    module.load_state_dict(torch.load(path, weights_only=True))
    return module.eval()


def framed(pixels: np.ndarray) -> Tensor:
    """(1, 3, 224, 224), as the recipe says, by PIL."""
    recipe = architecture("efficientnet_lite0").recipe
    image = Image.fromarray(pixels)
    scale = recipe.resize / min(image.size)
    image = image.resize([round(side * scale) for side in image.size], Image.Resampling.BICUBIC)
    left, top = ((side - recipe.crop) // 2 for side in image.size)
    image = image.crop((left, top, left + recipe.crop, top + recipe.crop))
    x = torch.from_numpy(np.array(image)).permute(2, 0, 1) / 255
    return ((x - torch.tensor(recipe.mean).view(3, 1, 1)) / torch.tensor(recipe.std).view(3, 1, 1))[None]


def test_it_is_on_disk_without_a_download() -> None:
    assert on_disk(architecture("efficientnet_lite0"))


def test_logits_equal_the_published_implementations(reference: nn.Module) -> None:
    x = torch.cat([torch.randn(2, 3, 224, 224), framed(skimage.data.astronaut())])
    ours = load_module("efficientnet_lite0")
    with torch.no_grad():
        assert (ours(x) - reference(x)).abs().max() <= 1e-5
        exact = (ours.double()(x.double()) - reference.double()(x.double())).abs().max()
    reference.float()
    assert exact <= 1e-10


@pytest.mark.parametrize(("photo", "classes"), [("coffee", {967}), ("chelsea", {281, 282, 283, 284, 285})])
def test_it_sees_what_a_photo_shows(photo: str, classes: set[int]) -> None:
    with torch.no_grad():
        logits = load_module("efficientnet_lite0")(framed(getattr(skimage.data, photo)()))
    assert logits.argmax().item() in classes


def test_it_can_be_traced() -> None:
    traced = fx.symbolic_trace(EfficientNetLite0().eval())
    rectifiers = [module for module in traced.modules() if isinstance(module, nn.ReLU6)]
    assert len(rectifiers) == 33  # two a block, less the first block's one, plus stem and head


def test_keys_are_translated_and_unknown_ones_left_alone() -> None:
    assert own_key("_blocks.3._bn1.running_mean") == "blocks.3.depthwise.1.running_mean"
    assert own_key("_bn1.running_mean") == "head.1.running_mean"
    assert own_key("classifier.6.weight") == "classifier.6.weight"
