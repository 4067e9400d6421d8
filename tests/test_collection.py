"""Every worker finds the same tests, whenever and wherever it looks: two that differ would end the whole run."""

import os
import re
import site
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
COLLECT = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "--assert=plain"]
NARROWER = ("keyword", "markexpr", "deselect", "ignore", "ignore_glob")  # options by which a run is less than asked
ANOTHER = {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "UTC-14", "CUDA_VISIBLE_DEVICES": ""}


def test_another_person_finds_the_same_tests_in_the_same_order(request, tmp_path):
    """Than this worker did, at another time; the same files, if not all were asked for."""
    asked = request.config.args
    said, status = collected(tmp_path, asked)
    assert status == 0, said
    theirs = [line for line in said.splitlines() if "::" in line]
    own = [item.nodeid for item in request.session.items]
    if not any(getattr(request.config.option, each) for each in NARROWER):
        assert own == theirs
    assert len(set(theirs)) == len(theirs)
    assert [name for name in theirs if names_a_place(name)] == []


def names_a_place(name):
    """In memory, or on this disk."""
    return re.search("0x[0-9a-f]{6}", name) or str(ROOT) in name


def collected(home, asked):
    """What another person's pytest says, who has nothing in common with this one but the code."""
    others = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "LC_", "LANG"))}
    folders = {name: str(home) for name in ("HOME", "TMPDIR", "TORCH_HOME", "XDG_CACHE_HOME", "LIMELIGHT_CACHE")}
    environment = others | folders | {"PYTHONUSERBASE": site.getuserbase()} | ANOTHER
    done = subprocess.run(
        [*COLLECT, *asked], cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    return done.stdout + done.stderr, done.returncode
