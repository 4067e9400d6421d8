"""What had to be assumed of a network is said."""

import pytest

from core.networks.checkpoints.alike import look_alikes
from core.networks.checkpoints.match import match
from tests.networks.checkpoints.made_checkpoints import State, outline, renamed, shapes_of, zeros

PLAIN = tuple(look_alikes("resnet18"))  # what is said of a file with nothing strange about it


def test_what_stands_beside_the_network_is_left_out_and_told(resnet: State) -> None:
    beside = zeros(**{"criterion.weight": (3,), "accuracy.confusion": (7, 7)})
    found = match(outline({**beside, **renamed(resnet, "", "model.")}), "resnet18")
    assert found.ignored == 2
    assert set(found.keys.values()) == resnet.keys()
    assert found.notices == ("Tensors beside the network were left out: 2, such as 'criterion.weight'.", *PLAIN)


def test_of_a_head_is_said_what_its_layers_are_taken_for(resnet: State) -> None:
    body = {key: value for key, value in resnet.items() if not key.startswith("fc.")}
    head = {"fc.0.weight": (512,), "fc.0.bias": (512,), "fc.1.weight": (7, 512)}
    notice = "Its head is made of 'fc.0' (LayerNorm, epsilon 1e-5), 'fc.1' (Linear), in this order."
    assert match(outline({**body, **zeros(**head)}), "resnet18").notices == (notice, *PLAIN)


@pytest.mark.parametrize(("classes", "notice"), [(1000, "taken to be ImageNet's"), (1, "single output")])
def test_with_so_many_classes_is_remarked_on(classes: int, notice: str) -> None:
    found = match(outline(shapes_of("squeezenet1_1", classes)), "squeezenet1_1")
    assert found.classes == classes
    assert notice in found.notices[0]
