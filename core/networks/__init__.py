"""From a name to a network: what is known of it, its weights on disk, the names of its classes."""

from core.networks.download import download
from core.networks.labels import CLASSES, ClassMatch, find_classes
from core.networks.registry import OFFERED, Architecture, architecture
from core.networks.weights import load_module, on_disk, weights_path

__all__ = [
    "CLASSES",
    "OFFERED",
    "Architecture",
    "ClassMatch",
    "architecture",
    "download",
    "find_classes",
    "load_module",
    "on_disk",
    "weights_path",
]
