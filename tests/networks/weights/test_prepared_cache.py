"""Prepared networks kept on disk: the same numbers, mapped, made once, and never believed when they are damaged."""

import os
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from core.errors import NetworkError, WeightsDamaged, WeightsMissing
from core.networks.catalogue import lookup
from core.networks.graph.network import Network
from core.networks.graph.prepare import prepare
from core.networks.load import load_network
from core.networks.weights import prepared_cache as module_under_test
from core.networks.weights.files import load_module
from core.networks.weights.places import weights_path
from core.networks.weights.prepared_cache import load_prepared, remove
from tests.networks.made_weights import random_state, write, write_random_weights

NAME = "squeezenet1_1"  # the smallest file; its convolutions are laid out anew
IMAGE = torch.randn(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))


def kept(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "cache" / "prepared").glob("*"))


def tensors(network: Network) -> dict[str, torch.Tensor]:
    return dict(network.graph.state_dict())


@pytest.mark.parametrize("legacy", [False, True], ids=["zip", "older format"])
@pytest.mark.parametrize("name", [NAME, "resnet18", "alexnet", "googlenet", "swin_t", "regnet_y_400mf", "densenet121"])
def test_a_network_from_disk_is_the_one_that_was_prepared(name: str, legacy: bool, checkpoints: Path) -> None:
    write_random_weights(name, checkpoints, legacy=legacy)
    fresh, first, again = prepare(load_module(name)), load_network(name, "cpu"), load_network(name, "cpu")
    for network in (first, again):
        assert network.coverage == fresh.coverage
        assert (network.device, network.dtype) == (fresh.device, fresh.dtype)
        found, expected = tensors(network), tensors(fresh)
        assert found.keys() == expected.keys()
        for key, tensor in found.items():
            assert torch.equal(tensor, expected[key])
            assert tensor.stride() == expected[key].stride()
            assert not tensor.requires_grad


def test_half_precision_files_become_single(checkpoints: Path) -> None:
    state = {key: value.half() if value.is_floating_point() else value for key, value in random_state(NAME).items()}
    write(state, checkpoints / lookup(NAME).weights.name)
    for _ in range(2):
        assert {tensor.dtype for tensor in tensors(load_network(NAME, "cpu")).values()} == {torch.float32}


def test_only_what_cannot_be_mapped_from_the_file_is_kept_beside_it(checkpoints: Path, tmp_path: Path) -> None:
    path = write_random_weights("alexnet", checkpoints)  # its three large linear layers stay where they are
    load_network("alexnet", "cpu")
    (copy,) = kept(tmp_path)
    assert copy.stat().st_size < 0.05 * path.stat().st_size


def test_of_a_file_that_cannot_be_mapped_everything_is_kept(checkpoints: Path, tmp_path: Path) -> None:
    path = write_random_weights("alexnet", checkpoints, legacy=True)
    load_network("alexnet", "cpu")
    (copy,) = kept(tmp_path)
    assert copy.stat().st_size == pytest.approx(path.stat().st_size, rel=0.01)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc/self/maps")
@pytest.mark.parametrize("legacy", [False, True], ids=["zip", "older format"])
def test_all_weights_are_mapped_and_none_is_read(legacy: bool, checkpoints: Path, tmp_path: Path) -> None:
    path = write_random_weights(NAME, checkpoints, legacy=legacy)
    network = load_network(NAME, "cpu")
    spans = []
    for line in Path("/proc/self/maps").read_text().splitlines():
        if str(path) in line or str(kept(tmp_path)[0]) in line:
            spans.append([int(end, 16) for end in line.split()[0].split("-")])
    for tensor in tensors(network).values():
        assert any(start <= tensor.data_ptr() < end for start, end in spans)


def test_the_second_time_nothing_is_prepared_or_written(
    checkpoints: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_random_weights(NAME, checkpoints)
    load_network(NAME, "cpu")
    (copy,) = kept(tmp_path)
    made = copy.stat().st_mtime_ns
    monkeypatch.setattr(module_under_test, "load_module", lambda spec: pytest.fail("loaded again"))
    load_network(NAME, "cpu")
    assert copy.stat().st_mtime_ns == made


def test_another_file_of_the_same_name_is_prepared_anew_and_the_old_copy_goes(
    checkpoints: Path, tmp_path: Path
) -> None:
    path = write(random_state(NAME, seed=0), checkpoints / lookup(NAME).weights.name)
    before = load_network(NAME, "cpu")(IMAGE)
    write(random_state(NAME, seed=1), path)
    os.utime(path, ns=(0, 0))
    assert not torch.equal(load_network(NAME, "cpu")(IMAGE), before)
    assert len(kept(tmp_path)) == 1


@pytest.mark.parametrize(
    "damage", ["cut", "empty", "nonsense", "another network's", "of double precision", "no tensors", "changed"]
)
def test_a_damaged_copy_is_made_anew(damage: str, checkpoints: Path, tmp_path: Path) -> None:
    os.utime(write_random_weights(NAME, checkpoints), ns=(0, 0))
    expected = load_network(NAME, "cpu")(IMAGE)
    (copy,) = kept(tmp_path)
    whole = copy.read_bytes()
    if damage == "another network's":
        write_random_weights("resnet18", checkpoints)
        write({f"network.{key}": value for key, value in random_state("resnet18").items()}, copy)
    elif damage == "of double precision":
        write({key: tensor.double() for key, tensor in torch.load(copy).items()}, copy)
    elif damage == "no tensors":
        write({"network.classifier.1.bias": "no tensor"}, copy)
    elif damage == "changed":  # as large and as well formed as it was
        with copy.open("r+b") as file:
            file.seek(len(whole) // 2)
            file.write(bytes(64))
    else:
        copy.unlink()
        copy.write_bytes({"cut": whole[:10_000], "empty": b"", "nonsense": b"PK\x03\x04" + whole[99:]}[damage])
    if damage != "changed":
        os.utime(copy, ns=(0, 0))  # not by its time alone
    assert torch.equal(load_network(NAME, "cpu")(IMAGE), expected)
    assert kept(tmp_path)[0].stat().st_size == len(whole)


def test_what_a_killed_process_left_half_written_goes(
    checkpoints: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_random_weights(NAME, checkpoints)
    load_network(NAME, "cpu")
    (copy,) = kept(tmp_path)
    left = copy.with_name(f"{copy.name}.0123.part")
    left.write_bytes(b"half")
    load_network(NAME, "cpu")
    assert left.exists()  # somebody may be at it
    now = time.time()
    monkeypatch.setattr(module_under_test.time, "time", lambda: now + 3600)
    load_network(NAME, "cpu")
    assert kept(tmp_path) == [copy]


def test_without_a_place_for_copies_it_works_from_memory(
    checkpoints: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("LIMELIGHT_CACHE", str(tmp_path / "file"))
    write_random_weights(NAME, checkpoints, legacy=True)
    assert load_network(NAME, "cpu")(IMAGE).shape == (1, 1000)


@pytest.mark.parametrize(("variable", "below"), [("XDG_CACHE_HOME", "limelight"), ("HOME", ".cache/limelight")])
def test_copies_are_kept_in_the_usual_place(
    variable: str, below: str, checkpoints: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LIMELIGHT_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, str(tmp_path / "person"))
    write_random_weights(NAME, checkpoints)
    load_network(NAME, "cpu")
    assert (tmp_path / "person" / below / "prepared").is_dir()


def test_a_damaged_or_missing_weights_file_is_said_although_a_copy_was_made(checkpoints: Path) -> None:
    path = write_random_weights(NAME, checkpoints)
    load_network(NAME, "cpu")
    path.unlink()
    with pytest.raises(WeightsMissing):
        load_network(NAME, "cpu")
    path.write_bytes(b"nonsense")
    with pytest.raises(WeightsDamaged):
        load_network(NAME, "cpu")


def test_of_an_own_checkpoint_nothing_is_kept(checkpoints: Path, tmp_path: Path) -> None:
    path = write_random_weights(NAME, checkpoints)
    spec = lookup(NAME)
    own = replace(spec, name="own-0123456789abcdef", weights=replace(spec.weights, url="", folder=path.parent))
    assert load_prepared(own)(IMAGE).shape == (1, 1000)
    assert kept(tmp_path) == []


def test_removing_leaves_nothing_of_it_and_all_of_the_others(checkpoints: Path, tmp_path: Path) -> None:
    for name in (NAME, "alexnet"):
        write_random_weights(name, checkpoints)
        load_network(name, "cpu")
    path = weights_path(lookup(NAME))
    path.with_name(f"{path.name}.partial").write_bytes(b"the beginning of it")
    remove(lookup(NAME))
    assert [file.name for file in checkpoints.iterdir() if file.suffix != ".lock"] == [lookup("alexnet").weights.name]
    assert [file.name.partition("-")[0] for file in kept(tmp_path)] == ["alexnet"]
    remove(lookup(NAME))  # once more: there is nothing to do


def test_what_came_with_a_package_is_not_removed() -> None:
    with pytest.raises(NetworkError, match="came with a package"):
        remove(lookup("efficientnet_lite0"))
    assert weights_path(lookup("efficientnet_lite0")).is_file()
