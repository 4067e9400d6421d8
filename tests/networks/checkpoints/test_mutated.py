"""Damaged files: each is refused in a sentence, or what is taken of it is a whole copy."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from core.errors import CheckpointError
from core.networks.checkpoints.checkpoint import read_checkpoint
from tests.networks.checkpoints.mutated import mutated

FILES = dict(mutated(210))


@pytest.mark.usefixtures("here")
@pytest.mark.timeout(20)
@pytest.mark.filterwarnings("ignore")  # of zipfile, about entries that are there twice
def test_a_damaged_file_is_refused_or_read_and_never_breaks_its_reader(tmp_path: Path) -> None:
    outcomes = {"refused": 0, "read": 0}
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
        copies = tmp_path / f"{name} copies"
        try:
            found = read_checkpoint(tmp_path / name, copies)
        except CheckpointError:
            outcomes["refused"] += 1
            assert not copies.exists() or list(copies.iterdir()) == []
        else:
            outcomes["read"] += 1
            copy = load_file(found.file)
            assert all(torch.isfinite(tensor).all() for tensor in copy.values() if tensor.is_floating_point())
            assert copy.keys() | found.unusable.keys() >= found.shapes.keys()
    assert min(outcomes.values()) > 10  # of both there are enough to mean something
