"""From a name to a prepared network."""

from core.networks.catalogue import NetworkSpec, resolve
from core.networks.devices import choose_device
from core.networks.graph.network import Network
from core.networks.weights.prepared_cache import load_prepared


def load_network(name: str | NetworkSpec, device: str = "auto") -> Network:
    """A network with its weights, prepared, on a device ("auto": CUDA, else MPS, else the CPU).

    name: as `lookup` knows it, or a NetworkSpec itself, such as one of your own checkpoint's. Raises
    UnknownNetwork, WeightsMissing, WeightsDamaged, or NetworkError for a device that is not there.
    """
    return load_prepared(resolve(name)).to(choose_device(device))
