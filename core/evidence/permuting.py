"""Cousins of a network that no longer know what it learned: the values of its layers' weights, permuted from the top.

The randomisation test of Adebayo et al. 2018 (arXiv:1810.03292). Weights are permuted instead of drawn anew: every
layer keeps its distribution, so that activations neither vanish nor explode.
"""

import copy
from dataclasses import replace
from functools import reduce

import torch
from torch import Tensor, fx, nn

from core.networks.graph.network import Network, frozen, laid_out

Weights = tuple[nn.Parameter, ...]


def weighted_layers(network: Network) -> tuple[Weights, ...]:
    """The weights of each layer that has any, from the logits down, in the order of computing; tied ones once.

    A layer is a call of a module, or weights that the graph reads by themselves (class tokens, layer scales, tables of
    positions).
    """
    seen: set[int] = set()
    layers = []
    for node in reversed(network.graph.graph.nodes):
        own = [each for each in _weights(network.graph, node) if id(each) not in seen]
        seen.update(map(id, own))
        if own:
            layers.append(tuple(own))
    return tuple(layers)


def permuted(network: Network, layers: int, seed: int = 0) -> Network:
    """The same network, but for the weights of so many layers, counted from the logits.

    The network is left as it is, and all else is shared with it, not copied. One seed permutes a tensor in one way
    whatever the number of layers. Running statistics of batch normalisation are kept.
    """
    shared: dict[int, object] = {id(each): each for each in (*network.graph.parameters(), *network.graph.buffers())}
    generator = torch.Generator().manual_seed(seed)
    for layer in weighted_layers(network)[:layers]:
        shared |= {id(weight): _permuted(weight, generator) for weight in layer}
    return replace(network, graph=copy.deepcopy(network.graph, shared))


def _weights(graph: fx.GraphModule, node: fx.Node) -> list[nn.Parameter]:
    if node.op == "call_module":
        return list(graph.get_submodule(str(node.target)).parameters())
    if node.op != "get_attr":
        return []
    found = reduce(getattr, str(node.target).split("."), graph)
    return [found] if isinstance(found, nn.Parameter) else []


def _permuted(weight: Tensor, generator: torch.Generator) -> nn.Parameter:
    order = torch.randperm(weight.numel(), generator=generator).to(weight.device)
    return frozen(laid_out(weight.detach().reshape(-1)[order].view(weight.shape)))
