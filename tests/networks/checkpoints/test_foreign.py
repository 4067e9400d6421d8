"""Networks of other libraries are said to be theirs, in one sentence that says what to do."""

import pytest
import torch

from core.errors import CheckpointError
from core.networks.checkpoints.foreign import check_architecture, foreign, is_of_fastai
from core.networks.checkpoints.guess import fitting, misfit
from core.networks.checkpoints.layouts import families, layout
from core.networks.checkpoints.match import match
from tests.networks.checkpoints.made_checkpoints import outline, shapes_of, translated, zeros

NORM = ("weight", "bias", "running_mean", "running_var")
FASTAI = ["0.0.weight", "0.4.0.conv1.weight", "1.2.running_mean", "1.4.weight", "1.6.running_mean", "1.8.weight"]


@pytest.mark.parametrize(
    ("names", "whose"),
    [
        (FASTAI, "fastai's, whose head has layers of its own"),
        (["efficientnet.encoder.blocks.0.squeeze_excite.reduce.weight"], "EfficientNet by transformers, which pads"),
        (["module._blocks.3._se_reduce.weight"], "by efficientnet_pytorch, which pads pictures as TensorFlow does"),
        (["conv1.0.weight", "conv1.3.weight", "layer1.0.conv1.weight"], "timm's ResNets with several first conv"),
        (["layer2.0.conv3.0.filt", "layer2.0.conv3.1.weight"], "those of a network with anti-aliased pooling"),
        (["beit.encoder.layer.0.attention.attention.query.weight"], "transformers'"),
        (["model.vit.embeddings.cls_token"], "transformers'"),
        (["dinov2.embeddings.cls_token"], "transformers'"),
        (["regnet.embedder.embedder.convolution.weight"], "transformers'"),
        (["mobilenet_v2.conv_stem.first_conv.convolution.weight"], "transformers'"),
        (["patch_embed.proj.weight", "blocks.0.ls1.gamma"], "timm's, or of those who first"),
        (["blocks.0.0.conv_pw.weight"], "timm's"),
        (["s1.b1.conv1.conv.weight"], "timm's"),
        (["stages.0.blocks.0.conv1_1x1.weight"], "timm's"),
        (["backbone.downsample_layers.0.0.weight"], "timm's"),
    ],
)
def test_a_network_is_said_to_be_whose_it_is_by_its_names(names, whose):
    sentence = foreign(names)
    assert whose in sentence
    assert sentence.endswith("in a notebook, prepare(module) takes the module itself, with its weights loaded.")


def test_names_of_nobody_in_particular_say_nothing():
    assert foreign(["encoder.weight", "0.weight", "1.8.weight", "conv1.weight"]) == ""


def test_torchvisions_own_names_are_nobody_elses():
    smallest = [members[0] for members in families()]
    assert {model: foreign(layout(model).shapes) for model in smallest} == dict.fromkeys(smallest, "")


def test_a_body_of_any_library_with_fastais_head_is_fastais():
    assert is_of_fastai(["0.model.conv_stem.weight", "1.2.running_mean", "1.4.weight", "1.8.weight"])
    assert not is_of_fastai(["0.0.weight", "1.8.weight"])


def test_fastais_head_behind_another_librarys_body_is_not_taken_for_that_librarys_network(tmp_path):
    body = [f"0.model.{name}" for name in ("conv_stem.weight", "blocks.1.0.conv_pwl.weight")]
    read = translated(
        zeros(**dict.fromkeys([*body, "0.model.blocks.0.0.se.conv_reduce.weight", *FASTAI], (1,))), tmp_path
    )
    assert body[0] in read.shapes
    assert "fastai's" in read.foreign


@pytest.mark.parametrize("pooled", [512, 1024])  # by average, or by maximum as well
def test_a_resnet_with_fastais_head_is_not_taken_for_torchvisions(pooled, tmp_path):
    places = {"conv1": "0.0", "bn1": "0.1", **{f"layer{stage}": f"0.{stage + 3}" for stage in range(1, 5)}}
    body = {}
    for key, value in shapes_of("resnet18").items():
        part, _, rest = key.partition(".")
        if part in places:
            body[f"{places[part]}.{rest}"] = torch.zeros(value.shape)
    norms = {f"1.{at}.{name}": (size,) for at, size in ((2, pooled), (6, 512)) for name in NORM}
    head = zeros(**norms, **{"1.4.weight": (512, pooled), "1.8.weight": (5, 512)})
    read = translated({**body, **head}, tmp_path)
    assert fitting(read) == ()
    assert misfit(read) == read.foreign
    assert "fastai's" in read.foreign


def test_where_nothing_fits_the_reader_gets_that_sentence(tmp_path):
    names = ["patch_embed.proj.weight", "blocks.0.attn.qkv.weight", "cls_token", "pos_embed", "norm.weight"]
    read = translated(zeros(**dict.fromkeys(names, (384,))), tmp_path)
    assert fitting(read) == ()
    assert misfit(read) == read.foreign != ""
    with pytest.raises(CheckpointError, match=r"does not hold a ViT-B/16: .* prepare\(module\) takes"):
        match(read, "vit_b_16")


@pytest.mark.parametrize("filters", ["layer2.0.aa.filt", "model.layer2.0.aa.filt", "filt"])
def test_filters_of_anti_aliased_pooling_are_not_left_out_as_if_they_were_nothing(filters, tmp_path):
    prefix = filters.partition("layer2")[0] if "layer2" in filters else ""
    state = {f"{prefix}{key}": torch.zeros(value.shape) for key, value in shapes_of("resnet18").items()}
    read = translated({**state, filters: torch.zeros(64, 1, 3, 3)}, tmp_path)
    assert fitting(read) == ()
    assert "anti-aliased pooling" in misfit(read)


def test_where_names_say_nothing_the_closest_network_is_told_as_before():
    assert "with names like 'weird'" in misfit(outline(zeros(weird=(1,))))


@pytest.mark.parametrize(
    "said", ["tf_efficientnet_b0", "timm/tf_efficientnet_b4.ns_jft_in1k", "tf_efficientnet_b0_ns", "resnetblur50",
             "resnetaa50.a1h_in1k", "efficientnet_blur_b0"],
)  # fmt: skip
@pytest.mark.parametrize("key", ["arch", "architecture", "model_name", "model", "backbone", "encoder_name"])
def test_a_file_that_says_it_is_another_network_with_the_same_tensors_is_refused(said, key):
    with pytest.raises(CheckpointError, match="of timm, which has the tensors of a network of torchvision's"):
        check_architecture({"arch": "ResNet", key: said}, None)


@pytest.mark.parametrize("said", ["resnet50", "my resnet", "", 3, ["tf_efficientnet_b0"]])
def test_whatever_else_a_file_says_its_architecture_is_refuses_nothing(said):
    check_architecture({"arch": said}, None)
