"""What other people's code calls the tensors of networks that torchvision has as well.

A row is here only where the network is the same: the tests compare its logits, in double precision, with those of the
code that the names are from. What the same names can stand for beside it is in foreign.py.
"""

import re
from dataclasses import dataclass

from core.networks.checkpoints.normalisation import Normalisation

Renames = tuple[tuple[str, str], ...]

_HALVES = Normalisation((0.5,) * 3, (0.5,) * 3)


@dataclass(frozen=True, slots=True)
class Dialect:
    """The names that one library gives to one family of networks.

    whose, family: as a sentence says them. marks: the ends of names that tell it from all others; what stands before
    the first of them stands before all names. root: what its own names may begin with, before the marks ("vit.").
    renames: patterns and what takes their place, applied one after the other; "name[0]", "name[1]" ... are parts of one
    tensor, and what becomes "" is left out. alike: where networks that differ have the same tensors, a pattern of what
    the file has to say its architecture is. epsilons: of normalisations, by a pattern of the module's name, where
    torchvision has other ones. The rest is what the library itself prepares pictures by, where torchvision does not.
    """

    whose: str
    family: str
    marks: tuple[str, ...]
    renames: Renames
    root: str = ""
    alike: str = ""
    epsilons: tuple[tuple[str, float], ...] = ()
    normalisation: Normalisation | None = None
    interpolation: str = "bicubic"
    squash: bool = False

    def rename(self, name: str) -> str:
        """Torchvision's name for one of the library's, without what stands before all names."""
        new = name.removeprefix(self.root)
        for pattern, replacement in self.renames:
            new = re.sub(pattern, replacement, new)
        return new

    @property
    def notice(self) -> str:
        """What is assumed."""
        values = " Mean and standard deviation are 0.5 there, but ImageNet's for DeiT." if self.normalisation else ""
        return (
            f"The names of the tensors are those of {self.family} by {self.whose}: what they do not tell (activations, "
            f"strides, how pictures are prepared) is taken to be as it usually is there.{values}"
        )


def _stages(pattern: str, replacement: str) -> Renames:
    """The same for each of four stages: {0} is the stage, {1} the number of its blocks in `features`, {2} one less."""
    return tuple((pattern.format(stage), replacement.format(stage, 2 * stage + 1, 2 * stage)) for stage in range(4))


def _thirds(module: str, names: str, joined: str) -> Renames:
    """Queries, keys and values by themselves, as parts of the one tensor that holds all three."""
    return tuple(
        (rf"{module}\.{name}\.(weight|bias)$", rf"{joined}\1[{part}]") for part, name in enumerate(names.split())
    )


_CONVNEXT_BLOCK = (
    (r"^(features\.\d\.\d+)\.norm\.", r"\1.block.2."),
    (r"\.pwconv1\.", ".block.3."),
    (r"\.pwconv2\.", ".block.5."),
)
_CONVNEXT_OF_TIMM = (
    *_stages(r"^stages\.{0}\.blocks\.", "features.{1}."),
    *_stages(r"^stages\.{0}\.downsample\.", "features.{2}."),
    (r"^stem\.", "features.0."),
    (r"^head\.norm\.", "classifier.0."),
    (r"^head\.fc\.", "classifier.2."),
    *_CONVNEXT_BLOCK,
    (r"\.conv_dw\.", ".block.0."),
    (r"\.mlp\.fc1\.", ".block.3."),
    (r"\.mlp\.fc2\.", ".block.5."),
    (r"\.gamma$", ".layer_scale"),
)
_CONVNEXT_OF_ITS_AUTHORS = (
    *_stages(r"^stages\.{0}\.", "features.{1}."),
    *_stages(r"^downsample_layers\.{0}\.", "features.{2}."),
    (r"^norm\.", "classifier.0."),
    (r"^head\.", "classifier.2."),
    *_CONVNEXT_BLOCK,
    (r"\.dwconv\.", ".block.0."),
    (r"\.gamma$", ".layer_scale"),
)
_CONVNEXT_OF_TRANSFORMERS = (
    (r"^classifier\.", "classifier.2."),
    (r"^layernorm\.", "classifier.0."),
    (r"^embeddings\.patch_embeddings\.", "features.0.0."),
    (r"^embeddings\.layernorm\.", "features.0.1."),
    *_stages(r"^encoder\.stages\.{0}\.layers\.", "features.{1}."),
    *_stages(r"^encoder\.stages\.{0}\.downsampling_layer\.", "features.{2}."),
    (r"\.dwconv\.", ".block.0."),
    (r"^(features\.\d\.\d+)\.layernorm\.", r"\1.block.2."),
    *_CONVNEXT_BLOCK,
    (r"\.layer_scale_parameter$", ".layer_scale"),
)

_VIT_OF_TIMM = (
    (r"^norm\.", "encoder.ln."),
    (r"^head\.", "heads.head."),
    (r"^cls_token$", "class_token"),
    (r"^pos_embed$", "encoder.pos_embedding"),
    (r"^patch_embed\.proj\.", "conv_proj."),
    (r"^blocks\.", "encoder.layers.encoder_layer_"),
    (r"\.norm([12])\.", r".ln_\1."),
    (r"\.attn\.qkv\.", ".self_attention.in_proj_"),
    (r"\.attn\.proj\.", ".self_attention.out_proj."),
    (r"\.mlp\.fc1\.", ".mlp.0."),
    (r"\.mlp\.fc2\.", ".mlp.3."),
)
_VIT_OF_TRANSFORMERS = (  # with the names of versions 4 and 5
    (r"^layernorm\.", "encoder.ln."),
    (r"^classifier\.", "heads.head."),
    (r"^embeddings\.cls_token$", "class_token"),
    (r"^embeddings\.position_embeddings$", "encoder.pos_embedding"),
    (r"^embeddings\.patch_embeddings\.projection\.", "conv_proj."),
    (r"^(?:encoder\.layer|layers)\.(\d+)\.", r"encoder.layers.encoder_layer_\1."),
    *_thirds(r"attention\.attention", "query key value", "self_attention.in_proj_"),
    *_thirds(r"attention", "q_proj k_proj v_proj", "self_attention.in_proj_"),
    (r"\.attention\.(?:output\.dense|o_proj)\.", ".self_attention.out_proj."),
    (r"\.layernorm_before\.", ".ln_1."),
    (r"\.layernorm_after\.", ".ln_2."),
    (r"\.(?:intermediate\.dense|mlp\.fc1)\.", ".mlp.0."),
    (r"\.(?:output\.dense|mlp\.fc2)\.", ".mlp.3."),
)

_SWIN_BLOCK = (
    (r".*\.attn_mask$", ""),
    (r"^patch_embed\.proj\.", "features.0.0."),
    (r"^patch_embed\.norm\.", "features.0.2."),
    (r"\.mlp\.fc1\.", ".mlp.0."),
    (r"\.mlp\.fc2\.", ".mlp.3."),
)
_SWIN_OF_TIMM = (
    *_stages(r"^layers\.{0}\.blocks\.", "features.{1}."),
    *_stages(r"^layers\.{0}\.downsample\.", "features.{2}."),
    (r"^head\.fc\.", "head."),
    *_SWIN_BLOCK,
)
_SWIN_OF_ITS_AUTHORS = (
    *_stages(r"^layers\.{0}\.blocks\.", "features.{1}."),
    (r"^layers\.0\.downsample\.", "features.2."),
    (r"^layers\.1\.downsample\.", "features.4."),
    (r"^layers\.2\.downsample\.", "features.6."),
    *_SWIN_BLOCK,
)
_SWIN_OF_TRANSFORMERS = (  # with the names of versions 4 and 5
    (r"^layernorm\.", "norm."),
    (r"^classifier\.", "head."),
    (r"^embeddings\.patch_embeddings\.projection\.", "features.0.0."),
    (r"^embeddings\.norm\.", "features.0.2."),
    *_stages(r"^encoder\.layers\.{0}\.blocks\.", "features.{1}."),
    (r"^encoder\.layers\.0\.downsample\.", "features.2."),
    (r"^encoder\.layers\.1\.downsample\.", "features.4."),
    (r"^encoder\.layers\.2\.downsample\.", "features.6."),
    *_thirds(r"attention\.self", "query key value", "attn.qkv."),
    *_thirds(r"attention", "q_proj k_proj v_proj", "attn.qkv."),
    (r"\.attention\.(?:self|relative_position_bias)\.relative_position_", ".attn.relative_position_"),
    (r"\.attention\.(?:output\.dense|o_proj)\.", ".attn.proj."),
    (r"\.layernorm_before\.", ".norm1."),
    (r"\.layernorm_after\.", ".norm2."),
    (r"\.(?:intermediate\.dense|mlp\.fc1)\.", ".mlp.0."),
    (r"\.(?:output\.dense|mlp\.fc2)\.", ".mlp.3."),
)

_RESNET_OF_TRANSFORMERS = (
    (r"^classifier\.1\.", "fc."),
    (r"^embedder\.embedder\.convolution\.", "conv1."),
    (r"^embedder\.embedder\.normalization\.", "bn1."),
    *((rf"^encoder\.stages\.{stage}\.layers\.", f"layer{stage + 1}.") for stage in range(4)),
    (r"\.shortcut\.convolution\.", ".downsample.0."),
    (r"\.shortcut\.normalization\.", ".downsample.1."),
    *((rf"\.layer\.{layer}\.convolution\.", f".conv{layer + 1}.") for layer in range(3)),
    *((rf"\.layer\.{layer}\.normalization\.", f".bn{layer + 1}.") for layer in range(3)),
)

_EFFICIENTNET_OF_TIMM = (
    (r"^conv_stem\.", "features.0.0."),
    (r"^bn1\.", "features.0.1."),
    (r"^conv_head\.", "features.8.0."),
    (r"^bn2\.", "features.8.1."),
    (r"^classifier\.", "classifier.1."),
    (r"^blocks\.0\.(\d+)\.conv_dw\.", r"features.1.\1.block.0.0."),
    (r"^blocks\.0\.(\d+)\.bn1\.", r"features.1.\1.block.0.1."),
    (r"^blocks\.0\.(\d+)\.se\.", r"features.1.\1.block.1."),
    (r"^blocks\.0\.(\d+)\.conv_pw\.", r"features.1.\1.block.2.0."),
    (r"^blocks\.0\.(\d+)\.bn2\.", r"features.1.\1.block.2.1."),
    *((rf"^blocks\.{stage}\.(\d+)\.", rf"features.{stage + 1}.\1.block.") for stage in range(1, 7)),
    (r"\.block\.conv_pw\.", ".block.0.0."),
    (r"\.block\.bn1\.", ".block.0.1."),
    (r"\.block\.conv_dw\.", ".block.1.0."),
    (r"\.block\.bn2\.", ".block.1.1."),
    (r"\.block\.se\.", ".block.2."),
    (r"\.block\.conv_pwl\.", ".block.3.0."),
    (r"\.block\.bn3\.", ".block.3.1."),
    (r"\.conv_reduce\.", ".fc1."),
    (r"\.conv_expand\.", ".fc2."),
)

DIALECTS = (
    Dialect(
        whose="timm",
        family="ConvNeXt",
        marks=("stem.0.weight", "stages.0.blocks.0.conv_dw.weight"),
        renames=_CONVNEXT_OF_TIMM,
    ),
    Dialect(
        whose="its authors",
        family="ConvNeXt",
        marks=("downsample_layers.0.0.weight", "stages.0.0.dwconv.weight"),
        renames=_CONVNEXT_OF_ITS_AUTHORS,
    ),
    Dialect(
        whose="transformers",
        family="ConvNeXt",
        marks=("embeddings.patch_embeddings.weight", "encoder.stages.0.layers.0.dwconv.weight"),
        renames=_CONVNEXT_OF_TRANSFORMERS,
        root="convnext.",
        epsilons=((r"classifier\.0", 1e-12),),
    ),
    Dialect(
        whose="timm",
        family="ViT",
        marks=("patch_embed.proj.weight", "blocks.0.attn.qkv.weight", "cls_token"),
        renames=_VIT_OF_TIMM,
        normalisation=_HALVES,
    ),
    Dialect(
        whose="transformers",
        family="ViT",
        marks=("embeddings.patch_embeddings.projection.weight", "embeddings.cls_token"),
        renames=_VIT_OF_TRANSFORMERS,
        root="vit.",
        epsilons=((r".*", 1e-12),),
        normalisation=_HALVES,
        interpolation="bilinear",
        squash=True,
    ),
    Dialect(
        whose="its authors",
        family="Swin",
        marks=("patch_embed.proj.weight", "layers.0.blocks.0.attn.qkv.weight", "layers.0.downsample.norm.weight"),
        renames=_SWIN_OF_ITS_AUTHORS,
    ),
    Dialect(
        whose="timm",
        family="Swin",
        marks=("patch_embed.proj.weight", "layers.0.blocks.0.attn.qkv.weight"),
        renames=_SWIN_OF_TIMM,
    ),
    Dialect(
        whose="transformers",
        family="Swin",
        marks=("embeddings.patch_embeddings.projection.weight", "encoder.layers.0.blocks.0.layernorm_before.weight"),
        renames=_SWIN_OF_TRANSFORMERS,
        root="swin.",
        squash=True,
    ),
    Dialect(
        whose="transformers",
        family="ResNet",
        marks=("embedder.embedder.convolution.weight", "encoder.stages.0.layers.0.layer.0.convolution.weight"),
        renames=_RESNET_OF_TRANSFORMERS,
        root="resnet.",
    ),
    Dialect(
        whose="timm",
        family="EfficientNet",
        marks=("conv_stem.weight", "blocks.1.0.conv_pwl.weight", "blocks.0.0.se.conv_reduce.weight"),
        renames=_EFFICIENTNET_OF_TIMM,
        epsilons=((r".*", 1e-5),),
        alike=r"efficientnet_b[0-7]",
    ),
)
