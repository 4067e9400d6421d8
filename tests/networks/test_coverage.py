"""What rules reach in a network, before its weights are there. Whether the table is right, the zoo's test says."""

from dataclasses import replace

import pytest
from torch import nn

from core.networks import coverage
from core.networks.catalogue import lookup
from core.networks.coverage import coverage_of


def test_a_network_that_is_not_in_the_table_is_traced(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = coverage_of(lookup("mobilenet_v3_small"))
    monkeypatch.setattr(coverage, "_COUNTED", {})
    assert coverage_of(lookup("mobilenet_v3_small")) == counted
    assert (counted.gated, counted.total) == (14, 33)


@pytest.mark.parametrize(
    ("model", "gated", "total", "idle"),
    [("vgg19", 18, 18, 0), ("mobilenet_v3_small", 14, 33, 0), ("vit_b_16", 0, 12, 0), ("swin_v2_t", 12, 24, 12)],
)
def test_coverage_is_full_partial_none_or_idle(model: str, gated: int, total: int, idle: int) -> None:
    found = coverage_of(lookup(model))
    assert (found.gated, found.total, found.idle) == (gated, total, idle)
    assert found.full == (model == "vgg19")
    assert found.idles == (model == "swin_v2_t")


def test_it_is_a_matter_of_the_architecture_and_not_of_the_weights() -> None:
    assert coverage_of(lookup("resnet50:IMAGENET1K_V1")) == coverage_of(lookup("resnet50"))
    own = replace(lookup("squeezenet1_1"), name="own-0123456789abcdef")
    assert coverage_of(own) == coverage_of(lookup("squeezenet1_1"))


@pytest.mark.parametrize(
    ("model", "between", "said"),
    [("resnet18", nn.ReLU, (18, 18)), ("resnet18", nn.GELU, (17, 18)), ("convnext_tiny", nn.ReLU, (1, 19))],
)
def test_what_the_head_of_an_own_network_adds_is_counted(model: str, between: type[nn.Module], said: object) -> None:
    def build() -> nn.Module:
        return nn.Sequential(lookup(model).build(), nn.Linear(1000, 8), between(), nn.Linear(8, 2))

    name = f"own-{int.from_bytes(between.__name__.encode()):016x}"  # a digest of all of it, its head as well
    found = coverage_of(replace(lookup(model), name=name, build=build))
    assert (found.gated, found.total) == said


def test_the_most_frequent_kind_is_named_first() -> None:
    assert coverage_of(lookup("mobilenet_v3_small")).names == "19 Hardswish, 14 ReLU"
    assert coverage_of(lookup("maxvit_t")).names == "45 GELU, 11 SiLU, 1 Tanh"


def test_what_is_in_the_table_is_not_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage, "_traced", None)
    assert coverage_of(lookup("vgg19:IMAGENET1K_V1")).total == 18
