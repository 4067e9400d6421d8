"""A real comparison and its manifest; the folders for weights are the tests' own."""

import sys
from pathlib import Path

import pytest
import torch

from core.explain import compare
from core.export.manifest import manifest_of, read_manifest, to_json
from tests.selecting import select

NAME = "efficientnet_lite0"


@pytest.fixture(scope="package", autouse=True)
def checkpoints(tmp_path_factory):
    """The folder where weights are looked for, and no cache but this package's."""
    folder: Path = tmp_path_factory.mktemp("manifest")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch.hub, "_hub_dir", str(folder / "hub"))
        patch.setenv("LIMELIGHT_CACHE", str(folder / "cache"))
        yield folder / "hub" / "checkpoints"


@pytest.fixture(scope="package")
def comparison(cat):
    """Of the network that pip installed, by two rules."""
    return compare(cat, [NAME], device="cpu")


@pytest.fixture
def loaded(network, monkeypatch):
    """`compare` finds the network loaded."""
    monkeypatch.setattr(sys.modules["core.explain"], "load_network", lambda spec, device: network)


@pytest.fixture(scope="package")
def written(comparison):
    """The manifest in plain JSON values; a copy is needed to change it."""
    return manifest_of(comparison, "chelsea", select().to_query())


@pytest.fixture(scope="package")
def manifest(written):
    return read_manifest(to_json(written))
