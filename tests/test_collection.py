"""Every worker finds the same tests, whenever and wherever it looks: two that differ would end the whole run."""

import os
import re
import site
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
COLLECT = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "--assert=plain"]
PEOPLE = (
    {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "UTC-14"},
    {"PYTHONHASHSEED": "2", "LC_ALL": "C.UTF-8", "TZ": "UTC+12", "CUDA_VISIBLE_DEVICES": ""},
)


def test_two_people_find_the_same_tests_in_the_same_order(tmp_path_factory):
    # one test and not three: each worker would collect the suite twice for its share of them
    processes = []
    for settings in PEOPLE:  # who have nothing in common but the code, and begin two seconds apart
        processes.append(begin(tmp_path_factory.mktemp("home"), settings))
        time.sleep(2)
    said = [process.communicate()[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], said
    first, second = ([line for line in text.splitlines() if "::" in line] for text in said)
    assert len(first) > 1000
    assert first == second
    assert len(set(first)) == len(first)
    assert [name for name in first if names_a_place(name)] == []


def names_a_place(name):
    """In memory, or on this disk."""
    return re.search("0x[0-9a-f]{6}", name) or str(ROOT) in name


def begin(home, settings):
    others = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "LC_", "LANG"))}
    folders = {name: str(home) for name in ("HOME", "TMPDIR", "TORCH_HOME", "XDG_CACHE_HOME", "LIMELIGHT_CACHE")}
    environment = others | folders | {"PYTHONUSERBASE": site.getuserbase()} | settings
    return subprocess.Popen(
        COLLECT, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
    )
