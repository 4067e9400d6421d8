"""From a name to a prepared network."""

from core.networks.devices import choose_device
from core.networks.network import Network
from core.networks.prepare import prepare
from core.networks.weights import load_module


def load_network(name: str, device: str = "auto") -> Network:
    """The network called `name` with its weights, prepared, on a device ("auto": CUDA, else MPS, else the CPU).

    Raises UnknownNetwork, WeightsMissing, WeightsDamaged, or NetworkError for a device that is not there.
    """
    return prepare(load_module(name)).to(choose_device(device))
