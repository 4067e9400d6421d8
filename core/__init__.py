"""Limelight's core: what a network looked at, in numbers. Usable from a notebook, without Streamlit."""

from core.evidence.evidence import Evidence, evidence
from core.explain import compare, explain
from core.explanation import Comparison, Explanation, Panel
from core.images import decode_image, fetch_image, load_sample
from core.images.framing import Framing, deprocess, frame
from core.method import Method
from core.networks.catalogue import NetworkSpec, lookup
from core.networks.graph.network import Coverage, Network
from core.networks.graph.prepare import prepare
from core.networks.labels import find_classes
from core.networks.load import load_network
from core.question import Question
from core.saliency.attribution import Attributions, attribute
from core.saliency.reductions import saliency
from core.targets import Classes, TopK
from core.values import Picture, Prediction, Recipe

architecture = lookup  # its name until 0.1

__all__ = [
    "Attributions",
    "Classes",
    "Comparison",
    "Coverage",
    "Evidence",
    "Explanation",
    "Framing",
    "Method",
    "Network",
    "NetworkSpec",
    "Panel",
    "Picture",
    "Prediction",
    "Question",
    "Recipe",
    "TopK",
    "architecture",
    "attribute",
    "compare",
    "decode_image",
    "deprocess",
    "evidence",
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
