"""A prepared network: a value that is never changed, so that any number of sessions may share it."""

import copy
import operator
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import torch
from torch import Tensor, fx, nn

from core.errors import NetworkError
from core.networks.coverage import Coverage
from core.networks.devices import compute_in_full
from core.networks.graph.ending import Ending
from core.networks.graph.gates import Ruling

# Made once for each graph, since what is known of a graph's layers is kept by it.
_with_opposite: "WeakKeyDictionary[fx.GraphModule, fx.GraphModule]" = WeakKeyDictionary()


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """A prepared classifier: never changed after it was made, so any number of sessions may use it at once.

    ending: what came after its logits and was left out, if anything did. channels: of its input, 3, or 1 for grey.
    """

    graph: fx.GraphModule
    coverage: Coverage
    device: torch.device
    dtype: torch.dtype
    ending: Ending | None = None
    channels: int = 3

    def __post_init__(self) -> None:
        compute_in_full(self.device)

    @property
    def nbytes(self) -> int:
        """Size of the weights."""
        return sum(tensor.nbytes for tensor in (*self.graph.parameters(), *self.graph.buffers()))

    def logits(self, inputs: Tensor, ruling: Ruling) -> Tensor:
        """(N, 3, H, W) -> (N, classes), recorded for a backward pass that follows the ruling."""
        logits: Tensor = self.graph(inputs, ruling)
        if logits.ndim != 2 or len(logits) != len(inputs):
            raise not_logits(f"{len(inputs)} inputs gave an output of shape {tuple(logits.shape)}")
        return logits

    def __call__(self, inputs: Tensor) -> Tensor:
        """(N, 3, H, W) -> (N, classes) logits, without gradient."""
        with torch.no_grad():
            return self.logits(inputs.detach().clone().to(self.device, self.dtype), Ruling())

    def to(self, device: torch.device | str) -> "Network":
        """The same network on another device; this one is left where it is."""
        device = torch.device(device)
        if device == self.device:
            return self
        moved: dict[int, object] = {id(p): frozen(laid_out(p.to(device))) for p in self.graph.parameters()}
        moved |= {id(buffer): buffer.to(device) for buffer in self.graph.buffers()}
        return replace(self, graph=copy.deepcopy(self.graph, moved), device=device)

    def with_opposite(self) -> "Network":
        """Of a network with one output: (N, 2) logits, the output and its opposite, which is its negative.

        Their sigmoids are the probabilities of what the output says and of its opposite.
        """
        if self.graph not in _with_opposite:
            graph = fx.Graph()
            logit = graph.graph_copy(self.graph.graph, {})
            opposite = graph.call_function(operator.neg, (logit,))
            graph.output(graph.call_function(torch.cat, ((logit, opposite),), {"dim": 1}))
            _with_opposite[self.graph] = fx.GraphModule(self.graph, graph)
        return replace(self, graph=_with_opposite[self.graph])


def laid_out(weight: Tensor) -> Tensor:
    """The layout that oneDNN and cuDNN like best for images; MPS wants the plain one."""
    last = weight.ndim == 4 and weight.device.type != "mps"
    return weight.contiguous(memory_format=torch.channels_last if last else torch.contiguous_format)


def frozen(tensor: Tensor) -> nn.Parameter:
    """A parameter that shares the tensor's storage and never has a gradient."""
    return nn.Parameter(tensor.detach(), requires_grad=False)


def not_logits(fact: str) -> NetworkError:
    """The error for an output that is not logits; `fact` says what it is."""
    return NetworkError(f"This network is not an image classifier: {fact}, not one row of class scores per image.")
