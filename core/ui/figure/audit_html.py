"""An audit's findings as one HTML file that works without a network: sentences, crops, means."""

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
import plotly.colors

from core.audit.findings.asking import COVERED
from core.audit.findings.clusters import MOST
from core.audit.findings.finding import PADDED, Found, without_emphasis
from core.outputs import OUTPUTS
from core.ui.figure.html_page import standalone
from core.ui.figure.photos import photo_of_colours
from core.ui.frame.assets import text
from core.ui.words import all_told_apart

MEANS = f"Mean of up to {COVERED} pictures, and mean evidence of up to {MOST:,}."
_CELL = 24  # px of a place of the mean evidence
_SCALE = plotly.colors.get_colorscale("Cividis")


def audit_html(about: Mapping[str, Any], found: Sequence[Found], seen: Callable[[Found], Mapping[str, Any]]) -> bytes:
    """A page in UTF-8, classes with findings first. All text is escaped.

    about: of the audit, see core.audit.store. seen: what there is to look at of a class, as
    `core.audit.findings.find.shown` gives it.
    """
    titles = titles_of(about)
    said = (
        f"{about['counts']['done']:,} pictures, {', '.join(titles.values())}. {about['counts']['failed']:,} pictures "
        f"could not be used. {about.get('ended', '')}"
    )
    for each in about["networks"]:
        if not OUTPUTS[each["outputs"]].is_said:
            said += f" What the outputs of {titles[each['name']]} mean was not said: probabilities assume softmax."
    if about["settings"]["fit"] == "pad":
        said += f" {PADDED}"
    ordered = sorted(found, key=lambda each: not each.findings)
    sections = "\n".join("".join(_section(each, titles, seen(each))) for each in ordered)
    style = text("standalone.css") + text("audit.css")
    return standalone(f"Audit of {about['collection']}", style, f"<p>{escape(said)}</p>\n{sections}")


def _section(found: Found, titles: Mapping[str, str], seen: Mapping[str, Any]) -> Iterator[str]:
    kind = ' class="finding"' if found.findings else ""
    yield f"<section{kind}><h2>{escape(f'{titles.get(found.network, found.network)}: {found.label}')}</h2>"
    for sentence in found.sentences():
        yield f"<p>{escape(without_emphasis(sentence))}</p>"
    for region, crops in zip(found.regions, seen["crops"] or [], strict=False):
        where = "Crops of the finding" if region.is_finding else "Crops of another place"
        yield f'<p class="limits">{where}, {of_which(found)}.</p>'
        yield f'<div class="crops">{crops_html(crops, found.label)}</div>'
    if seen["mean_picture"] and seen["mean_evidence"]:
        yield f'<p class="limits">{MEANS} The brighter, the more.</p>'
        picture = image(webp_source(seen["mean_picture"]), f"Mean picture of {found.label}", "mean")
        evidence = image(_evidence(seen), f"Mean evidence for {found.label}", "mean")
        yield f'<div class="crops">{picture}{evidence}</div>'
    yield "</section>"


def titles_of(about: Mapping[str, Any]) -> dict[str, str]:
    """What the networks of an audit are called, each in its own way, by name."""
    networks = about["networks"]
    titles = all_told_apart(each["title"] for each in networks)
    return {each["name"]: title for each, title in zip(networks, titles, strict=True)}


def of_which(found: Found) -> str:
    """Pictures the crops are of."""
    return "of the pictures with the most evidence there" if found.has_places else "of the first pictures"


def crops_html(crops: Sequence[bytes], label: str) -> str:
    """Elements that hold their pictures, WebP, and are named."""
    return "".join(image(webp_source(crop), f"Crop {i + 1} of {label}") for i, crop in enumerate(crops))


def webp_source(webp: bytes) -> str:
    """A data address."""
    return f"data:image/webp;base64,{base64.b64encode(webp).decode()}"


def image(source: str, words: str, kind: str = "") -> str:
    """An element; words are plain text."""
    return f'<img class="{kind}" src="{source}" alt="{escape(words)}">'


def _evidence(seen: Mapping[str, Any]) -> str:
    grid = np.array(seen["mean_evidence"], np.float64).reshape((seen["rows"], seen["columns"]))
    shares = (grid / max(float(grid.max()), 1e-9)).clip(0, 1).flatten().tolist()
    colours = np.array(plotly.colors.sample_colorscale(_SCALE, shares, colortype="tuple"))
    pixels = np.rint(255 * colours).astype(np.uint8).reshape((*grid.shape, 3))
    return photo_of_colours(pixels.repeat(_CELL, 0).repeat(_CELL, 1)).source
