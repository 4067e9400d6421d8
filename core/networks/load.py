"""From a name to a prepared network."""

import logging

from core.errors import NetworkError
from core.networks.catalogue import NetworkSpec, resolve
from core.networks.devices import choose_device, is_out_of_memory
from core.networks.graph.network import Network
from core.networks.weights.prepared_cache import load_prepared

_log = logging.getLogger(__name__)
_NO_ROOM = "The GPU has no room for {}: free some of its memory, or compute on the CPU."


def load_network(name: str | NetworkSpec, device: str = "auto") -> Network:
    """A network with its weights, prepared, on a device ("auto": CUDA, else MPS, else the CPU).

    name: as `lookup` knows it, or a NetworkSpec itself, such as one of your own checkpoint's. A network that the best
    device has no room for stays on the CPU. Raises UnknownNetwork, WeightsMissing, WeightsDamaged, or NetworkError for
    a device that is not there, or that was wished for and has no room.
    """
    spec, chosen = resolve(name), choose_device(device)
    network = load_prepared(spec)
    try:
        return network.to(chosen)
    except RuntimeError as error:
        if not is_out_of_memory(error):
            raise
        if device != "auto":
            raise NetworkError(_NO_ROOM.format(spec.title)) from error
    _log.warning("%s stays on the CPU: the GPU has no room for it", spec.title)
    return network
