"""Whether deconvnet sees the picture: its backward pass has no masks, so something else has to carry the picture."""

import operator
from typing import Any

import torch
import torch.nn.functional as F
from torch import fx, nn

from core.networks.graph.gates import gate
from core.networks.graph.network import Network

# Their derivatives do not depend on their inputs; so neither does a chain of them.
_LINEAR_MODULES = (
    nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.Linear, nn.BatchNorm1d, nn.BatchNorm2d, nn.AvgPool2d, nn.AdaptiveAvgPool2d,
    nn.Dropout, nn.Dropout2d, nn.Identity, nn.Flatten, nn.ZeroPad2d, nn.ConstantPad2d, nn.ReflectionPad2d, nn.Upsample,
    nn.ChannelShuffle, nn.PixelShuffle,
)  # fmt: skip
_LINEAR_CALLS: set[Any] = {
    gate, operator.add, operator.iadd, operator.sub, operator.neg, operator.getitem, torch.add, torch.sub,
    torch.neg, torch.flatten, torch.cat, torch.mean, torch.transpose, torch.permute, torch.reshape, torch.squeeze,
    torch.chunk, torch.split, F.avg_pool2d, F.adaptive_avg_pool2d, F.pad, F.dropout, F.interpolate,
    "add", "add_", "sub", "view", "reshape", "flatten", "mean", "permute", "transpose", "contiguous", "chunk",
    "split", "squeeze", "unsqueeze", "sum",
}  # fmt: skip


def deconvnet_is_blind(network: Network) -> bool:
    """Whether every step from the picture to the scores is linear or a rectifier: the map is then any picture's.

    Springenberg et al. 2015, section 3.4: without max-pooling deconvnet is not conditioned on the picture. A step that
    is not known counts as one that sees.
    """
    modules = dict(network.graph.named_modules())
    image = next(node for node in network.graph.graph.nodes if node.op == "placeholder")
    seeing = {image}
    for node in network.graph.graph.nodes:
        if node.op == "output" or seeing.isdisjoint(node.all_input_nodes) or _is_size(node):
            continue
        seeing.add(node)
        if not _is_linear(node, modules):
            return False
    return True


def _is_size(node: fx.Node) -> bool:
    """Whether it asks how large something is, not what it is."""
    return node.target in ("size", "dim") or (node.target is getattr and node.args[1:2] in (("shape",), ("ndim",)))


def _is_linear(node: fx.Node, modules: dict[str, nn.Module]) -> bool:
    if node.op == "call_module":
        return isinstance(modules[str(node.target)], _LINEAR_MODULES)
    return node.target in _LINEAR_CALLS
