"""For all tests: that they find the same each time, what may be tried twice, and a picture and a network."""

import os
from collections.abc import Iterator
from functools import cache

import hypothesis
import pytest
import torch

from core.images import load_sample
from core.networks.graph.network import Network
from core.networks.load import load_network
from core.ui.frame import engine
from core.values import Picture
from tests.second_tries import pytest_terminal_summary as pytest_terminal_summary

OF_THE_TESTS = {"LIMELIGHT_BROWSER_REQUIRED", "LIMELIGHT_SCREENSHOTS"}

# Several workers share a small computer.
if "PYTEST_XDIST_WORKER" in os.environ:
    torch.set_num_threads(1)

# Properties are checked with the same examples every time, and a slow computer may take its time for each.
hypothesis.settings.load_profile("ci")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """On a loaded computer a click can meet a page that is being redrawn: browser tests have a second try."""
    for item in items:
        if "e2e" in item.path.parts:
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes may hold the time at which they were made, and long texts are no names: they are called by their place."""
    return argname if isinstance(val, bytes) or (isinstance(val, str) and len(val) > 100) else None


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Random numbers do not depend on the tests that this worker happened to run before."""
    torch.manual_seed(0)


@pytest.fixture(scope="session", autouse=True)
def nothing_of_whoever_runs_this(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No settings, weights or caches of theirs are found, and theirs stay as they are."""
    folder = tmp_path_factory.mktemp("nobody")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("LIMELIGHT_") and name not in OF_THE_TESTS]:
            patch.delenv(name)
        patch.setenv("TORCH_HOME", str(folder))
        patch.setenv("LIMELIGHT_CACHE", str(folder / "cache"))
        yield


@pytest.fixture(scope="session", autouse=True)
def the_same_device_everywhere() -> Iterator[None]:
    """The CPU, whatever this computer has: `tests/saliency/test_accelerators.py` asks whether others agree with it."""
    with pytest.MonkeyPatch.context() as patch:
        for accelerator in (torch.cuda, torch.backends.mps):
            patch.setattr(accelerator, "is_available", cache(lambda: False))  # torch itself looks into the cached one
        yield


@pytest.fixture(scope="session", autouse=True)
def nothing_is_loaded_beside_a_test() -> None:
    """As the first page of a process would have it, in a thread."""
    engine.begun.acquire(blocking=False)


@pytest.fixture(scope="session")
def cat() -> Picture:
    """A sample photo."""
    return load_sample("chelsea")


@pytest.fixture(scope="session")
def network() -> Network:
    """EfficientNet-Lite0 with its real weights, on the CPU."""
    return load_network("efficientnet_lite0", "cpu")
