"""Heads of several layers: which tensors make a layer, and in which order they go on."""

import pytest
import torch
from torch import nn

from core.networks.checkpoints.heads import BETWEEN, Head, Layer, layers_among, orders


def linear(name: str, inputs: int, outputs: int) -> Layer:
    return Layer(name, "linear", inputs, outputs, bias=True)


def norm(name: str, length: int, kind: str = "batch_norm") -> Layer:
    return Layer(name, kind, length, length, bias=True)


def named(layers: list[Layer], inputs: int = 8, **strange: tuple[int, ...]) -> list[list[str]]:
    """The orders by name; "?" where something may stand."""
    return [[layer.name if layer else "?" for layer in order] for order in orders(layers, inputs, strange)]


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        ([linear("fc", 8, 2)], [["fc"]]),
        ([linear("fc", 9, 2)], []),
        ([linear("h.3", 4, 2), linear("h.0", 8, 4)], [["h.0", "?", "h.3"]]),
        ([linear("h.10", 4, 2), linear("h.9", 8, 4)], [["h.9", "h.10"]]),
        ([linear("fc2", 4, 2), linear("fc1", 8, 4)], [["fc1", "?", "fc2"]]),
        ([linear("out", 4, 2), linear("hidden", 8, 4)], [["hidden", "?", "out"]]),
        ([linear("h.0", 8, 8), linear("h.2", 8, 2)], [["h.0", "?", "h.2"]]),
        ([linear("h.2", 8, 8), linear("h.0", 8, 2)], []),
        ([linear("a", 8, 8), linear("b", 8, 2)], [["a", "?", "b"], ["b"]]),
        ([linear("age", 8, 9), linear("sex", 8, 2)], [["age"], ["sex"]]),
        ([linear("h.0", 8, 4), norm("h.1", 4), linear("h.4", 4, 2)], [["h.0", "h.1", "?", "h.4"]]),
        ([linear("h.0", 8, 4), norm("h.2", 4), linear("h.3", 4, 2)], [["h.0", "?", "h.2", "h.3"]]),
        ([linear("h.0", 8, 4), norm("h.2", 4), linear("h.4", 4, 2)], []),
        ([linear("h.fc1", 8, 4), norm("h.bn1", 4), linear("h.fc2", 4, 2)], []),
        ([linear("h.0", 8, 4), norm("h.1", 4)], []),
        ([norm("h.0", 8), linear("h.1", 8, 2)], [["h.0", "h.1"]]),
        ([norm("h.0", 8)], []),
        ([norm("h.0", 8, "layer_norm"), linear("h.1", 8, 2)], [["h.0", "h.1"]]),
        ([norm("h.0", 8, "layer_norm"), linear("h.2", 8, 2)], [["h.0", "?", "h.2"]]),
        ([norm("norm", 8, "layer_norm"), linear("fc", 8, 2)], []),
        (
            [linear("h.0", 8, 4), norm("h.1", 4, "layer_norm"), linear("h.3", 4, 2)],
            [["h.0", "h.1", "?", "h.3"]],
        ),
        ([linear("h.0", 8, 4), norm("h.2", 4, "layer_norm"), linear("h.4", 4, 2)], []),
        ([linear("fc1", 8, 4), norm("ln", 4, "layer_norm"), linear("fc2", 4, 2)], []),
        ([linear("fc", 8, 2), norm("norm", 5, "layer_norm")], [["fc"]]),
        ([linear(f"h.{index}", 8, 8) for index in range(20)], []),
    ],
)
def test_the_order_is_what_numbers_and_sizes_say(layers: list[Layer], expected: list[list[str]]) -> None:
    assert named(layers) == expected


@pytest.mark.parametrize(
    ("strange", "is_plain"),
    [
        ({"h.1": (1,)}, False),  # PReLU, numbered among them
        ({"h.1": ()}, False),
        ({"act": (1,)}, False),  # PReLU by name
        ({"scale": (4,)}, False),  # as many numbers as there are in between
        ({"criterion": (2,)}, True),  # weights of classes
        ({"queue.0": (3,), "": ()}, True),
    ],
)
def test_where_something_unknown_could_stand_between_no_order_is_plain(
    strange: dict[str, tuple[int, ...]], is_plain: bool
) -> None:
    layers = [linear("h.0", 8, 4), linear("h.2", 4, 2)]
    assert named(layers, **strange) == ([["h.0", "?", "h.2"]] if is_plain else [])


def test_before_a_single_layer_stands_nothing_of_one_number() -> None:
    assert named([linear("fc", 8, 2)], temperature=(1,)) == [["fc"]]
    assert named([linear("fc", 8, 2)], scale=(8,)) == []


@pytest.mark.parametrize("between", BETWEEN)
def test_a_head_is_built_with_what_is_said_to_stand_between(between: str) -> None:
    head = Head("fc", orders([linear("h.0", 8, 4), linear("h.2", 4, 2)], 8)[0])
    theirs = nn.Sequential(nn.Linear(8, 4), BETWEEN[between].make(), nn.Linear(4, 2))
    ours = head.build(between)
    ours.load_state_dict(theirs.state_dict())
    x = torch.randn(3, 8)
    assert torch.equal(ours(x), theirs(x))
    names = [f"h.{key}" for key in theirs.state_dict()] + ["h.0.num_batches_tracked", "other.weight"]
    assert set(head.keys(names).values()) == {f"fc.{key}" for key in ours.state_dict()}


def test_layers_are_known_by_their_tensors() -> None:
    modules = {
        "a": nn.Linear(3, 2), "b": nn.Linear(3, 2, bias=False), "c": nn.BatchNorm1d(3), "d": nn.LayerNorm(3),
        "e": nn.RMSNorm(3), "f": nn.PReLU(), "g": nn.LayerNorm((3, 2)), "h": nn.Conv1d(3, 2, 1),
    }  # fmt: skip
    shapes = {f"{name}.{key}": tuple(v.shape) for name, m in modules.items() for key, v in m.state_dict().items()}
    layers, strange = layers_among(shapes, shapes)
    assert [(layer.name, layer.kind, layer.inputs, layer.outputs, layer.bias) for layer in layers] == [
        ("a", "linear", 3, 2, True),
        ("b", "linear", 3, 2, False),
        ("c", "batch_norm", 3, 3, True),
        ("d", "layer_norm", 3, 3, True),
    ]
    assert strange == {"e": (3,), "f": (1,), "g": (3, 2), "h": (2, 3, 1)}
