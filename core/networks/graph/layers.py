"""Layers that still know places: those that all of the picture passes through, and whose values lie on a grid."""

import copy
from dataclasses import dataclass
from itertools import accumulate
from weakref import WeakKeyDictionary

import torch
import torch.nn.functional as F
from torch import Tensor, fx, nn

from core.errors import LayerUnavailable
from core.networks.graph.gates import Ruling, gate
from core.networks.graph.network import Network
from core.rules import RULES

_POOLS = (nn.MaxPool2d, nn.AvgPool2d, nn.AdaptiveAvgPool2d, nn.AdaptiveMaxPool2d, nn.Dropout, nn.Identity)
_POOLINGS = {F.max_pool2d, F.avg_pool2d, F.adaptive_max_pool2d, F.adaptive_avg_pool2d, F.dropout}
_PADS = (nn.ZeroPad2d, nn.ConstantPad2d, nn.ReflectionPad2d, nn.ReplicationPad2d, nn.CircularPad2d)
_MOST_EXTRA = 8  # tokens before those of places: a class token, registers
_known: "WeakKeyDictionary[nn.Module, dict[tuple[int, int], tuple[Layer, ...]]]" = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Layer:
    """node: its name in the graph. layout: "NCHW", "NHWC" or "NTC" (tokens). grid: (rows, columns).

    extra: tokens before those of places. is_pool: whether it only sums up another layer's values.
    """

    node: str
    layout: str
    grid: tuple[int, int]
    extra: int = 0
    is_pool: bool = False

    @property
    def size(self) -> str:
        """As methods name it, "rows x columns"."""
        return f"{self.grid[0]}x{self.grid[1]}"

    def places(self, values: Tensor) -> Tensor:
        """The layer's values, (..., its own shape) -> (..., channels, rows, columns)."""
        if self.layout == "NTC":
            return values[..., self.extra :, :].transpose(-1, -2).unflatten(-1, self.grid)
        return values.movedim(-1, -3) if self.layout == "NHWC" else values


def layers_of(network: Network, height: int, width: int) -> tuple[Layer, ...]:
    """The layers that a class activation map may look at, one a grid size, from fine to coarse; the last is the usual.

    Found once, without arithmetic where the network can be run without data. Raises LayerUnavailable if there is none.
    """
    known = _known.setdefault(network.graph, {})
    if (height, width) not in known:
        known[height, width] = _found(network, height, width)
    if not known[height, width]:
        raise LayerUnavailable("No layer of this network still knows where things are: choose another method.")
    return known[height, width]


def layer_of(network: Network, height: int, width: int, size: str | None) -> Layer:
    """The layer of a grid size, None for the usual one. Raises LayerUnavailable."""
    layers = layers_of(network, height, width)
    if size is None:
        return layers[-1]
    for layer in layers:
        if layer.size == size:
            return layer
    sizes = ", ".join(layer.size.replace("x", " × ") for layer in layers)
    raise LayerUnavailable(f"This network has no layer of {size.replace('x', ' × ')} places, but of {sizes}.")


def _found(network: Network, height: int, width: int) -> tuple[Layer, ...]:
    shapes = shapes_of(network, height, width)
    alone = _alone(network.graph, shapes)
    layers = [layer for node in alone if (layer := _layer(node, shapes, height, width, network.graph))]
    tokens = [layer for layer in layers if layer.layout == "NTC"]
    if tokens and tokens[-1] == layers[-1]:
        heard = _last_heard(network, tokens, alone, shapes, height, width)
        layers = layers[: layers.index(heard) + 1] if heard else []
    coarsest = accumulate((layer.grid for layer in layers), min)
    # Finer than one before: no places but windows and channels that happen to be square.
    layers = [layer for layer, least in zip(layers, coarsest, strict=True) if layer.grid == least]
    by_size = {layer.size: layer for layer in layers if not layer.is_pool}  # the last of each size
    return tuple(sorted(by_size.values(), key=layers.index))


def shapes_of(network: Network, height: int, width: int) -> dict[fx.Node, tuple[int, ...]]:
    """Of every tensor in the graph, for one picture; without arithmetic where the network can be run without data."""
    shapes: dict[fx.Node, tuple[int, ...]] = {}

    class Shapes(fx.Interpreter):
        def run_node(self, n: fx.Node) -> object:
            value = super().run_node(n)
            if isinstance(value, Tensor):
                shapes[n] = tuple(value.shape)
            return value

    image = torch.zeros(1, network.channels, height, width, dtype=network.dtype)
    with torch.no_grad():
        try:
            tensors = (*network.graph.parameters(), *network.graph.buffers())
            bare = copy.deepcopy(network.graph, {id(each): _without_data(each) for each in tensors})
            run = Shapes(bare, garbage_collect_values=True)
            run.run(image.to("meta"), Ruling())
            names = {node.name: node for node in network.graph.graph.nodes}
            return {names[node.name]: shape for node, shape in shapes.items()}
        except Exception:  # some networks look at their data
            shapes.clear()
            Shapes(network.graph).run(image.to(network.device), Ruling())
            return shapes


def _without_data(tensor: Tensor) -> Tensor:
    bare = tensor.to("meta")
    return nn.Parameter(bare, requires_grad=False) if isinstance(tensor, nn.Parameter) else bare


def _alone(graph: fx.GraphModule, shapes: dict[fx.Node, tuple[int, ...]]) -> list[fx.Node]:
    """The nodes after which nothing else that is computed from the picture is used, in the order of computing."""
    nodes = list(graph.graph.nodes)
    place = {node: i for i, node in enumerate(nodes)}
    last_use = {node: max((place[user] for user in node.users), default=-1) for node in nodes}
    image = nodes[0]
    seeing, live, alone = {image}, {image}, []
    for node in nodes[1:-1]:
        if seeing.isdisjoint(node.all_input_nodes):
            continue
        seeing.add(node)
        live = {each for each in (*live, node) if each in shapes and last_use[each] > place[node]}
        if live == {node}:
            alone.append(node)
    return alone


def _layer(
    node: fx.Node, shapes: dict[fx.Node, tuple[int, ...]], height: int, width: int, graph: fx.GraphModule
) -> Layer | None:
    shape, module = shapes[node], graph.get_submodule(str(node.target)) if node.op == "call_module" else None
    if shape[0] != 1 or isinstance(module, _PADS) or node.target is F.pad:
        return None  # windows folded into the batch; another geometry
    is_pool = isinstance(module, _POOLS) or node.target in _POOLINGS

    def lies(rows: int, columns: int) -> bool:  # (49, 512), windows by channels, does not
        return rows > 1 and columns > 1 and abs(rows / columns * width / height - 1) < 0.1

    if len(shape) == 4 and lies(*shape[2:]):
        return Layer(node.name, "NCHW", shape[2:], is_pool=is_pool)
    if len(shape) == 4 and lies(*shape[1:3]):
        return Layer(node.name, "NHWC", shape[1:3], is_pool=is_pool)
    patches = _patches(shapes, height)
    if len(shape) == 3 and patches and 0 <= (extra := shape[1] - patches[0] * patches[1]) <= _MOST_EXTRA:
        return Layer(node.name, "NTC", patches, extra, is_pool=is_pool)
    return None


def _patches(shapes: dict[fx.Node, tuple[int, ...]], height: int) -> tuple[int, int] | None:
    """The grid of the first module that makes the picture smaller: of a vision transformer, its patches."""
    for other, shape in shapes.items():
        if other.op == "call_module" and len(shape) == 4 and shape[2] < height:
            return shape[2], shape[3]
    return None


def _last_heard(
    network: Network,
    tokens: list[Layer],
    alone: list[fx.Node],
    shapes: dict[fx.Node, tuple[int, ...]],
    height: int,
    width: int,
) -> Layer | None:
    """The last of the layers of tokens whose places still reach the scores: after the last attention none does.

    Asked of random numbers, and backwards from the last node before the scores, since a new head may be all zeros.
    """
    flat = [node for node in alone if len(shapes[node]) == 2]
    end = flat[-2] if len(flat) > 1 else flat[-1]
    names = [layer.node for layer in tokens]
    graph = with_outputs(network, [*names, end.name])
    drawn = torch.Generator().manual_seed(0)
    image = torch.rand(1, network.channels, height, width, generator=drawn).to(network.device, network.dtype)
    with torch.inference_mode(False), torch.enable_grad():
        _, *found = graph(image.requires_grad_(), _plain())
        cotangent = torch.rand(found[-1].shape, generator=drawn).to(found[-1])
        gradients = torch.autograd.grad(found[-1], found[:-1], cotangent, materialize_grads=True)
    heard = [layer for layer, each in zip(tokens, gradients, strict=True) if each[:, layer.extra :].any()]
    return heard[-1] if heard else None


def _plain() -> Ruling:
    ruling = Ruling()
    ruling.rule = RULES["vanilla"]
    return ruling


def with_outputs(network: Network, names: list[str]) -> fx.GraphModule:
    """A graph that returns the logits and these nodes' values; it shares the network's modules, and is its own."""
    graph = fx.Graph()
    known: dict[fx.Node, fx.Node] = {}
    logits = graph.graph_copy(network.graph.graph, known)
    by_name = {node.name: known[node] for node in network.graph.graph.nodes if node in known}
    wanted = [by_name[name] for name in names]
    kept = []
    for node in wanted:
        if any(user.target is gate and user.args[-1] is True for user in node.users):
            with graph.inserting_after(node):  # what is rectified in place would be overwritten
                copied = graph.call_method("clone", (node,))
            for user in [user for user in node.users if user is not copied]:
                user.replace_input_with(node, copied)
        kept.append(node)
    graph.output((logits, *kept))
    return fx.GraphModule(network.graph, graph)
