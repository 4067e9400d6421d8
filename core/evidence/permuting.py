"""Cousins of a network that no longer know what it learned: the values of its layers' weights, permuted from the top.

The randomisation test of Adebayo et al. 2018 (arXiv:1810.03292). Weights are permuted instead of drawn anew: every
layer keeps its distribution, so that activations neither vanish nor explode.
"""

import copy
import operator
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


class Cousins:
    """Networks whose weights are permuted by one seed, of so many layers; count: of all layers that have any.

    The network is left as it is. All that is not permuted is shared with it, and what is permuted among them.
    """

    def __init__(self, network: Network, seed: int = 0) -> None:
        self._network, self._layers = network, weighted_layers(network)
        self._generator = torch.Generator().manual_seed(seed)
        self._made: list[dict[int, object]] = []  # by layer
        self.count = len(self._layers)

    def permuted(self, layers: int) -> Network:
        """The same network, but for the weights of so many layers, counted from the logits.

        A tensor is permuted in one way whatever the number of layers. Running statistics of batch normalisation are
        kept.
        """
        for layer in self._layers[len(self._made) : layers]:
            self._made.append({id(weight): _permuted(weight, self._generator) for weight in layer})
        graph = self._network.graph
        kept: dict[int, object] = {id(each): each for each in (*graph.parameters(), *graph.buffers())}
        shared = reduce(operator.or_, self._made[:layers], kept)
        return replace(self._network, graph=copy.deepcopy(graph, shared))


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
