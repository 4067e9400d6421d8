"""A figure as one HTML file that works without a network, and asks for none."""

import re
from html import escape

import plotly.graph_objects as go
import plotly.io

# The policy holds whatever a figure says: nothing is fetched or sent, not even by Plotly for maps of the world.
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; \
style-src 'unsafe-inline'; img-src data: blob:; form-action 'none'; base-uri 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
:root {{--page: #f1f2ec; --text: #191a15}}
@media (prefers-color-scheme: dark) {{:root {{--page: #1b1c18; --text: #f3f0e6}}}}
body {{margin: 1.5rem; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif}}
h1 {{font-size: 1.35rem; margin: 0 0 0.8rem; overflow-wrap: anywhere}}
figure {{margin: 0}}
.panels {{width: fit-content; max-width: 100%; overflow-x: auto; border-radius: 6px; background: {background}}}
figcaption {{margin-top: 0.8rem; max-width: 100ch; white-space: pre-line; overflow-wrap: anywhere}}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
<figure>
<div class="panels" role="region" aria-label="Figure" tabindex="0">
{figure}
</div>
<figcaption>{caption}</figcaption>
</figure>
</main>
</body>
</html>
"""
_CONFIG = {
    "displaylogo": False,
    "responsive": False,  # the figure has a size of its own
    "showTips": False,
    "modeBarButtons": [["zoomIn2d", "zoomOut2d", "pan2d", "zoom2d", "resetScale2d", "toImage"]],
    "toImageButtonOptions": {"format": "png", "scale": 2, "filename": "limelight"},
}
_DARK, _LIGHT = "#191a15", "#f3f0e6"  # of text


def html_of(figure: go.Figure, title: str, background: str, caption: str = "") -> bytes:
    """A page with the figure, its title above and a caption below, in UTF-8; about 5 MB, most of them Plotly's script.

    title and caption are plain text, escaped here; line breaks of the caption are kept. background: "#rrggbb", of the
    figure, whose text is made dark or light by it; the page around is as bright as the reader's system. The figure
    itself is left as it was. Raises ValueError for another background.
    """
    shown = go.Figure(figure).update_layout(
        paper_bgcolor=background, plot_bgcolor=background, font_color=_text_on(background)
    )
    div = plotly.io.to_html(shown, config=_CONFIG, include_plotlyjs=True, full_html=False)
    page = _PAGE.format(title=escape(title), background=background, figure=div, caption=escape(caption))
    return page.encode("utf-8", "replace")


def _text_on(background: str) -> str:
    """Dark or light, whichever has more contrast with the background by WCAG 2's formula."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", background):
        raise ValueError(f"background must be #rrggbb, not {background!r}")
    ground = _luminance(background)
    return max(_DARK, _LIGHT, key=lambda text: _contrast(_luminance(text), ground))


def _contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def _luminance(colour: str) -> float:
    """Relative luminance in [0, 1], as WCAG 2 defines it."""
    shares = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
