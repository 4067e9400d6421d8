"""For all tests: how they share a small computer when several workers run them, and what may be tried twice."""

import os

import pytest
import torch

if "PYTEST_XDIST_WORKER" in os.environ:
    torch.set_num_threads(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests share a server and a browser: one worker takes them all. On a loaded computer a click can meet a
    page that is being redrawn: they have a second try.
    """
    for item in items:
        if "e2e" in item.path.parts:
            item.add_marker(pytest.mark.xdist_group("browser"))
            item.add_marker(pytest.mark.flaky(reruns=1))
