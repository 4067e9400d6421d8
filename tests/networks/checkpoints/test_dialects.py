"""Networks under other libraries' names compute what those libraries do: float64 logits, made by the libraries."""

import re
from functools import partial

import pytest
import timm
import torch
import transformers
from safetensors.torch import load_file
from timm.models import convnext, swin_transformer

from core.errors import CheckpointError
from core.networks.checkpoints.dialects import DIALECTS
from core.networks.checkpoints.epsilons import build_with_epsilons
from core.networks.checkpoints.layouts import build_of
from core.networks.checkpoints.spec import describe
from core.networks.weights.files import load_module
from tests.networks.checkpoints.made_checkpoints import translated, zeros


def of_timm(name, side, **settings):
    return timm.create_model(name, num_classes=5, **settings), side


def of_transformers(name, side, **settings):
    config = getattr(transformers, f"{name}Config")(num_labels=5, **settings)
    return getattr(transformers, f"{name}ForImageClassification")(config), side


RESNET18 = {"hidden_sizes": [64, 128, 256, 512], "depths": [2, 2, 2, 2], "layer_type": "basic"}
NETWORKS = {
    "ResNet by timm": ("resnet18", partial(of_timm, "resnet18", 64)),
    "ConvNeXt by timm": ("convnext_tiny", partial(of_timm, "convnext_tiny", 32)),
    "ViT by timm": ("vit_b_32", partial(of_timm, "vit_base_patch32_224", 224)),
    "Swin by timm": ("swin_t", partial(of_timm, "swin_tiny_patch4_window7_224", 224)),
    "EfficientNet by timm": ("efficientnet_b0", partial(of_timm, "efficientnet_b0", 64)),
    "ResNet by transformers": ("resnet18", partial(of_transformers, "ResNet", 64, **RESNET18)),
    "ResNet with bottlenecks by transformers": ("resnet50", partial(of_transformers, "ResNet", 64)),
    "ConvNeXt by transformers": ("convnext_tiny", partial(of_transformers, "ConvNext", 32)),
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


def test_epsilons_are_the_librarys_where_torchvisions_are_others():
    (dialect,) = (each for each in DIALECTS if each.family == "EfficientNet")
    with torch.device("meta"):
        theirs = timm.create_model("efficientnet_b5")
        own = build_with_epsilons(build_of("efficientnet_b5", 1000), dialect.epsilons)
    assert _epsilons(own) == _epsilons(theirs) == {1e-5}
    assert _epsilons(build_of("efficientnet_b5", 1000)()) == {1e-3}


def _epsilons(module):
    return {layer.eps for layer in module.modules() if isinstance(layer, torch.nn.BatchNorm2d)}


@pytest.mark.parametrize(("plain", "other"), [("resnet18", "resnetblur18"), ("efficientnet_b0", "tf_efficientnet_b0")])
def test_another_network_with_the_same_tensors_is_refused_where_the_file_says_so(plain, other, tmp_path):
    theirs, one_alike = of_timm(other, 64)[0], of_timm(plain, 64)[0].eval()
    one_alike.load_state_dict(randomised(theirs).state_dict())
    inputs = torch.randn(1, 3, 64, 64, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    assert (logits_of(theirs, inputs) - logits_of(one_alike, inputs)).abs().max() > 1e-4
    with pytest.raises(CheckpointError, match=f"says that it is {other} of timm"):
        translated(theirs.state_dict(), tmp_path, arch=f"{other}.in1k")


def test_names_that_several_networks_share_need_the_file_to_say_which(tmp_path):
    with torch.device("meta"):
        names = timm.create_model("tf_efficientnet_b0").state_dict()
    state = zeros(**dict.fromkeys(names, (1,)))
    with pytest.raises(CheckpointError, match=r'torch.save\({"arch": "efficientnet_b0"'):
        translated(state, tmp_path)
    assert "features.8.1.bias" in translated(state, tmp_path, model_name="hf_hub:timm/efficientnet_b0.ra_in1k").shapes


TINY_VIT = {
    "hidden_size": 6,
    "num_attention_heads": 2,
    "num_hidden_layers": 1,
    "intermediate_size": 8,
    "image_size": 32,
}
TINY_SWIN = {"embed_dim": 6, "depths": [1, 1], "num_heads": [2, 2]}


@pytest.mark.parametrize(("name", "settings"), [("ViT", TINY_VIT), ("Swin", TINY_SWIN)])
def test_a_module_and_the_file_that_transformers_saves_of_it_have_different_names_and_are_read_alike(
    name, settings, tmp_path
):
    module = randomised(of_transformers(name, 32, **settings)[0])
    module.save_pretrained(tmp_path)
    saved = load_file(tmp_path / "model.safetensors")
    assert saved.keys() != module.state_dict().keys()
    assert_alike(translated(saved, made(tmp_path / "a")), translated(module.state_dict(), made(tmp_path / "b")))


@pytest.mark.parametrize("family", ["ConvNeXt", "Swin"])
def test_names_of_the_networks_authors_are_those_that_timm_takes_for_theirs(family, tmp_path):
    # timm's own translation of the authors' files shows that the names made here are authentic.
    if family == "ConvNeXt":
        module = convnext.ConvNeXt(num_classes=5, depths=(1, 1, 1, 1), dims=(4, 8, 12, 16))
        authors = {authors_convnext(name): value for name, value in randomised(module).state_dict().items()}
        back = convnext.checkpoint_filter_fn(dict(authors), module)
    else:
        module = swin_transformer.SwinTransformer(
            num_classes=5, embed_dim=4, depths=(2, 1, 1, 1), num_heads=(1, 2, 2, 2)
        )
        authors = {authors_swin(name): value for name, value in randomised(module).state_dict().items()}
        authors["layers.0.blocks.1.attn_mask"] = torch.zeros(64, 49, 49)
        back = swin_transformer.checkpoint_filter_fn(dict(authors), module)
    assert back.keys() == module.state_dict().keys()
    assert_alike(translated(authors, made(tmp_path / "a")), translated(module.state_dict(), made(tmp_path / "b")))


def authors_convnext(name):
    name = re.sub(r"^stages\.(\d)\.blocks", r"stages.\1", name).replace("conv_dw", "dwconv").replace("mlp.fc", "pwconv")
    name = re.sub(r"^stages\.(\d)\.downsample", r"downsample_layers.\1", name)
    return re.sub("^stem", "downsample_layers.0", name).replace("head.norm", "norm").replace("head.fc", "head")


def authors_swin(name):
    name = re.sub(r"(\d)\.downsample", lambda found: f"{int(found[1]) - 1}.downsample", name)
    return name.replace("head.fc", "head")


def made(folder):
    folder.mkdir()
    return folder


def assert_alike(first, second):
    one, other = load_file(first.file), load_file(second.file)
    assert one.keys() == other.keys()
    assert all(torch.equal(one[name], other[name]) for name in one)
