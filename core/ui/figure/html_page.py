"""A figure as one HTML file that works without a network, and asks for none."""

import re
from html import escape
from string import Template

import plotly.graph_objects as go
import plotly.io

from core.ui.frame.assets import text
from core.ui.palette import TEXT_ON_DARK, TEXT_ON_LIGHT

_CONFIG = {
    "displaylogo": False,
    "responsive": False,  # the figure has a size of its own
    "showTips": False,
    "modeBarButtons": [["zoomIn2d", "zoomOut2d", "pan2d", "zoom2d", "resetScale2d", "toImage"]],
    "toImageButtonOptions": {"format": "png", "scale": 2, "filename": "limelight"},
}


def html_of(figure: go.Figure, title: str, background: str, caption: str = "", below: str = "") -> bytes:
    """A page with the figure, its title above and a caption below, in UTF-8; about 5 MB, most of them Plotly's script.

    title and caption are plain text, escaped here; line breaks of the caption are kept. below: HTML. background:
    "#rrggbb", of the figure, whose text is made dark or light by it; the page around is as bright as the reader's
    system. The figure itself is left as it was. Raises ValueError for another background.
    """
    shown = go.Figure(figure).update_layout(
        paper_bgcolor=background, plot_bgcolor=background, font_color=_text_on(background)
    )
    div = plotly.io.to_html(shown, config=_CONFIG, include_plotlyjs=True, full_html=False)
    shown_as = Template(text("figure.html")).substitute(background=background, figure=div, caption=escape(caption))
    return standalone(title, text("standalone.css"), f"{shown_as}\n{below}", scripts="script-src 'unsafe-inline';")


def standalone(title: str, style: str, main: str, *, scripts: str = "") -> bytes:
    """A page in UTF-8 that asks nobody for anything. title: plain text, escaped here. style: CSS. main: HTML.

    scripts: what the page's policy says of scripts, with a semicolon; without it none runs.
    """
    page = Template(text("standalone.html")).substitute(title=escape(title), style=style, main=main, scripts=scripts)
    return page.encode("utf-8", "replace")


def _text_on(background: str) -> str:
    """Dark or light, whichever has more contrast with the background by WCAG 2's formula."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", background):
        raise ValueError(f"background must be #rrggbb, not {background!r}")
    ground = _luminance(background)
    return max(TEXT_ON_LIGHT, TEXT_ON_DARK, key=lambda text: _contrast(_luminance(text), ground))


def _contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def _luminance(colour: str) -> float:
    """Relative luminance in [0, 1], as WCAG 2 defines it."""
    shares = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
