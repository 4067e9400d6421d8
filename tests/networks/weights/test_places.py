"""Where weights are, with torch and before it is there."""

import subprocess
import sys

import torch

from core.networks.weights.places import hub_folder
from tests.opening import ROOT

SAID = (
    {},
    {"TORCH_HOME": "/tmp/of its own"},
    {"XDG_CACHE_HOME": "~/elsewhere"},
    {"TORCH_HOME": "~/t", "XDG_CACHE_HOME": "/x"},
)


def test_without_torch_it_is_the_folder_that_torch_would_say():
    code = f"""
import os, sys
from core.networks.weights.places import hub_folder

def said():
    for variables in {SAID}:
        for name in ("TORCH_HOME", "XDG_CACHE_HOME"):
            os.environ.pop(name, None)
        os.environ.update(variables)
        yield

without = [str(hub_folder()) for _ in said()]
assert "torch" not in sys.modules
import torch
torchs = [(torch.hub.get_dir(), str(hub_folder())) for _ in said()]
assert torchs == [(each, each) for each in without], (torchs, without)
assert len(set(without)) == {len(SAID)}"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_folder_that_was_set_counts(tmp_path, monkeypatch):
    monkeypatch.setattr(torch.hub, "_hub_dir", str(tmp_path / "set"))
    assert hub_folder() == tmp_path / "set"
