"""What a network ends in beyond its logits: a softmax, log-softmax or sigmoid, which is left out.

A softmax mixes the other classes into the gradient and, where it is sure, makes it vanish; what is explained is the
score before it.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import fx, nn


@dataclass(frozen=True, slots=True)
class Ending:
    """title: in words. outputs: what it says of the logits before it, a key of core.outputs.OUTPUTS."""

    title: str
    outputs: str


_SOFTMAX, _LOG_SOFTMAX = Ending("a softmax", "softmax"), Ending("a log-softmax", "softmax")
_SIGMOID, _LOG_SIGMOID = Ending("a sigmoid", "sigmoid"), Ending("a log-sigmoid", "sigmoid")
_MODULES: dict[type[nn.Module], Ending] = {
    nn.Softmax: _SOFTMAX,
    nn.LogSoftmax: _LOG_SOFTMAX,
    nn.Sigmoid: _SIGMOID,
    nn.LogSigmoid: _LOG_SIGMOID,
}
_FUNCTIONS: dict[object, Ending] = {
    **dict.fromkeys((F.softmax, torch.softmax, torch.special.softmax, "softmax"), _SOFTMAX),
    **dict.fromkeys((F.log_softmax, torch.log_softmax, torch.special.log_softmax, "log_softmax"), _LOG_SOFTMAX),
    **dict.fromkeys((F.sigmoid, torch.sigmoid, torch.sigmoid_, torch.special.expit, "sigmoid", "sigmoid_"), _SIGMOID),
    F.logsigmoid: _LOG_SIGMOID,
}
_ALONG_CLASSES = (1, -1, None)  # None: torch takes 1 for two dimensions


def cut_ending(graph: fx.GraphModule) -> Ending | None:
    """Let a graph return what it returns before its last step, if that is one of these; which one it was.

    Only one is cut. A softmax that is not along the classes stays: it is no network's that anybody means.
    """
    output = next(node for node in graph.graph.nodes if node.op == "output")
    last = output.args[0]
    found = _ending(last, dict(graph.named_modules()))
    if found:
        output.replace_input_with(last, last.args[0] if last.args else last.kwargs["input"])
        if not last.users:
            graph.graph.erase_node(last)
    return found


def _ending(node: fx.Node, modules: dict[str, nn.Module]) -> Ending | None:
    if node.op == "call_module":
        module = modules[str(node.target)]
        found, dim = _MODULES.get(type(module)), getattr(module, "dim", None)
    else:
        found = _FUNCTIONS.get(node.target)
        dim = node.kwargs.get("dim", node.args[1] if len(node.args) > 1 else None)
    return found if found and (found.outputs != "softmax" or dim in _ALONG_CLASSES) else None
