"""Networks under other libraries' names compute what those libraries do: float64 logits, made by the libraries."""

from functools import partial

import pytest
import timm
import torch
import transformers

from core.networks.checkpoints.spec import describe
from core.networks.weights.files import load_module
from tests.networks.checkpoints.made_checkpoints import translated


def of_timm(name, side, **settings):
    return timm.create_model(name, num_classes=5, **settings), side


def of_transformers(name, side, **settings):
    config = getattr(transformers, f"{name}Config")(num_labels=5, **settings)
    return getattr(transformers, f"{name}ForImageClassification")(config), side


RESNET18 = {"hidden_sizes": [64, 128, 256, 512], "depths": [2, 2, 2, 2], "layer_type": "basic"}
NETWORKS = {
    "ResNet by timm": ("resnet18", partial(of_timm, "resnet18", 64)),
    "ConvNeXt by timm": ("convnext_tiny", partial(of_timm, "convnext_tiny", 64)),
    "ViT by timm": ("vit_b_32", partial(of_timm, "vit_base_patch32_224", 224)),
    "Swin by timm": ("swin_t", partial(of_timm, "swin_tiny_patch4_window7_224", 224)),
    "EfficientNet by timm": ("efficientnet_b0", partial(of_timm, "efficientnet_b0", 64)),
    "EfficientNet by timm, with other epsilons": ("efficientnet_b5", partial(of_timm, "efficientnet_b5", 64)),
    "ResNet by transformers": ("resnet18", partial(of_transformers, "ResNet", 64, **RESNET18)),
    "ResNet with bottlenecks by transformers": ("resnet50", partial(of_transformers, "ResNet", 64)),
    "ConvNeXt by transformers": ("convnext_tiny", partial(of_transformers, "ConvNext", 64)),
    "ViT by transformers": ("vit_b_32", partial(of_transformers, "ViT", 224, patch_size=32)),
    "Swin by transformers": ("swin_t", partial(of_transformers, "Swin", 224)),
}


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """Values that a constructor draws are replaced anyway."""
    for name in ("normal_", "uniform_", "trunc_normal_", "kaiming_normal_", "kaiming_uniform_", "xavier_uniform_"):
        monkeypatch.setattr(torch.nn.init, name, lambda tensor, *args, **settings: tensor)


@torch.no_grad()
def randomised(module):
    """The module in eval mode, with values by which every tensor matters and nothing vanishes or explodes."""
    generator = torch.Generator().manual_seed(0)
    for name, tensor in module.state_dict().items():
        if tensor.ndim > 1 and name.endswith("weight"):
            tensor.uniform_(-1, 1, generator=generator).mul_((3 / tensor[0].numel()) ** 0.5)
        elif tensor.is_floating_point():
            low = 0.5 if name.endswith(("weight", "running_var", "gamma", "layer_scale_parameter")) else -0.1
            tensor.uniform_(low, low + 1 if low > 0 else 0.1, generator=generator)
    return module.eval()


def logits_of(module, inputs):
    with torch.no_grad():
        outputs = module.double()(inputs)
    return getattr(outputs, "logits", outputs)


@pytest.mark.parametrize("whose", NETWORKS)
def test_logits_are_the_librarys(whose, tmp_path):
    model, make = NETWORKS[whose]
    theirs, side = make()
    state = randomised(theirs).state_dict()
    spec = describe(translated(state, tmp_path, arch=model), model)
    inputs = torch.randn(1, 3, side, side, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    logits = logits_of(theirs, inputs)
    assert logits.std() > 0.05
    torch.testing.assert_close(logits_of(load_module(spec), inputs), logits, atol=1e-10, rtol=1e-10)
