"""Limelight's core: what a network looked at, in numbers. Usable from a notebook, without Streamlit."""

from core.comparison import Comparison, Explanation, Panel, compare, explain
from core.images import decode_image, fetch_image, load_sample
from core.images.framing import Framing, deprocess, frame
from core.networks.catalogue import lookup
from core.networks.graph.network import Coverage, Network
from core.networks.graph.prepare import prepare
from core.networks.labels import find_classes
from core.networks.load import load_network
from core.saliency.attribution import Attributions, attribute
from core.saliency.reductions import saliency
from core.values import Picture, Prediction, Recipe

architecture = lookup  # its name until 0.1

__all__ = [
    "Attributions",
    "Comparison",
    "Coverage",
    "Explanation",
    "Framing",
    "Network",
    "Panel",
    "Picture",
    "Prediction",
    "Recipe",
    "architecture",
    "attribute",
    "compare",
    "decode_image",
    "deprocess",
    "explain",
    "fetch_image",
    "find_classes",
    "frame",
    "load_network",
    "load_sample",
    "lookup",
    "prepare",
    "saliency",
]
