"""How long a visitor waits for the first page, against a page of Streamlit's that draws two heatmaps and nothing else:
python -m tests.benchmarks.first_visit

Servers in turn, each new, and each with a browser of its own: the first visitor of a fresh server, who also waits for
imports and networks, and a second one, with an empty cache, after the first has left. A Limelight page is painted once
controls and empty panels, or maps, are there. Maps are seen as a sketch first; when Plotly has drawn all six, they have
colour bars and values under the mouse, too. Prints medians in seconds, and ratios of each round to its bare page.
"""

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.e2e.conftest import FLAGS, chromium, start_server
from tests.e2e.driving import GRID

BARE = """import numpy as np
import plotly.graph_objects as go
import streamlit as st

for place, seed in zip(st.columns(2), (0, 1)):
    z = np.random.default_rng(seed).random((224, 224), dtype=np.float32)
    place.plotly_chart(go.Figure(go.Heatmap(z=z)), key=str(seed))
"""
_DRAWN = "([selector, count]) => document.querySelectorAll(selector + ' .heatmaplayer image').length === count"
_SEEN = "([selector, count]) => document.querySelectorAll(selector).length >= count"
_MAPS = f"{GRID} .heatmaplayer image, .lime-sketch canvas"
_PAINTED = (
    "([selector]) => document.querySelector('[data-testid=stSidebar] button') && document.querySelector(selector)"
)
_SECONDS = 60_000


def visit(address: str, marks: dict[str, tuple[str, list[object]]]) -> dict[str, float]:
    """Seconds from opening a page, in a new browser, until what is named in marks is true of it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        began, taken = time.perf_counter(), {}
        page.goto(address, wait_until="commit")
        for name, (script, arguments) in marks.items():
            page.wait_for_function(script, arg=arguments, timeout=_SECONDS, polling="raf")
            taken[name] = time.perf_counter() - began
        browser.close()
    return taken


def measured(script: str, marks: dict[str, tuple[str, list[object]]], after: float = 0.0) -> dict[str, float]:
    """A fresh server's first and second visit. after: seconds that it has run before."""
    with tempfile.TemporaryDirectory() as folder:
        process, address = start_server(Path(folder), script, OMP_NUM_THREADS=str(os.cpu_count()))
        try:
            time.sleep(after)
            first, second = visit(address, marks), visit(address, marks)
        finally:
            process.terminate()
            process.wait(timeout=20)
    return {f"first visit, {k}": v for k, v in first.items()} | {f"second visit, {k}": v for k, v in second.items()}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--after", type=float, default=0.0, help="seconds that a server runs before anybody comes")
    asked = parser.parse_args()
    bare: list[dict[str, float]] = []
    ours: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "bare.py"
        script.write_text(BARE)
        for _ in range(asked.rounds):
            bare.append(measured(str(script), {"maps": (_DRAWN, [".js-plotly-plot", 2])}, asked.after))
            marks: dict[str, tuple[str, list[object]]] = {
                "painted": (_PAINTED, [f".lime-skeleton, {_MAPS}"]), "a map": (_SEEN, [_MAPS, 1]),
                "maps": (_SEEN, [_MAPS, 6]), "maps with values": (_DRAWN, [GRID, 6]),
            }  # fmt: skip
            ours.append(measured("streamlit_app.py", marks, asked.after))
    print("| | seconds | of the bare page |\n|---|---:|---:|")
    for name in bare[0]:
        print(f"| bare page, {name} | {statistics.median(each[name] for each in bare):.2f} | |")
    for name in ours[0]:
        against = "first visit, maps" if name.startswith("first") else "second visit, maps"
        ratios = [one[name] / other[against] for one, other in zip(ours, bare, strict=True)]
        print(f"| {name} | {statistics.median(each[name] for each in ours):.2f} | {statistics.median(ratios):.2f} |")


if __name__ == "__main__":
    main()
