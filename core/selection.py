"""What the reader asked to see: the whole state of a page, and of its address."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from core.errors import UnknownNetwork
from core.images.framing import FITS
from core.images.region import Region
from core.networks.catalogue import is_checkpoint, lookup, names
from core.networks.graph.gates import RULES
from core.saliency.reductions import REDUCTIONS

SHOWS = ("map", "overlay", "channels")
COLOURS = ("cividis", "inferno", "viridis", "gray", "hot")
SCALES = ("row", "all", "panel")
CLIPS = (100.0, 99.9, 99.5, 99.0, 95.0)
ARRANGEMENTS = ("auto", "columns", "rows")
GROUNDS = ("input", "picture")
REFERENCES = ("edges", "random")
TOOLS = ("region", "agreement", "numbers", "export")
MOST_CLASSES = 8
MOST_NETWORKS = 8
_MOST_CLASSES = 30_000
_MOST_LOOKED_AT = 50  # names in a link


@dataclass(frozen=True, slots=True)
class Selection:
    """One comparison and how it is shown.

    picture: a sample's name, an http(s) address, or "upload-" and a digest. networks, rules: in the order shown.
    target: the class explained in all networks; None, each network's own top class. fit: see core.images.framing.
    Below `fit` all is view: changing it computes nothing.
    show: "map", "overlay" on the photo, or "channels" (red, green and blue gradients). opacity: of the overlay.
    scale: which panels share one colour scale: those of one rule ("row"), "all", or none ("panel"). clip: the
    percentile at which the scale ends. networks_as: "columns", "rows", or "auto" (rows for a single network).
    laid_on: each network's own "input", or the whole "picture". references: rows of maps to compare with, that know
    no network: "edges" and "random". region: the box that is asked about. ask: the tool below the grid, or "".
    present: whether the controls are hidden and the grid is as large as the screen.
    subject, classes, against: of the Classes page: its network ("" is the first one), the classes explained (() are
    the most probable ones), and the class they are contrasted with.
    """

    picture: str = "chelsea"
    networks: tuple[str, ...] = ("efficientnet_lite0",)
    rules: tuple[str, ...] = ("vanilla", "guided")
    target: int | None = None
    fit: str = "crop"
    show: str = "map"
    reduction: str = "max_abs"
    colours: str = "cividis"
    scale: str = "row"
    clip: float = 99.5
    opacity: float = 0.8
    networks_as: str = "auto"
    laid_on: str = "input"
    references: tuple[str, ...] = ()
    region: Region | None = None
    ask: str = ""
    present: bool = False
    subject: str = ""
    classes: tuple[int, ...] = ()
    against: int | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "Selection":
        """Read a selection from an address, which a stranger may have written: what makes no sense is default."""
        chosen = {name: _READ[name](query[key]) for name, key in _KEYS.items() if key in query}
        return replace(cls(), **{name: value for name, value in chosen.items() if value is not None})

    def to_query(self) -> dict[str, str]:
        """Plain text for an address; defaults are left out, so that links stay short."""
        default = Selection()
        return {
            key: _write(getattr(self, name))
            for name, key in _KEYS.items()
            if getattr(self, name) != getattr(default, name)
        }


_SHORT = {"target": "class", "laid_on": "on", "references": "with"}
_KEYS = {field.name: _SHORT.get(field.name, field.name) for field in fields(Selection)}


def _write(value: Any) -> str:  # noqa: ANN401
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return f"{value:g}" if isinstance(value, float | bool) else str(value)


def _one_of(choices: tuple[str, ...]) -> Callable[[str], str | None]:
    return lambda text: text if text in choices else None


def _some_of(choices: Iterable[str]) -> Callable[[str], tuple[str, ...] | None]:
    return lambda text: tuple(choice for choice in choices if choice in text.split(",")) or None


def _networks(text: str) -> tuple[str, ...] | None:
    asked = text.split(",")[:_MOST_LOOKED_AT]
    known = dict.fromkeys(name for each in asked if (name := _known_as(each)))
    return tuple(known)[:MOST_NETWORKS] or None


def _known_as(name: str) -> str | None:
    """The one name of a network that may have several ("resnet50:DEFAULT"), None if there can be no such network."""
    if is_checkpoint(name):
        return name
    if name.partition(":")[0] not in names():  # UnknownNetwork would look for close names, which takes time
        return None
    try:
        return lookup(name).name
    except UnknownNetwork:
        return None


def _index(text: str) -> int | None:
    # How many there are, each network knows.
    return int(text) if text.isdecimal() and len(text) < 6 and int(text) < _MOST_CLASSES else None


def _classes(text: str) -> tuple[int, ...] | None:
    found = dict.fromkeys(index for each in text.split(",")[:_MOST_LOOKED_AT] if (index := _index(each)) is not None)
    return tuple(found)[:MOST_CLASSES] or None


def _clip(text: str) -> float | None:
    return next((clip for clip in CLIPS if f"{clip:g}" == text), None)


def _opacity(text: str) -> float | None:
    try:
        opacity = float(text)
    except ValueError:
        return None
    return round(opacity, 2) if 0.1 <= opacity <= 1 else None


_READ: dict[str, Callable[[str], Any]] = {
    "picture": lambda text: text[:2000] or None,
    "networks": _networks,
    "rules": _some_of(RULES),
    "target": _index,
    "fit": _one_of(FITS),
    "show": _one_of(SHOWS),
    "reduction": _one_of(REDUCTIONS),
    "colours": _one_of(COLOURS),
    "scale": _one_of(SCALES),
    "clip": _clip,
    "opacity": _opacity,
    "networks_as": _one_of(ARRANGEMENTS),
    "laid_on": _one_of(GROUNDS),
    "references": _some_of(REFERENCES),
    "region": Region.parse,
    "ask": _one_of(TOOLS),
    "present": lambda text: text == "1",
    "subject": _known_as,
    "classes": _classes,
    "against": _index,
}
