"""What reads checkpoints in this process, and a network's outline."""

import pytest

from tests.networks.checkpoints.made_checkpoints import State, shapes_of
from tests.reading import here as here


@pytest.fixture(scope="module")
def resnet() -> State:
    """A ResNet-18 of 7 classes."""
    return shapes_of("resnet18")
