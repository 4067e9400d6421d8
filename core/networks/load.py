"""From a name to a prepared network."""

from core.networks.devices import choose_device
from core.networks.network import Network
from core.networks.prepared import load_prepared
from core.networks.registry import Architecture, known_as


def load_network(name: str | Architecture, device: str = "auto") -> Network:
    """A network with its weights, prepared, on a device ("auto": CUDA, else MPS, else the CPU).

    name: as `architecture` knows it, or an Architecture itself, such as one of your own checkpoint's. Raises
    UnknownNetwork, WeightsMissing, WeightsDamaged, or NetworkError for a device that is not there.
    """
    return load_prepared(known_as(name)).to(choose_device(device))
