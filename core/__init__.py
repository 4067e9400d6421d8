"""Limelight's core: what a network looked at, in numbers. Usable from a notebook, without Streamlit.

Each name is imported when it is first asked for, so that a page can be drawn before torch is there. Until then OpenMP's
environment variables can be set, as they are here (see `core.runtime.processors`).
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from core.runtime.processors import share_processors

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence, evidence
    from core.explain import compare, explain
    from core.explanation import Comparison, Explanation, Panel
    from core.images import decode_image, fetch_image, load_sample
    from core.images.framing import Framing, deprocess, frame
    from core.method import Method
    from core.networks.catalogue import NetworkSpec, architecture, lookup
    from core.networks.coverage import Coverage
    from core.networks.graph.network import Network
    from core.networks.graph.prepare import prepare
    from core.networks.labels import find_classes
    from core.networks.load import load_network
    from core.question import Question
    from core.saliency.attribution import Attributions, attribute
    from core.saliency.reductions import saliency
    from core.targets import Classes, TopK
    from core.values import Picture, Prediction, Recipe

_FROM = {
    "core.evidence.evidence": ("Evidence", "evidence"),
    "core.explain": ("compare", "explain"),
    "core.explanation": ("Comparison", "Explanation", "Panel"),
    "core.images": ("decode_image", "fetch_image", "load_sample"),
    "core.images.framing": ("Framing", "deprocess", "frame"),
    "core.method": ("Method",),
    "core.networks.catalogue": ("NetworkSpec", "architecture", "lookup"),
    "core.networks.coverage": ("Coverage",),
    "core.networks.graph.network": ("Network",),
    "core.networks.graph.prepare": ("prepare",),
    "core.networks.labels": ("find_classes",),
    "core.networks.load": ("load_network",),
    "core.question": ("Question",),
    "core.saliency.attribution": ("Attributions", "attribute"),
    "core.saliency.reductions": ("saliency",),
    "core.targets": ("Classes", "TopK"),
    "core.values": ("Picture", "Prediction", "Recipe"),
}
_PLACES = {name: module for module, names in _FROM.items() for name in names}

__all__ = sorted(_PLACES)

share_processors()


class _Core(ModuleType):
    """A function keeps its name against the module that it stands in: `core.explain` is what explains."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _PLACES and isinstance(value, ModuleType)):  # which the import of a submodule would set
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Core


def __getattr__(name: str) -> Any:  # noqa: ANN401
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_PLACES[name]), name)
    return value
