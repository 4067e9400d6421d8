"""A process that is killed while it prepares a network, and two that do so at once in one folder."""

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.networks.made_weights import write_random_weights

ROOT = Path(__file__).parents[2]
NAME = "resnet18"  # 47 MB, all of which is kept beside it if it is of the old format
PREPARE = f"""
import hashlib, torch
from core.networks.load import load_network
torch.set_num_threads(1)
answer = load_network("{NAME}", "cpu")(torch.ones(1, 3, 224, 224))
print(hashlib.sha256(answer.numpy().tobytes()).hexdigest())
"""
STOPPING_HALFWAY = """
import time, torch
def save(state, path):
    path.write_bytes(bytes(1000))
    print("half", flush=True)
    time.sleep(600)
torch.save = save
"""


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """The folder of prepared networks; whatever is begun finds it, and the weights."""
    write_random_weights(NAME, tmp_path / "hub" / "checkpoints", legacy=True)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setenv("LIMELIGHT_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "prepared"


@contextmanager
def running(script):
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def answered(process):
    said, _ = process.communicate(timeout=100)
    assert process.returncode == 0
    return said


def test_two_that_prepare_at_once_what_a_killed_one_left_agree_and_leave_one_copy(cache):
    with running(STOPPING_HALFWAY + PREPARE) as killed:
        assert killed.stdout.readline() == "half\n"
    (left,) = cache.iterdir()
    assert left.suffix == ".part"
    with running(PREPARE) as one, running(PREPARE) as other:
        first, second = answered(one), answered(other)
    (copy,) = cache.glob("*.pt")
    assert copy.stat().st_size > 40_000_000
    with running(PREPARE) as third:
        assert first == second == answered(third)  # which maps what they left
    assert set(cache.iterdir()) == {left, copy}
