"""Loading weights files: what comes out, and what is refused."""

import os
import sys
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torchvision import models
from torchvision.models import WeightsEnum

from core.errors import UnknownNetwork, WeightsDamaged, WeightsMissing
from core.networks.catalogue import lookup
from core.networks.weights.files import load_module
from core.networks.weights.places import on_disk, weights_path
from tests.networks.made_weights import random_state, write, write_random_weights

NAME = "squeezenet1_1"  # the smallest file
LOADED_IN_THEIR_OWN_WAY = {
    "densenet121": "keys renamed",
    "googlenet": "two heads that only training uses",
    "inception_v3": "one such head",
    "maxvit_t": "tables of positions beside the parameters",
    "mnasnet0_5": "a version that must be told",
    "regnet_y_400mf": "no meta device",
    "resnet18": "in no way",
}


def save(state: object, folder: Path, name: str = NAME, *, legacy: bool = False) -> Path:
    return write(state, folder / lookup(name).weights.name, legacy=legacy)


def mapped_files() -> str:
    with open("/proc/self/maps") as maps:
        return maps.read()


@pytest.mark.parametrize("name", LOADED_IN_THEIR_OWN_WAY)
def test_a_network_computes_what_torchvisions_own_loading_gives(
    name: str, checkpoints: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_random_weights(name, checkpoints)
    state = torch.load(path, weights_only=True)
    monkeypatch.setattr(WeightsEnum, "get_state_dict", lambda self, *args, **kwargs: state)
    expected = models.get_model(name, weights="DEFAULT").eval()
    x = torch.randn(1, 3, *[lookup(name).recipe.crop] * 2)
    with torch.no_grad():
        assert torch.equal(load_module(name)(x), expected(x))


@pytest.mark.parametrize("name", models.list_models(module=models, exclude="regnet*"))
def test_every_tensor_of_a_network_is_in_its_weights_file(name: str) -> None:
    # What a constructor keeps elsewhere would stay on the meta device, where RegNet cannot be built anyway.
    with torch.device("meta"):
        module = lookup(name).build()
    plain = [value for part in module.modules() for value in vars(part).values() if isinstance(value, torch.Tensor)]
    saved = module.state_dict().keys()
    assert plain == []
    assert {key for key, _ in [*module.named_parameters(), *module.named_buffers()]} <= saved


@pytest.mark.parametrize("name", ["googlenet", "regnet_y_400mf", "resnet18"])
def test_a_network_is_ready_to_use_and_frozen(name: str, checkpoints: Path) -> None:
    write_random_weights(name, checkpoints)
    module = load_module(name)
    tensors = [*module.parameters(), *module.buffers()]
    assert not any(part.training for part in module.modules())
    assert not any(tensor.requires_grad for tensor in tensors)
    assert {tensor.device.type for tensor in tensors} == {"cpu"}
    assert not any(name.startswith("aux") for name, _ in module.named_children())


@pytest.mark.parametrize("name", ["alexnet", "resnet18"])
def test_made_weights_neither_vanish_nor_explode(name: str, checkpoints: Path) -> None:
    write_random_weights(name, checkpoints)
    with torch.no_grad():
        assert 0.1 < load_module(name)(torch.randn(1, 3, 224, 224)).std() < 10


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc/self/maps")
def test_a_file_is_mapped_and_not_read(checkpoints: Path) -> None:
    path = write_random_weights(NAME, checkpoints)
    module = load_module(NAME)
    assert str(path) in mapped_files()
    del module
    assert str(path) not in mapped_files()


def test_writing_to_a_network_does_not_reach_its_file(checkpoints: Path) -> None:
    write_random_weights(NAME, checkpoints)
    load_module(NAME).features[0].bias.fill_(7)
    assert load_module(NAME).features[0].bias.abs().max() < 1


def test_the_format_before_torch_1_6_gives_the_same_network(checkpoints: Path) -> None:
    write_random_weights(NAME, checkpoints)
    today = load_module(NAME).state_dict()
    write_random_weights(NAME, checkpoints, legacy=True)
    before = load_module(NAME).state_dict()
    assert all(torch.equal(before[key], today[key]) for key in today)


def test_safetensors_give_the_same_network(checkpoints: Path) -> None:
    write_random_weights(NAME, checkpoints)
    expected, file = load_module(NAME).state_dict(), checkpoints / "own.safetensors"
    save_file(dict(expected), file)
    spec = lookup(NAME)
    own = replace(spec, weights=replace(spec.weights, name=file.name, folder=file.parent))
    assert all(torch.equal(tensor, expected[key]) for key, tensor in load_module(own).state_dict().items())
    file.write_bytes(file.read_bytes()[:-1000])
    with pytest.raises(WeightsDamaged, match="not a whole safetensors file"):
        load_module(own)


def test_tensors_that_are_not_the_networks_may_be_left_out_by_their_names(checkpoints: Path) -> None:
    state = {f"model.{key}": value for key, value in random_state(NAME).items()} | {"loss.weight": torch.zeros(2)}
    save(state, checkpoints)
    spec = replace(lookup(NAME), rename=lambda key: key[6:] if key.startswith("model.") else None)
    assert torch.equal(load_module(spec).features[0].bias, state["model.features.0.bias"])


def test_batch_normalisation_that_counted_no_batches_is_accepted(checkpoints: Path) -> None:
    # As in files made before torch 0.4.1: neither the counters nor the versions that tell of them.
    state = {key: value for key, value in random_state("resnet18").items() if "num_batches" not in key}
    save(state, checkpoints, "resnet18", legacy=True)
    assert load_module("resnet18").bn1.num_batches_tracked.item() == 0


def test_the_old_keys_of_densenet_are_understood(checkpoints: Path) -> None:
    state = random_state("densenet121")
    old = OrderedDict()
    for key, value in state.items():
        for layer in ("norm", "conv"):
            key = key.replace(f".{layer}1.", f".{layer}.1.").replace(f".{layer}2.", f".{layer}.2.")
        old[key] = value
    assert old.keys() != state.keys()
    save(old, checkpoints, "densenet121")
    assert torch.equal(
        load_module("densenet121").features.denseblock1.denselayer2.norm1.weight,
        state["features.denseblock1.denselayer2.norm1.weight"],
    )


def test_half_precision_and_parameters_become_frozen_float32(checkpoints: Path) -> None:
    # The first wide ResNets were published in half precision, the oldest files with nn.Parameter inside.
    save({key: nn.Parameter(value.half()) for key, value in random_state(NAME).items()}, checkpoints)
    parameters = list(load_module(NAME).parameters())
    assert {parameter.dtype for parameter in parameters} == {torch.float32}
    assert not any(parameter.requires_grad for parameter in parameters)


def test_an_unknown_name_is_refused_before_any_file_is_sought() -> None:
    with pytest.raises(UnknownNetwork, match="squeezenet1_1"):
        load_module("squeezenet")


def test_a_missing_file_says_what_to_fetch_and_where_to_put_it(checkpoints: Path) -> None:
    asked = lookup("vgg19")
    assert weights_path(asked) == checkpoints / "vgg19-dcbb9e9d.pth"
    assert not on_disk(asked)
    with pytest.raises(WeightsMissing, match=r"VGG-19 \(575 MB\).*vgg19-dcbb9e9d.pth on another machine") as caught:
        load_module("vgg19")
    assert caught.value.path == weights_path(asked)


def without(state: dict[str, Tensor], key: str) -> dict[str, Tensor]:
    return {name: value for name, value in state.items() if name != key}


@pytest.mark.parametrize("legacy", [False, True], ids=["zip", "older format"])
@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (
            lambda state: without(state, "features.0.bias"),
            r"1 of the network's tensors are not in it.*features.0.bias",
        ),
        (lambda state: {**state, "extra": torch.zeros(1)}, "holds extra, which this network does not have"),
        (lambda state: {**state, "features.0.bias": torch.zeros(3)}, "size mismatch for features.0.bias"),
        (
            lambda state: {**state, "features.0.bias": torch.zeros(64).int()},
            "features.0.bias holds torch.int32",
        ),
        (lambda state: {"state_dict": dict(state)}, "something else than named tensors"),
        (lambda state: {1: torch.zeros(1)}, "something else than named tensors"),
        (lambda state: torch.zeros(3), "something else than named tensors"),
        (
            lambda state: {**state, "features.0.bias": torch.zeros(64).to_sparse()},
            "it (is not|holds something)",
        ),
        (
            lambda state: {**state, "features.0.bias": torch.zeros(64, device="meta")},
            "something else than named",
        ),
        (lambda state: nn.Linear(1, 1), "it holds code, which is refused"),
    ],
)
def test_a_file_of_other_content_is_refused(
    damage: Callable[[dict[str, Any]], object], reason: str, legacy: bool, checkpoints: Path
) -> None:
    save(damage(random_state(NAME)), checkpoints, legacy=legacy)
    with pytest.raises(WeightsDamaged, match=f"SqueezeNet 1.1 cannot be used: .*{reason}"):
        load_module(NAME)


@pytest.mark.parametrize("legacy", [False, True], ids=["zip", "older format"])
@pytest.mark.parametrize("kept", [0.0, 1e-5, 0.5, 0.999])
def test_a_file_that_broke_off_is_refused(kept: float, legacy: bool, checkpoints: Path) -> None:
    path = write_random_weights(NAME, checkpoints, legacy=legacy)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(kept * len(whole))])
    with pytest.raises(WeightsDamaged, match=r"cannot be used: it is not a (whole )?weights file. Delete"):
        load_module(NAME)


@pytest.mark.parametrize("content", [b"<!DOCTYPE html><p>Sign in</p>", b"PK\x03\x04 no zip", bytes(range(256))])
def test_a_file_of_another_kind_is_refused(content: bytes, checkpoints: Path) -> None:
    (checkpoints / lookup(NAME).weights.name).write_bytes(content)
    with pytest.raises(WeightsDamaged, match=r"cannot be used: it is not a (whole )?weights file"):
        load_module(NAME)


@pytest.mark.filterwarnings("ignore:.*torch.jit")
def test_a_program_in_place_of_weights_is_refused(checkpoints: Path) -> None:
    path = checkpoints / lookup(NAME).weights.name
    torch.jit.script(nn.Linear(1, 1)).save(path)
    with pytest.raises(WeightsDamaged, match="it is not a whole weights file"):
        load_module(NAME)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read_is_refused(checkpoints: Path) -> None:
    write_random_weights(NAME, checkpoints).chmod(0)
    with pytest.raises(WeightsDamaged, match="it cannot be read"):
        load_module(NAME)
