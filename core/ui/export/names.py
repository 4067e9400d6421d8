"""What a comparison is called: in a few words for a reader, and as the name of a file."""

import re
import unicodedata

from core.images import SAMPLES
from core.images.decode import SUFFIXES
from core.method import Method
from core.networks.catalogue import is_checkpoint
from core.selection import Selection
from core.ui.controls.networks import network_title
from core.ui.controls.picture import picture_title
from core.ui.words import SHOW_NAMES, minus, shortened

_LONGEST = 90  # characters of a file's name
_ENDING = re.compile(rf"({'|'.join(map(re.escape, SUFFIXES))})\b", re.IGNORECASE)


def file_name(selection: Selection) -> str:
    """Such as "limelight-chelsea-alexnet-vgg19": letters, digits and hyphens of ASCII, no ending."""
    sample = selection.picture in SAMPLES
    picture = selection.picture if sample else _ENDING.sub("", picture_title(selection.picture))
    names = [network_title(name) if is_checkpoint(name) else name for name in selection.question.networks]
    return _slug("-".join(["limelight", picture, *names]))


def short_name(selection: Selection) -> str:
    """Such as "Cat: ResNet-50 vs VGG-19, guided, overlay"."""
    picture = shortened(picture_title(selection.picture).removesuffix(" (sample)"), 30)
    if window := selection.window:
        picture += minus(f" at {window.low:g} to {window.high:g}")
    titles = [network_title(name) for name in selection.question.networks]
    networks = " vs ".join(titles[:2]) + (f" and {len(titles) - 2} more" if len(titles) > 2 else "")
    view = "" if selection.view.show == "map" else f", {SHOW_NAMES[selection.view.show].lower()}"
    return f"{picture}: {networks}, {' and '.join(Method.parse(rule).short for rule in selection.question.rules)}{view}"


def _slug(text: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only.lower())[:_LONGEST].strip("-")
