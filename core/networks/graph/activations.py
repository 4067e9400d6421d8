"""Recognising activations in a traced graph, however they are spelled.

A rectifier (ReLU, ReLU6) can be gated. Other activations (SiLU, GELU, LeakyReLU...) cannot: guided backpropagation
is not defined for them, so they are counted and reported. Squashing functions inside attention or
squeeze-and-excitation (sigmoid, softmax, hardsigmoid) are not activations in this sense.
"""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, fx, nn

_RECTIFIER_MODULES: dict[type[nn.Module], float] = {nn.ReLU: math.inf, nn.ReLU6: 6.0}
_RECTIFIER_FUNCTIONS = {
    F.relu: math.inf,
    F.relu_: math.inf,
    torch.relu: math.inf,
    torch.relu_: math.inf,
    F.relu6: 6.0,
    "relu": math.inf,
    "relu_": math.inf,
}
_OTHER_MODULES = (
    nn.CELU, nn.ELU, nn.GELU, nn.GLU, nn.Hardshrink, nn.Hardswish, nn.Hardtanh, nn.LeakyReLU, nn.LogSigmoid, nn.Mish,
    nn.PReLU, nn.RReLU, nn.SELU, nn.SiLU, nn.Softplus, nn.Softshrink, nn.Softsign, nn.Tanh, nn.Tanhshrink, nn.Threshold,
)  # fmt: skip
_OTHER_FUNCTIONS = {
    F.celu: "CELU", F.elu: "ELU", F.elu_: "ELU", F.gelu: "GELU", F.glu: "GLU", F.hardshrink: "Hardshrink",
    F.hardswish: "Hardswish", F.hardtanh: "Hardtanh", F.hardtanh_: "Hardtanh", F.leaky_relu: "LeakyReLU",
    F.leaky_relu_: "LeakyReLU", F.logsigmoid: "LogSigmoid", F.mish: "Mish", F.prelu: "PReLU", F.rrelu: "RReLU",
    F.rrelu_: "RReLU", F.selu: "SELU", F.selu_: "SELU", F.silu: "SiLU", F.softplus: "Softplus",
    F.softshrink: "Softshrink", F.softsign: "Softsign", F.tanhshrink: "Tanhshrink", F.threshold: "Threshold",
    F.tanh: "Tanh", torch.tanh: "Tanh", torch.tanh_: "Tanh", "tanh": "Tanh",
    "tanh_": "Tanh", "prelu": "PReLU",
}  # fmt: skip
_CLAMPS = {torch.clamp, torch.clamp_, torch.clamp_min, torch.clamp_min_, torch.clip, torch.clip_,
           "clamp", "clamp_", "clamp_min", "clamp_min_", "clip", "clip_"}  # fmt: skip
_LARGER_OF_TWO = {torch.maximum, torch.fmax, torch.max, "maximum", "fmax", "max"}
_ZEROS = {torch.zeros, torch.zeros_like, "new_zeros"}
_COMPOSITES = (nn.TransformerEncoderLayer, nn.TransformerDecoderLayer)  # leaves to a tracer, activation inside


@dataclass(frozen=True, slots=True)
class Activation:
    """One activation in a graph. kind: "ReLU", "SiLU"...

    ceiling: of a rectifier, None where it cannot be gated. in_place: whether it overwrites its input.
    """

    kind: str
    ceiling: float | None = None
    in_place: bool = False


def recognise(node: fx.Node, modules: dict[str, nn.Module]) -> tuple[Activation, ...]:
    """The activations that one node of a traced graph computes: none, one, or several inside one leaf module."""
    if node.op == "call_module":
        return _in_module(modules[str(node.target)])
    if node.op not in ("call_function", "call_method"):
        return ()
    if node.target in _RECTIFIER_FUNCTIONS:
        ceiling = _RECTIFIER_FUNCTIONS[node.target]
        return (Activation("ReLU6" if ceiling == 6.0 else "ReLU", ceiling, _is_in_place(node)),)
    if node.target in _OTHER_FUNCTIONS:
        return (Activation(_OTHER_FUNCTIONS[node.target]),)
    if _is_clamp_at_zero(node):
        # Not gated: clamp passes the cotangent at exactly 0, where a rectifier does not.
        return (Activation("clamp"),)
    return ()


def _in_module(module: nn.Module) -> tuple[Activation, ...]:
    kind = type(module).__name__
    if type(module) in _RECTIFIER_MODULES:
        return (Activation(kind, _RECTIFIER_MODULES[type(module)], bool(module.inplace)),)
    if type(module) is nn.Hardtanh and module.min_val == 0:
        return (Activation(kind, module.max_val, module.inplace),)
    if isinstance(module, (*_RECTIFIER_MODULES, *_OTHER_MODULES)):  # a subclass may compute something else
        return (Activation(kind),)
    return tuple(Activation(type(child).__name__) for child in module.modules() if isinstance(child, _COMPOSITES))


def _is_in_place(node: fx.Node) -> bool:
    """relu_, or F.relu with inplace=True."""
    name = node.target if isinstance(node.target, str) else getattr(node.target, "__name__", "")
    return name.endswith("_") or bool(node.kwargs.get("inplace", False))


def _is_clamp_at_zero(node: fx.Node) -> bool:
    if node.target in _CLAMPS:
        return _is_zero(node.kwargs.get("min", node.args[1] if len(node.args) > 1 else None))
    operands = [*node.args, *(node.kwargs[key] for key in ("input", "other") if key in node.kwargs)]
    # One number beside a tensor is the dimension of a maximum, no floor.
    return node.target in _LARGER_OF_TWO and any(isinstance(each, fx.Node) and _is_zero(each) for each in operands)


def _is_zero(floor: object) -> bool:
    """Whether a floor is 0: a number, a tensor of zeros that is made there, or one that the network keeps."""
    if not isinstance(floor, fx.Node):
        return isinstance(floor, int | float) and floor == 0
    if floor.op == "get_attr":
        kept: object = floor.graph.owning_module
        for name in str(floor.target).split("."):
            kept = getattr(kept, name)
        return isinstance(kept, Tensor) and not kept.is_meta and not bool(kept.any())
    return floor.target in _ZEROS
