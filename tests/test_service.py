"""What is kept between reruns: networks, and what is made of maps."""

from dataclasses import replace
from threading import Event, Thread, Timer

import numpy as np
import pytest
import streamlit as st
import torch

from core import service
from core.explain import explain
from core.networks.catalogue import lookup
from core.question import Question
from core.saliency.agreement import FramedMap
from core.saliency.reductions import saliency
from core.targets import TopK
from tests.held import SECONDS, Kept, ignore
from tests.networks.made_weights import random_state, write, write_random_weights
from tests.ui.made import explained

NAME = "efficientnet_lite0"


@pytest.fixture
def loaded(monkeypatch):
    """The names of the networks that were loaded, each of 100 MB, in order."""
    names = []
    monkeypatch.setattr(service, "load_network", lambda spec: names.append(spec.name) or Kept(100_000_000, spec.name))
    st.cache_resource.clear()
    yield names
    st.cache_resource.clear()


def use(name):
    with service.computing_with(lookup(name), ignore):
        pass


def test_networks_are_held_under_a_budget_in_bytes(loaded, monkeypatch):
    monkeypatch.setenv("LIMELIGHT_MEMORY", "250MB")
    for name in ("alexnet", "vgg19", "resnet18"):
        use(name)
    assert service.networks().keys() == ("vgg19", "resnet18")


def test_a_network_that_is_held_is_not_loaded_again(loaded):
    for _ in range(3):
        use("alexnet")
    assert loaded == ["alexnet"]


def test_a_network_whose_file_somebody_wrote_to_is_loaded_anew(loaded, monkeypatch, tmp_path):
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    path = tmp_path / "checkpoints" / lookup("alexnet").weights.name
    path.parent.mkdir()
    for content in (b"as it was", b"as it was", b"behind our back"):
        if not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)
        use("alexnet")
    assert loaded == ["alexnet"] * 2
    path.unlink()
    use("alexnet")  # the real one would say that it is missing
    assert loaded == ["alexnet"] * 3


def test_guided_maps_of_two_cats_raise_the_alarm_and_vanilla_ones_do_not(cat, network):
    one, other = explain(cat, NAME, network, Question(targets=TopK(2)))

    def alike(rule):
        first, second = (FramedMap(saliency(each.attributions[rule]), each.framing) for each in (one, other))
        return service.nearly_identical(first, second)

    assert alike("guided")
    assert not alike("vanilla")


def test_what_is_made_of_maps_is_kept_by_what_they_hold():
    first, second = (explained(maps={"vanilla": values}) for values in np.ones((2, 3, 8, 8), np.float32))
    one, same = (FramedMap(saliency(each.attributions["vanilla"]), each.framing) for each in (first, second))
    other = FramedMap(one.values * np.float32(2), one.framing)
    moved = FramedMap(one.values, replace(one.framing, offset=(1.0, 0.0)))
    assert one.fingerprint == same.fingerprint
    assert len({one.fingerprint, other.fingerprint, moved.fingerprint}) == 3


@pytest.mark.parametrize("patience", [0.0, 60.0])
def test_a_server_that_ends_lets_those_who_compute_come_to_an_end_but_not_for_long(loaded, monkeypatch, patience):
    monkeypatch.setattr(service, "PATIENCE", patience)
    inside, leave = Event(), Event()

    def compute():
        with service.computing_with(lookup("alexnet"), ignore):
            inside.set()
            leave.wait(SECONDS)

    computing = Thread(target=compute)
    computing.start()
    assert inside.wait(SECONDS)
    if patience:
        Timer(0.2, leave.set).start()
    service.stop_computing()
    assert leave.is_set() == bool(patience)
    leave.set()
    computing.join()


def test_a_file_that_is_replaced_while_it_is_loaded_is_loaded_again(tmp_path, monkeypatch):
    spec, folder = lookup("squeezenet1_1"), tmp_path / "hub" / "checkpoints"
    monkeypatch.setattr(torch.hub, "_hub_dir", str(tmp_path / "hub"))
    monkeypatch.setenv("LIMELIGHT_CACHE", str(tmp_path / "cache"))
    write_random_weights("squeezenet1_1", folder)
    real = service.load_network

    def slow(spec):
        network = real(spec)
        write(random_state("squeezenet1_1", 7), folder / spec.weights.name)  # another process finished its download now
        return network

    monkeypatch.setattr(service, "load_network", slow)
    with service.holding(spec) as first:
        pass
    monkeypatch.setattr(service, "load_network", real)
    with service.holding(spec) as second:
        assert second is not first
    with service.holding(spec) as third:
        assert third is second
