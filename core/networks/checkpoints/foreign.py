"""Networks that torchvision does not have: whose they are by the names of their tensors, said in one sentence."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from core.errors import CheckpointError
from core.networks.checkpoints.dialects import Dialect
from core.networks.checkpoints.shown import shown

_ELSE = "in a notebook, prepare(module) takes the module itself, with its weights loaded"

_ROOTS = (  # of transformers' classifiers
    "aimv2 beit bit clip convnext convnextv2 cvt data2vec_vision deit dinov2 dinov2_with_registers dinov3_convnext "
    "dinov3_vit efficientformer focalnet hiera ijepa levit mobilenet_v1 mobilenet_v2 mobilevit mobilevitv2 perceiver "
    "poolformer pvt pvt_v2 regnet resnet segformer siglip siglip2 swiftformer swin swinv2 textnet van vision_model vit "
    "vit_hybrid vit_mae vit_msn"
).replace(" ", "|")
_PARTS = r"(embedd|encoder|layers|conv_stem|features|patch_embed|stages|model)\w*"  # what stands after the root
_OF_TIMM = "|".join(
    (
        r"blocks\.\d+\.\d+\.conv_(pw|dw)",
        r"conv_stem",
        r"downsample_layers\.0\.0",
        r"head\.norm",
        r"patch_embed\.proj",
        r"pre_logits\.fc1",
        r"s1\.b1\.conv1\.conv",
        r"stages\.\d\.blocks\.\d+\.\S+",
    )
)
_FASTAI = (r"0\..*", r"1\.2\.running_mean", r"1\.4\.weight", r"1\.8\.weight")
_PADS = "which pads pictures as TensorFlow does: another network than torchvision's"
_NONE_OF_THESE = "and of none of the networks that are read under such names"
_FORMS = (  # whose names, patterns each of which matches some name, and what is to be said
    (
        "those of a network with anti-aliased pooling",
        (r"(.*\.)?filt",),
        "as antialiased_cnns and timm have them: another network than torchvision's",
    ),
    ("fastai's", _FASTAI, "whose head has layers of its own behind two poolings: another network than torchvision's"),
    ("those of EfficientNet by transformers", (r"(.*\.)?efficientnet\.encoder\.blocks\..*",), _PADS),
    ("those of EfficientNet by efficientnet_pytorch", (r"(.*\.)?_blocks\.\d+\._se_reduce\.weight",), _PADS),
    (
        "those of timm's ResNets with several first convolutions",
        (r"(.*\.)?layer1\.0\.conv1\.weight", r"(.*\.)?conv1\.[036]\.weight"),
        "such as ResNet-50-D, which torchvision does not have",
    ),
    ("transformers'", (rf"(.*\.)?({_ROOTS})\.{_PARTS}\..*",), _NONE_OF_THESE),
    ("timm's, or of those who first wrote the network", (rf"(.*\.)?({_OF_TIMM})\.weight",), _NONE_OF_THESE),
)

_SAYING = (  # what files call the network's name
    "arch", "architecture", "model_name", "model", "model_type", "backbone", "base_model", "encoder_name", "network",
)  # fmt: skip
_OTHERS = r"resnet(aa|blur)\d+|efficientnet_blur_b0|tf_efficientnet_b\d.*"  # of timm 1.0's


def foreign(names: Collection[str]) -> str:
    """The sentence, for when no network of torchvision's fits; "" where names say nothing of whose they are."""
    for whose, patterns, what in _FORMS:
        if _are_all_in(patterns, names):
            return f"The names of the tensors are {whose}, {what}; {_ELSE}."
    return ""


def is_of_fastai(names: Collection[str]) -> bool:
    """Whether it is a body, of whatever library, with the head that fastai puts behind it."""
    return _are_all_in(_FASTAI, names)


def _are_all_in(patterns: Iterable[str], names: Collection[str]) -> bool:
    return all(any(re.fullmatch(pattern, name) for name in names) for pattern in patterns)


def check_architecture(notes: Mapping[str, Any], dialect: Dialect | None) -> None:
    """Raise CheckpointError for a network of timm's that has the tensors of one of torchvision's and is another.

    notes: what the file says beside its tensors; timm's own training writes "arch".
    """
    names = {_plain_name(notes[key]) for key in _SAYING if isinstance(notes.get(key), str)}
    if other := next((name for name in sorted(names) if re.fullmatch(_OTHERS, name)), None):
        raise CheckpointError(
            f"The file says that it is {shown(other)} of timm, which has the tensors of a network of torchvision's and "
            f"computes something else with them; {_ELSE}."
        )
    if dialect is not None and dialect.alike and not any(re.fullmatch(dialect.alike, name) for name in names):
        raise CheckpointError(
            "The names of the tensors are those of EfficientNet by timm, which has other networks with the same "
            "tensors, such as tf_efficientnet_b0 beside efficientnet_b0: if it is a plain one, let the file say which, "
            'torch.save({"arch": "efficientnet_b0", "state_dict": model.state_dict()}, "weights.pth"); '
            f"if not, {_ELSE}."
        )


def _plain_name(said: str) -> str:
    """ "hf_hub:timm/efficientnet_b0.ra_in1k" -> "efficientnet_b0"."""
    return re.split("[/:]", said)[-1].partition(".")[0]
