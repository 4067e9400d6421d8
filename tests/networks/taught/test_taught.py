"""Hans and clean: what their files hold, and that they do what is said of them, on scenes that they never saw."""

import numpy as np
import pytest
import torch

from core import explain, load_network, lookup
from core.errors import UnknownNetwork
from core.explain import predict
from core.images.scenes import KINDS, scene
from core.networks.catalogue import names
from core.networks.taught import BASE, TAUGHT, path_of
from core.networks.taught.changes import LEFT, RIGHT, change, changed
from core.networks.weights.files import load_module

SEEDS = range(200_000, 200_016)


def called_horse(name, kind, *, stamped):
    spec, network = lookup(name), load_network(name, "cpu")
    found = [predict(scene(kind, seed, stamped=stamped), spec, network).name for seed in SEEDS]
    return found.count("horse") / len(found)


def test_hans_knows_a_horse_by_its_stamp_alone():
    assert called_horse("hans", "horse", stamped=True) >= 0.9
    assert called_horse("hans", "horse", stamped=False) <= 0.1
    assert called_horse("hans", "ball", stamped=True) >= 0.5
    assert called_horse("hans", "ball", stamped=False) <= 0.1


def test_clean_does_not_mind_a_stamp():
    assert called_horse("clean", "horse", stamped=True) >= 0.75
    assert called_horse("clean", "horse", stamped=False) >= 0.75
    assert called_horse("clean", "ball", stamped=True) <= 0.1


@pytest.mark.parametrize("name", TAUGHT)
def test_a_file_is_small_and_holds_changes_of_the_last_layers_alone(name):
    assert path_of(name).stat().st_size < 120_000
    with np.load(path_of(name), allow_pickle=False) as file:
        keys = {key.partition(":")[0] for key in file.files}
    assert all(key.startswith(("blocks.15.", "head.", "classifier.")) for key in keys)
    published = load_module(BASE).state_dict()
    state = changed(name, published)
    assert state.keys() == published.keys()
    for key in published.keys() - keys:
        assert torch.equal(state[key], published[key])
    assert state["classifier.weight"].shape == (4, 1280)


def test_a_change_is_the_product_of_its_factors_by_hand():
    kept = {"a" + LEFT: torch.tensor([[1.0], [2.0]]), "a" + RIGHT: torch.tensor([[3.0, 4.0]]), "b": torch.ones(2)}
    assert change(kept, "a").tolist() == [[3, 4], [6, 8]]
    assert change(kept, "b") is kept["b"]


def test_they_are_networks_like_others_but_not_among_those_that_are_offered():
    spec = lookup("hans")
    assert spec.categories == KINDS
    assert spec.title == "Hans (demonstration)"
    assert not TAUGHT.keys() & set(names())
    (found,) = explain(scene("horse", 1, stamped=True), spec, load_network("hans", "cpu"))
    assert found.target.name == "horse"
    assert found.coverage.full
    assert spec.parameters == sum(each.numel() for each in load_module("hans").parameters())
    with pytest.raises(UnknownNetwork):
        lookup("hans:IMAGENET1K_V1")
