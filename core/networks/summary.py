"""A network's layers, one by one, known before its weights are there: what each computes, how large, with how much."""

from dataclasses import dataclass
from functools import lru_cache

from torch import fx

from core.errors import NetworkError
from core.networks.catalogue import NetworkSpec
from core.networks.graph.gates import gate
from core.networks.graph.layers import layers_of, shapes_of
from core.networks.graph.network import Network
from core.networks.graph.prepare import prepare
from core.networks.weights.files import built, without_training_heads


@dataclass(frozen=True, slots=True)
class Step:
    """One layer as it is computed. name: the module's, "" of a rectifier. kind: its class; of a rectifier its kind.

    shape: of its output for one picture, without the batch. parameters: how many it holds. gated: whether rules act
    on it.
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    parameters: int
    gated: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """steps: the layers in the order of computing. sizes: the grids that class activation maps can look at."""

    steps: tuple[Step, ...]
    sizes: tuple[str, ...]


@lru_cache(maxsize=16)
def summary_of(spec: NetworkSpec) -> Summary:
    """What a network computes, from its architecture alone; BatchNorm after a convolution is part of it.

    Raises NetworkError for one that cannot be run without its data.
    """
    network, side = prepare(without_training_heads(built(spec.build)).to("meta")), spec.recipe.crop
    try:
        shapes = shapes_of(network, side, side)
    except Exception as error:  # foreign code without data: anything can come out
        raise NetworkError(
            "The layers of this network cannot be listed: its forward pass looks at its data."
        ) from error
    steps = tuple(step for node, shape in shapes.items() if (step := _step(node, shape, network)))
    return Summary(steps, _sizes(network, side))


def _step(node: fx.Node, shape: tuple[int, ...], network: Network) -> Step | None:
    if node.target is gate:
        return Step("", "ReLU" if node.args[2] == float("inf") else f"ReLU{node.args[2]:g}", shape[1:], 0, True)
    if node.op != "call_module":
        return None
    module = network.graph.get_submodule(str(node.target))
    count = sum(parameter.numel() for parameter in module.parameters())
    return Step(str(node.target).removeprefix("network."), type(module).__name__, shape[1:], count, False)


def _sizes(network: Network, side: int) -> tuple[str, ...]:
    """() where it takes weights to know, as of vision transformers."""
    try:
        return tuple(layer.size for layer in layers_of(network, side, side))
    except (NetworkError, NotImplementedError, RuntimeError):
        return ()
