"""First layers that are not torchvision's: of one channel, for grey pictures, or of 3 × 3, for small ones."""

from collections.abc import Callable, Mapping

from torch import nn

_POOLING_AFTER = {"conv1": "maxpool", "features.conv0": "features.pool0"}  # 7 × 7: ResNet and its like, DenseNet
_SMALL = (3, 3)

Shape = tuple[int, ...]


def stem_of(shapes: Mapping[str, Shape]) -> str:
    """The first convolution of an architecture, which takes red, green and blue."""
    return next(key for key, shape in shapes.items() if len(shape) == 4 and shape[1] == 3).removesuffix(".weight")


def is_variant(stem: str, usual: Shape, found: Shape) -> bool:
    """Whether a convolution's weight may stand in the place of the usual one."""
    if len(found) != 4 or found[0] != usual[0] or found[1] not in (1, 3):
        return False
    return found[2:] == usual[2:] or (stem in _POOLING_AFTER and found[2:] == _SMALL)


def remarks(usual: Shape, found: Shape) -> list[str]:
    """What is assumed where the first layer is another one."""
    said = []
    if found[1] == 1:
        said.append("It takes grey pictures: colours are made grey first, and there is one gradient a pixel.")
    if found[2:] != usual[2:]:
        said.append(
            "Its first convolution is 3 × 3: it is taken to move by 1 pixel with no pooling after it, as networks for "
            "pictures of 32 pixels do."
        )
    return said


def build_with_stem(build: Callable[[], nn.Module], stem: str, shape: Shape) -> nn.Module:
    """The module with a first convolution whose weight has this shape; a new one has no values yet."""
    module = build()
    usual = module.get_submodule(stem)
    if not isinstance(usual, nn.Conv2d) or usual.weight.shape == shape:
        return module
    small = shape[2:] != usual.weight.shape[2:]
    convolution = nn.Conv2d(
        shape[1],
        shape[0],
        kernel_size=(shape[2], shape[3]),
        stride=(1, 1) if small else _pair(usual.stride),
        padding=(1, 1) if small else _pair(usual.padding),
        bias=usual.bias is not None,
    )
    module.set_submodule(stem, convolution)
    if small:
        module.set_submodule(_POOLING_AFTER[stem], nn.Identity())
    return module


def _pair(lengths: str | tuple[int, ...]) -> tuple[int, int]:
    height, width = map(int, lengths)
    return height, width
