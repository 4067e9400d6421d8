"""A process that is killed while it prepares a network, and two that do so at once in one folder."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.networks.made_weights import write_random_weights

ROOT = Path(__file__).parents[2]
NAME = "alexnet"  # 244 MB, all of which is kept beside it if it is of the old format
PREPARE = f"""
import hashlib, torch
from core.networks.load import load_network
torch.set_num_threads(1)
answer = load_network("{NAME}", "cpu")(torch.ones(1, 3, 224, 224))
print(hashlib.sha256(answer.numpy().tobytes()).hexdigest())
"""


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """The folder of prepared networks; whatever is begun finds it, and the weights."""
    write_random_weights(NAME, tmp_path / "hub" / "checkpoints", legacy=True)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setenv("LIMELIGHT_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "prepared"


def preparing():
    return subprocess.Popen([sys.executable, "-c", PREPARE], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def answered(process):
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return said


def test_what_a_killed_process_was_preparing_is_prepared_by_the_next(cache):
    with preparing() as killed:
        while not any(cache.glob("*.part")):
            assert killed.poll() is None
            time.sleep(0.001)
        killed.kill()
    (left,) = cache.iterdir()
    assert left.suffix == ".part"
    first = answered(preparing())
    (copy,) = cache.glob("*.pt")
    os.utime(left, (0, 0))  # nobody has written to it for long
    copy.unlink()
    assert answered(preparing()) == first
    assert [path.name for path in cache.iterdir()] == [copy.name]


def test_two_that_prepare_at_once_agree_and_leave_one_copy(cache):
    both = [preparing(), preparing()]
    first, second = map(answered, both)
    assert first == second == answered(preparing())
    assert [path.suffix for path in cache.iterdir()] == [".pt"]
