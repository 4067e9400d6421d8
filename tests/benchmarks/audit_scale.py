"""Opening and asking an audit of 100,000 pictures and two networks: python -m tests.benchmarks.audit_scale

The rows are made up, in the files and columns of a real audit. Prints the time of each question that the page asks, and
the memory that the process has more than before; then the same of the Audit page itself, in Chromium, from the click on
"Open" until the table of pictures is drawn.
"""

import json
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import psutil
import pyarrow as pa
import pyarrow.parquet as pq
from playwright.sync_api import sync_playwright

from core.audit.findings.find import findings_of
from core.audit.questions import first_rows, folders, thumbnails
from core.audit.rows import PICTURES, THUMBNAILS, schema_of
from core.audit.settings import Settings
from core.audit.store import GROUP, MERGED, Store, opened
from core.ui.audit.table import COLUMNS, MOST
from tests.e2e.conftest import FLAGS, chromium, start_server
from tests.e2e.driving import open_app, settle

MADE, NETWORKS, LABELS = 100_000, ("one", "two"), 20
CELLS, PLACES = 196, 49  # of a map, of the evidence


def make(root: Path) -> None:
    """Write the files."""
    settings, rng = Settings(NETWORKS, sample=0), np.random.default_rng(0)
    schema = schema_of(settings.rules)
    for kind in ("rows", "thumbs"):
        (root / kind).mkdir(parents=True)
    for first in range(0, MADE, MERGED):
        numbers, name = np.arange(first, first + MERGED, dtype=np.int32), f"{first // MERGED:05d}.parquet"
        pq.write_table(rows(numbers, schema, rng), root / "rows" / name, compression="zstd")
        made = {
            "picture": numbers,
            "digest": [f"{n:064x}" for n in numbers],
            "webp": [rng.bytes(2500) for _ in numbers],
        }
        table = pa.table(made, THUMBNAILS)
        pq.write_table(table, root / "thumbs" / name, compression="none", row_group_size=GROUP)
    paths = [path_of(number) for number in range(MADE)]
    pq.write_table(pa.table({"path": paths, "size": [1] * MADE}, PICTURES), root / "pictures.parquet")
    about = {
        "format": 1,
        "complete": True,
        "settings": settings.as_json(),
        "collection": "made up",
        "pictures": MADE,
        "networks": [{"name": name, "title": name, "outputs": "softmax"} for name in NETWORKS],
        "counts": {"done": MADE, "failed": 0},
    }
    (root / "audit.json").write_text(json.dumps(about))


def path_of(number: int) -> str:
    """Of a picture."""
    return f"label {number % LABELS:02d}/{number:06d}.jpg"


def rows(numbers: np.ndarray, schema: pa.Schema, rng: np.random.Generator) -> pa.Table:
    """Of some pictures and all networks."""
    both, count = np.tile(numbers, len(NETWORKS)), len(numbers) * len(NETWORKS)
    probability = rng.random(count, np.float32)
    classes = rng.integers(0, LABELS, count).astype(np.int32)
    made = {
        "picture": both,
        "path": [path_of(number) for number in both],
        "folder": [f"label {number % LABELS:02d}" for number in both],
        "digest": [f"{number:064x}" for number in both],
        "network": np.repeat(NETWORKS, len(numbers)),
        "target": classes,
        "name": [f"label {each:02d}" for each in classes],
        "logit": probability,
        "probability": probability,
        "label": (both % LABELS).astype(np.int32),
        "probability_label": probability,
        "explained": (both % LABELS).astype(np.int32),
        "evidence": shares(count, PLACES, rng),
        "rows": np.full(count, 7, np.int16),
        "columns": np.full(count, 7, np.int16),
        "error": [""] * count,
        "notice": [""] * count,
        "seconds": probability,
        **{name: shares(count, CELLS, rng) for name in schema.names if name in ("vanilla", "guided")},
    }
    return pa.table(made, schema)


def shares(count: int, cells: int, rng: np.random.Generator) -> pa.Array:
    """Lists of float16."""
    values = pa.array((rng.random(count * cells, np.float32) / cells).astype(np.float16))
    return pa.ListArray.from_arrays(np.arange(0, (count + 1) * cells, cells, dtype=np.int32), values)


def timed(title: str, question: Callable[[], object], before: int) -> None:
    """Print the best of three, and the memory after."""
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        question()
        seconds.append(time.perf_counter() - start)
    more = (psutil.Process().memory_info().rss - before) / 2**20
    print(f"| {title} | {min(seconds) * 1000:.0f} ms, first {seconds[0] * 1000:.0f} | {more:.0f} MB |")


def in_browser(audit: Path, folder: Path, runs: int = 5) -> tuple[list[float], float]:
    """Seconds that opening it takes on the page of a warm server, and MiB that the server then has more, private."""
    process, address = start_server(folder)
    seconds, held, watched = [], [], psutil.Process(process.pid)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        try:
            for _ in range(runs + 1):
                page = browser.new_page(viewport={"width": 1440, "height": 900})
                open_app(page, f"{address}/Audit")
                page.get_by_text("Open one").click()
                page.get_by_label("Folder of an audit").fill(str(audit))
                settle(page)
                held.append(watched.memory_full_info().uss)
                began = time.perf_counter()
                page.get_by_role("button", name="Open", exact=True).click()
                page.get_by_role("heading", name="Pictures", exact=True).wait_for()
                page.get_by_test_id("stDataFrame").last.wait_for()
                seconds.append(time.perf_counter() - began)
                settle(page)
                page.close()
            return seconds[1:], (watched.memory_full_info().uss - held[0]) / 2**20
        finally:
            browser.close()
            process.terminate()
            process.wait()


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        make(root)
        size = sum(file.stat().st_size for file in root.rglob("*.parquet")) / 1e6
        print(f"{MADE:,} pictures, {len(NETWORKS)} networks, {size:.0f} MB\n")
        print("| question | time | memory more |\n|---|---:|---:|")
        before = psutil.Process().memory_info().rss
        store: Store = opened(root)
        page = partial(first_rows, store, "one", COLUMNS, most=MOST)
        timed("open and count", lambda: opened(root).rows().count_rows(), before)
        timed("findings", lambda: findings_of(store), before)
        timed("folders", lambda: folders(store), before)
        timed("the first 500 as drawn", lambda: page(kind="all", order="picture", folder=""), before)
        timed("the 500 surest", lambda: page(kind="all", order="sure", folder=""), before)
        timed("of one folder, called otherwise", lambda: page(kind="wrong", order="label", folder="label 07"), before)
        timed("24 thumbnails", lambda: thumbnails(store, range(0, MADE, MADE // 24)[:24]), before)
        with tempfile.TemporaryDirectory() as home:
            seconds, more = in_browser(root, Path(home))
        times = f"{statistics.median(seconds) * 1000:.0f} ms, slowest {max(seconds) * 1000:.0f}"
        print(f"| the page, from the click to the table | {times} | {more:.0f} MB |")


if __name__ == "__main__":
    main()
