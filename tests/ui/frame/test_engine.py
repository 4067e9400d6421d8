"""The part that computes: fetched once, behind what is seen, and frozen when it is there."""

import subprocess
import sys
from threading import Event, Lock

import pytest

from core.ui.frame import engine
from tests.opening import HOME, ROOT


@pytest.fixture
def fresh(monkeypatch):
    """Nothing is there yet; what is done to the garbage collector is kept in a list."""
    happened = []
    monkeypatch.setattr(engine, "_there", Event())
    monkeypatch.setattr(engine.gc, "freeze", lambda: happened.append("frozen"))
    monkeypatch.setattr(engine.atexit, "register", happened.append)
    monkeypatch.setattr(engine, "begun", Lock())
    engine._freeze_imports.cache_clear()
    yield happened
    engine._freeze_imports.cache_clear()


def test_it_is_frozen_once_and_thawed_at_the_end(fresh):
    for _ in range(3):
        engine.wait()
    assert engine.is_there()
    assert fresh == ["frozen", engine.gc.unfreeze]


def test_it_comes_without_being_waited_for(fresh):
    for _ in range(2):
        engine.begin()
    assert engine._there.wait(60)


# What the controls, and after them the empty grid, may import: `python -X importtime -c "import ..."` says for what.
CONTROLS = ("core.ui.frame.page", "core.ui.compare.controls", "core.ui.classes.controls")
GRIDS = ("core.ui.compare.page", "core.ui.classes.page")
SLOW = {"torch", "torchvision", "scipy", "skimage.color", "skimage.metrics", "sklearn", "pydicom", "pillow_heif"}


def run(code, unwanted):
    code = f"import sys\n{code}\nprint([name for name in {sorted(unwanted)!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1:] == ["[]"], done.stdout + done.stderr


@pytest.mark.parametrize(
    ("modules", "unwanted"), [(CONTROLS, SLOW | {"pandas", "pyarrow"}), (GRIDS, SLOW)], ids=["controls", "grids"]
)
def test_nothing_that_computes_is_imported_for_what_is_seen_first(modules, unwanted):
    run("\n".join(f"import {module}" for module in modules), unwanted)


@pytest.mark.parametrize("page", [HOME, "pages/Classes.py"])
def test_a_page_is_drawn_with_an_empty_grid_before_anything_that_computes_is_there(page):
    code = f"""
from core.ui.frame import engine
from streamlit.testing.v1 import AppTest
engine.begin = lambda: None
engine.wait = lambda: sys.exit("this far")
app = AppTest.from_file({HOME!r}, default_timeout=60)
if {page!r} != {HOME!r}:
    app.switch_page({page!r})
app.run()
assert not app.exception
assert any("lime-skeleton" in each.proto.body for each in app.get("html"))"""
    run(code, SLOW)
