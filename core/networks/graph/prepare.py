"""From any classifier to a `Network`: traced once, rectifiers gated, BatchNorm folded, parameters frozen.

The caller's module is left bit-identical: what is rewritten is a copy of its structure that shares its parameters.
"""

import copy
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.nn.utils.fusion import fuse_conv_bn_weights

from core.errors import NetworkError
from core.networks.coverage import Coverage
from core.networks.graph.activations import recognise
from core.networks.graph.ending import cut_ending
from core.networks.graph.gates import Ruling, gate
from core.networks.graph.network import Network, frozen, laid_out, not_logits

_CONVOLUTIONS = {nn.Conv1d: nn.BatchNorm1d, nn.Conv2d: nn.BatchNorm2d, nn.Conv3d: nn.BatchNorm3d}


@torch.inference_mode(False)
def prepare(module: nn.Module) -> Network:
    """Trace a classifier and rewrite it for attribution; its dtype and device are kept.

    module: any torch.nn.Module that maps (N, 3, H, W), or (N, 1, H, W) of grey, to (N, classes). It is used as in eval
    mode, whatever mode it is in, and left untouched. Its parameters are shared where they need not change: prepare
    again after training. Its hooks are not taken over. A softmax, log-softmax or sigmoid at its end is left out, and
    remembered as the network's `ending`. Raises NetworkError if it cannot be traced or does not return logits.
    """
    if isinstance(module, torch.jit.ScriptModule | torch.export.ExportedProgram):
        raise NetworkError(
            "This is a compiled program (TorchScript or torch.export), whose rectifiers cannot be reached: give the "
            "torch.nn.Module that it was made from, with its state_dict."
        )
    network = rewrite(_frozen_copy(getattr(module, "_orig_mod", module)))  # what torch.compile wraps
    _check_output(network.graph, network.channels)
    return network


@torch.inference_mode(False)
def rewrite(own: nn.Module) -> Network:
    """As `prepare`, of a frozen module in eval mode that is nobody else's; without memory (meta) it stays so."""
    graph = _trace(own)
    ending = cut_ending(graph)
    coverage = _gate_rectifiers(graph)
    _fold_batch_norm(graph)
    _allow_any_layout(graph)
    graph.delete_all_unused_submodules()
    graph.recompile()
    parameter = next(iter(graph.parameters()), None)
    device = torch.device("cpu") if parameter is None else parameter.device
    dtype = torch.get_default_dtype() if parameter is None else parameter.dtype
    _lay_out_convolutions(graph)
    return Network(graph, coverage, device, dtype, ending, _channels(graph))


def _frozen_copy(module: nn.Module) -> nn.Module:
    """A structural copy in eval mode, without hooks, that shares the storage of every parameter.

    Buffers are copied, since tracing runs what a forward pass does to them. Hooks that tools leave behind would change
    every gradient; those of torch.nn.utils (weight_norm...) belong to what a network computes and stay.
    """
    known: dict[int, object] = {id(p): frozen(p) for p in module.parameters()}
    try:
        own = copy.deepcopy(module, known).eval()
    except Exception as error:  # deepcopy runs foreign code too
        raise NetworkError(
            f"This network cannot be copied ({_first_line(error)}). Remove weight_norm, pruning and the like first."
        ) from error
    for part in own.modules():
        for hooks in (part._backward_hooks, part._backward_pre_hooks, part._forward_hooks, part._forward_pre_hooks):
            for key in [key for key, hook in hooks.items() if not type(hook).__module__.startswith("torch.nn.utils")]:
                del hooks[key]
    return own


class _Root(nn.Module):
    """Calls a network as a person does, with one argument: the others keep their defaults."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network.module if isinstance(network, nn.DataParallel) else network

    def forward(self, image: Tensor) -> Any:  # noqa: ANN401
        return self.network(image)


class _Tracer(fx.Tracer):
    """A tracer that other threads do not notice.

    While it traces, torch.fx patches nn.Module for the whole process; a network that computes on another thread just
    then would be taken for a part of this one.
    """

    _one_at_a_time = threading.Lock()  # two patches could be taken off in the wrong order, and one would stay

    def trace(self, root: Any, concrete_args: dict[str, Any] | None = None) -> fx.Graph:  # noqa: ANN401
        with self._one_at_a_time:
            self._thread = threading.get_ident()
            return super().trace(root, concrete_args)

    def call_module(self, m: nn.Module, forward: Callable[..., Any], args: Any, kwargs: Any) -> Any:  # noqa: ANN401
        if threading.get_ident() != self._thread:
            return forward(*args, **kwargs)
        return super().call_module(m, forward, args, kwargs)

    def getattr(self, attr: str, attr_val: Any, parameter_proxy_cache: Any) -> Any:  # noqa: ANN401
        if threading.get_ident() != self._thread:
            return attr_val
        return super().getattr(attr, attr_val, parameter_proxy_cache)


def _trace(module: nn.Module) -> fx.GraphModule:
    try:
        root = _Root(module)
        graph = fx.GraphModule(root, _Tracer().trace(root), type(module).__name__)
    except Exception as error:  # tracing runs foreign code on proxies: anything can come out
        raise NetworkError(
            f"This network cannot be traced ({_first_line(error)}): its forward pass depends on the data. "
            "Rewrite that part without if or assert on tensors."
        ) from error
    output = next(node for node in graph.graph.nodes if node.op == "output")
    if not isinstance(output.args[0], fx.Node):
        raise not_logits("it returns several outputs")
    return graph


def _gate_rectifiers(graph: fx.GraphModule) -> Coverage:
    """Replace every rectifier by a gate and count all activations."""
    modules = dict(graph.named_modules())
    image = next(node for node in graph.graph.nodes if node.op == "placeholder")
    seeing = _depending_on(image)
    with graph.graph.inserting_after(image):
        ruling = graph.graph.placeholder("ruling")
    kinds: Counter[str] = Counter()
    gated = idle = 0
    for node in list(graph.graph.nodes):
        found = recognise(node, modules)
        kinds.update(activation.kind for activation in found)
        if len(found) != 1 or found[0].ceiling is None:
            continue
        gated += 1
        idle += node not in seeing
        x = node.args[0] if node.args else node.kwargs["input"]
        with graph.graph.inserting_before(node):
            gated_node = graph.graph.call_function(gate, (x, ruling, found[0].ceiling, found[0].in_place))
        node.replace_all_uses_with(gated_node)
        graph.graph.erase_node(node)
    return Coverage(gated, kinds.total(), tuple(kinds.most_common()), idle)


def _depending_on(start: fx.Node) -> set[fx.Node]:
    """The node and all that is computed from it."""
    found = {start}
    for node in start.graph.nodes:  # in the order of computing
        if not found.isdisjoint(node.all_input_nodes):
            found.add(node)
    return found


def _fold_batch_norm(graph: fx.GraphModule) -> None:
    """Fold every BatchNorm into the convolution before it, where nothing else sees the convolution's output."""
    modules = dict(graph.named_modules())
    calls = Counter(node.target for node in graph.graph.nodes if node.op == "call_module")
    for norm in list(graph.graph.nodes):
        conv = norm.args[0] if norm.op == "call_module" and norm.args else None
        if not isinstance(conv, fx.Node) or conv.op != "call_module" or len(conv.users) != 1:
            continue
        convolution, batch_norm = modules[str(conv.target)], modules[str(norm.target)]
        exact = _CONVOLUTIONS.get(type(convolution)) is type(batch_norm) and batch_norm.running_var is not None
        if not exact or calls[conv.target] > 1 or convolution._forward_pre_hooks:
            continue
        graph.add_submodule(str(conv.target), _folded(convolution, batch_norm))
        norm.replace_all_uses_with(conv)
        graph.graph.erase_node(norm)


def _folded(convolution: Any, batch_norm: Any) -> nn.Module:  # noqa: ANN401
    """A convolution that computes batch_norm(convolution(x))."""
    weight, bias, variance = convolution.weight, convolution.bias, batch_norm.running_var
    with torch.no_grad():
        if weight.is_meta:  # without memory, the shapes are all there is
            bias = variance
        else:
            scale, shift = batch_norm.weight, batch_norm.bias
            weight, bias = fuse_conv_bn_weights(
                weight, bias, batch_norm.running_mean, variance, batch_norm.eps, scale, shift
            )
    folded = copy.copy(convolution)
    folded._parameters = {"weight": frozen(laid_out(weight)), "bias": frozen(bias)}
    return folded


def _allow_any_layout(graph: fx.GraphModule) -> None:
    """x.view(n, -1) wants x in the plain layout; reshape means the same in any."""
    for node in graph.graph.nodes:
        if node.op == "call_method" and node.target == "view" and not isinstance(node.args[1], torch.dtype):
            node.target = "reshape"


def _lay_out_convolutions(graph: fx.GraphModule) -> None:
    """Give convolutions their best layout, in copies, so that the caller's weights stay as they are."""
    for module in graph.modules():
        if type(module) is nn.Conv2d:
            module._parameters["weight"] = frozen(laid_out(module.weight))


def _channels(graph: fx.GraphModule) -> int:
    """1 where the image goes straight into a convolution of one channel, else 3."""
    image = next(node for node in graph.graph.nodes if node.op == "placeholder")
    readers = [graph.get_submodule(str(node.target)) for node in image.users if node.op == "call_module"]
    return 1 if any(isinstance(module, nn.Conv2d) and module.in_channels == 1 for module in readers) else 3


def _check_output(graph: nn.Module, channels: int) -> None:
    """Refuse a network whose output cannot be logits, by a dry run without arithmetic on the usual input size."""
    tensors = {**dict(graph.named_parameters()), **dict(graph.named_buffers())}
    without_data = {name: torch.empty_like(tensor, device="meta") for name, tensor in tensors.items()}
    dtype = next((tensor.dtype for tensor in tensors.values() if tensor.is_floating_point()), None)
    image = torch.empty(1, channels, 224, 224, device="meta", dtype=dtype)
    try:
        with torch.no_grad():
            output = torch.func.functional_call(graph, without_data, (image, Ruling()))
    except Exception:
        return
    if not isinstance(output, Tensor) or output.ndim != 2:
        raise not_logits(f"it returns {_shape(output)}")


def _shape(output: object) -> str:
    return f"a tensor of shape {tuple(output.shape)}" if isinstance(output, Tensor) else type(output).__name__


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:120]
