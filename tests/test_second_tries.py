"""Whatever had to be tried twice is said at the end of a run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

FLAKY = """
import pytest
from pathlib import Path

@pytest.fixture
def late():
    tried = Path("set up")
    if not tried.exists():
        tried.touch()
        raise TimeoutError("the server was late")

@pytest.mark.flaky(reruns=1)
def test_clicks():
    tried = Path("clicked")
    if not tried.exists():
        tried.touch()
        pytest.fail("the button was being redrawn\\nand is there now")

@pytest.mark.flaky(reruns=1)
def test_opens(late):
    pass

@pytest.mark.flaky(reruns=1)
def test_is_steady():
    pass
"""


def end_of_a_run(folder: Path, *options: str) -> str:
    """What pytest prints after the dots."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    command = [sys.executable, "-m", "pytest", "-p", "tests.second_tries", "-p", "no:cacheprovider", *options]
    run = subprocess.run(
        command, cwd=folder, env=environment | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


@pytest.mark.parametrize("options", [(), ("-n", "2", "--dist", "worksteal")], ids=["alone", "two workers"])
def test_a_test_that_needed_a_second_try_is_named_with_its_reason(options, tmp_path):
    (tmp_path / "test_flaky.py").write_text(FLAKY)
    _, _, said = end_of_a_run(tmp_path, *options).partition(" second tries ")
    assert "test_flaky.py::test_clicks (call)\n    Failed: the button was being redrawn\n    and is there now\n" in said
    assert "test_flaky.py::test_opens (setup)\n    TimeoutError: the server was late\n    at " in said
    assert "test_flaky.py:10\n" in said
    assert "test_is_steady" not in said
    assert "3 passed, 2 rerun" in said


def test_a_run_without_second_tries_says_nothing_of_them(tmp_path):
    (tmp_path / "test_steady.py").write_text("def test_is_steady():\n    pass\n")
    assert "second tries" not in end_of_a_run(tmp_path)
