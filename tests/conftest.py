"""For all tests: how several workers share a small computer, what may be tried twice, and a picture and a network."""

import os

import pytest
import torch

from core.images import load_sample
from core.networks.graph.network import Network
from core.networks.load import load_network
from core.values import Picture

if "PYTEST_XDIST_WORKER" in os.environ:
    torch.set_num_threads(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """On a loaded computer a click can meet a page that is being redrawn: browser tests have a second try."""
    for item in items:
        if "e2e" in item.path.parts:
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def cat() -> Picture:
    """A sample photo."""
    return load_sample("chelsea")


@pytest.fixture(scope="session")
def network() -> Network:
    """EfficientNet-Lite0 with its real weights, on the CPU."""
    return load_network("efficientnet_lite0", "cpu")
