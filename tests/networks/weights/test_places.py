"""Where weights are, with torch and before it is there."""

import os
import subprocess
import sys

import pytest
import torch

from core.networks.weights.places import hub_folder
from tests.opening import ROOT


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"TORCH_HOME": "/tmp/of its own"},
        {"XDG_CACHE_HOME": "~/elsewhere"},
        {"TORCH_HOME": "~/t", "XDG_CACHE_HOME": "/x"},
    ],
    ids=lambda said: ",".join(said) or "nothing",
)
def test_without_torch_it_is_the_folder_that_torch_would_say(said):
    code = """
import sys
from core.networks.weights.places import hub_folder
before = hub_folder()
assert "torch" not in sys.modules
import torch
assert str(before) == torch.hub.get_dir() == str(hub_folder()), (before, torch.hub.get_dir())"""
    unsaid = {key: value for key, value in os.environ.items() if key not in ("TORCH_HOME", "XDG_CACHE_HOME")}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=unsaid | said, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_folder_that_was_set_counts(tmp_path, monkeypatch):
    monkeypatch.setattr(torch.hub, "_hub_dir", str(tmp_path / "set"))
    assert hub_folder() == tmp_path / "set"
