"""The frame that every page shares: its title, the links between pages, and the selection, which is in the address."""

import atexit
import gc
from collections.abc import Callable
from functools import cache

import streamlit as st
from PIL import Image, ImageDraw

from core.selection import Selection

PAGES = {  # file, as the entrypoint sees it -> label and icon of its link
    "streamlit_app.py": ("Compare", ":material/compare:"),
    "pages/Classes.py": ("Classes", ":material/category:"),
    "pages/Models.py": ("Models", ":material/deployed_code:"),
    "pages/Methods.py": ("Methods", ":material/menu_book:"),
}
_STYLE = """
<style>
[data-testid="stSidebarHeader"] {height: 2.2rem; margin: 0; padding-block: 0}
[data-testid="stMainBlockContainer"] {padding-inline: clamp(1rem, 2.5vw, 2.6rem)}
@media (min-width: 640px) {[data-testid="stMainBlockContainer"] {padding-top: 2.6rem}}
[data-testid="stHeader"] {background: transparent}
[data-testid="stMain"] {scrollbar-gutter: stable}
.st-key-source button {padding-inline: 0.62rem}
.st-key-sample [role="radiogroup"] {display: grid; grid-template-columns: repeat(4, 1fr); gap: 6px}
.st-key-sample button {aspect-ratio: 1; height: auto; min-height: 0; padding: 0; border: 0; border-radius: 4px}
.st-key-sample button :not(img) {display: contents}
.st-key-sample button img {width: 100%; height: 100%; max-height: none; margin: 0; border-radius: inherit}
.st-key-sample button[aria-checked="true"] {outline: 3px solid currentColor; outline-offset: 1px}
.st-key-sample button:focus-visible {outline: 3px dashed currentColor; outline-offset: 1px; box-shadow: none}
.st-key-sample_shows {min-height: 2.5rem}
[data-testid="stMetricValue"] {font-size: 1.15rem}
.st-key-headline {min-height: 2.6rem; padding-right: 3rem}
.st-key-headline > :has(.lime-title) {flex: 1 1 12rem}
.st-key-headline button p {white-space: nowrap}
@media (max-width: 640px) {.st-key-progress:not(:has([role="progressbar"])) {display: none}}
.st-key-keys {position: absolute; width: 0; height: 0; overflow: hidden}
.st-key-step_back p, .st-key-step_forth p {position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%)}
.lime-step {margin: 0; font-size: 0.9rem; opacity: 0.8; white-space: nowrap; font-variant-numeric: tabular-nums}
.lime-half {font-size: 1.1rem; padding: 0; margin: 0}
.st-key-tray {overflow-x: auto; padding-bottom: 2px}
.st-key-tray > * {flex-shrink: 0}
[class*="st-key-pin_card_"] {padding: 0.35rem 0.5rem 0.35rem 0.35rem; border-radius: 6px;
  background: rgba(128, 128, 128, 0.12)}
[class*="st-key-pin_card_"] img {border-radius: 3px}
[class*="st-key-pin_open_"] p {font-size: 0.8rem; line-height: 1.25; text-align: left; display: -webkit-box;
  -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden}
.lime-title {font-size: 1.35rem; line-height: 1.12; padding: 0; margin: 0}
.lime-title span {display: block; font-size: 0.85rem; line-height: 1.25; opacity: 0.7; font-weight: 400}
.st-key-grid .infolayer text {fill: currentColor !important}
.lime-brand {font-size: 1.5rem; font-weight: 700; letter-spacing: -0.02em; margin: 0}
.lime-brand i {display: inline-block; width: 0.55em; height: 0.55em; border-radius: 50%; margin-right: 0.4em;
  background: #c3f53c; box-shadow: 0 0 0 1px rgba(77, 107, 0, 0.5)}
.st-key-browser {position: absolute; width: 0; height: 0; overflow: hidden}
.st-key-grid {overflow-x: auto}
.lime-top {width: 100%; max-width: 480px; border-collapse: collapse; font-size: 0.9rem;
  font-variant-numeric: tabular-nums;
  margin-bottom: 0.5rem}
.lime-top caption {text-align: left; font-weight: 600; padding: 0 0 0.2rem}
.lime-top th {font-weight: 400; text-align: left; padding: 0.12rem 0.5rem 0.12rem 0; width: 60%}
.lime-top td {padding: 0.12rem 0; white-space: nowrap}
.lime-top td.bar {width: 28%}
.lime-top td.bar span {display: block; height: 0.5rem; border-radius: 2px; background: currentColor; opacity: 0.45;
  min-width: 1px}
.lime-top td.share {text-align: right; padding-left: 0.5rem}
.lime-top tr.explained th {font-weight: 700}
.lime-top tr.explained td.bar span {background: var(--lime-accent); opacity: 1}
.lime-matrix {border-collapse: separate; border-spacing: 2px; font-size: 0.85rem; font-variant-numeric: tabular-nums}
.lime-matrix th {font-weight: 400; text-align: left; padding: 0.2rem 0.5rem; max-width: 11rem}
.lime-matrix td {text-align: center; padding: 0.3rem 0.6rem; min-width: 3.4rem; border-radius: 3px;
  background: rgb(125 160 40 / calc(var(--strength, 0) * 0.75))}
.lime-top {--lime-accent: #6a9100}
@media (prefers-color-scheme: dark) {.lime-top {--lime-accent: #c3f53c}}
</style>
"""


@cache
def _icon() -> Image.Image:
    """A lime disc: drawn, since a Material icon as favicon would be fetched from another host."""
    icon = Image.new("RGBA", (64, 64))
    ImageDraw.Draw(icon).ellipse((6, 6, 58, 58), fill="#c3f53c", outline="#4d6b00", width=3)
    return icon


@cache
def _settle() -> None:
    """Take what was imported out of garbage collection, once for the whole process.

    Streamlit collects after every run, and half a million objects of torch and Plotly would take a third of a second
    each time, in which nothing else moves.
    """
    gc.freeze()
    atexit.register(gc.unfreeze)  # or libraries complain at the end that somebody still has their objects


def touch() -> None:
    """To be called by every widget that changes the selection, when it has been worked."""
    st.session_state["touched"] = True


def open_page(title: str, controls: Callable[[Selection], Selection] | None = None) -> Selection:
    """Begin a page: its frame is drawn, and what the reader selected is returned.

    controls draws widgets in the sidebar, seeded by `session_state["arrived"]`, and returns what they say. The
    selection is in the address: a link, Back or a typed address changes it, and so do the widgets.
    """
    _settle()
    st.set_page_config(page_title=f"{title} · Limelight", page_icon=_icon(), layout="wide", initial_sidebar_state=320)
    st.html(_STYLE)
    state, query = st.session_state, st.query_params.to_dict()
    # Somebody else moved the address (a link, Back, typing) if it is not as this session left it. But a widget that is
    # worked while the address is still on its way to the browser comes with the address before.
    page, left_at = state.get("shown", ("", {}))
    state["arrived"] = page != title or (left_at != query and not state.pop("touched", False))
    state["touched"] = False
    if state["arrived"]:
        state["selection"] = Selection.from_query(query)
    with st.sidebar:
        st.html('<p class="lime-brand"><i></i>Limelight</p>')
        links = st.container(gap="xxsmall")
        selection: Selection = controls(state["selection"]) if controls else state["selection"]
    query = selection.to_query()
    for path, (label, icon) in PAGES.items():
        links.page_link(path, label=label, icon=icon, query_params=query)
    state.update(selection=selection, shown=(title, query))
    if st.query_params.to_dict() != query:
        st.query_params.from_dict(query)
    return selection
