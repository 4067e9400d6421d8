"""A small network and pictures for it."""

import pytest

from core.networks.catalogue import NetworkSpec
from tests.audit.made import colours, fill


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> NetworkSpec:
    """The network of tests.audit.made."""
    return colours(tmp_path_factory.mktemp("weights"))


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory):
    """A folder of 30 pictures of each colour."""
    return fill(tmp_path_factory.mktemp("pictures"), 30)
