"""What a network says of a few pictures at once is what it says of each alone."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from core import attribute, saliency
from core.audit.measure import CELLS, measure
from core.audit.settings import Settings
from core.audit.subject import audited
from core.images.framing import frame
from core.images.made import made
from core.networks.catalogue import lookup
from tests.audit.made import picture


@pytest.fixture(scope="module")
def subject(spec):
    return audited(spec, Settings((spec.name,)))


@pytest.fixture(scope="module")
def inputs(spec):
    pictures = [picture(colour, i) for i, colour in enumerate(("red", "blue", None, "green"))]
    return np.stack([frame(made(each), spec.recipe)[0] for each in pictures])


def test_classes_probabilities_and_the_class_that_is_explained(subject, inputs):
    found, same = measure(subject, inputs[:2], [1, None])
    assert same is subject
    logits = 10 * inputs[:2].mean((2, 3))
    chances = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    assert [each.target for each in found] == [0, 2]  # red, blue
    assert [each.explained for each in found] == [1, 2]  # the label's, the top one
    np.testing.assert_allclose([each.logit for each in found], logits[[0, 1], [0, 2]], rtol=1e-5)
    np.testing.assert_allclose([each.probability for each in found], chances[[0, 1], [0, 2]], rtol=1e-5)
    assert found[0].probability_label == pytest.approx(chances[0, 1], rel=1e-5)
    assert found[1].probability_label is None


def test_several_equal_each_alone(subject, inputs):
    labels = [0, None, 2, 1]
    together, _ = measure(subject, inputs, labels)
    for i, label in enumerate(labels):
        (alone,), _ = measure(subject, inputs[i : i + 1], [label])
        assert (alone.target, alone.explained) == (together[i].target, together[i].explained)
        for rule in ("vanilla", "guided"):
            np.testing.assert_allclose(alone.maps[rule], together[i].maps[rule], atol=1e-5)
        if alone.evidence is None:  # nothing speaks for it
            assert together[i].evidence is None
        else:
            np.testing.assert_allclose(alone.evidence, together[i].evidence, atol=1e-4)


def test_maps_are_means_of_the_largest_gradients_in_shares(network, cat):
    spec = lookup("efficientnet_lite0")
    image = frame(cat, spec.recipe)[0]
    subject = audited(spec, Settings((spec.name,)))
    (found,), _ = measure(subject, image[None], [281], whole=True)
    known = attribute(network, torch.from_numpy(image)[None], 281)
    for rule in ("vanilla", "guided"):
        cells = saliency(known[rule])[0].reshape(CELLS, 16, CELLS, 16).mean((1, 3))
        np.testing.assert_allclose(found.maps[rule], cells / cells.sum(), rtol=2e-3)
        assert found.maps[rule].astype(float).sum() == pytest.approx(1, abs=1e-3)
        np.testing.assert_allclose(found.gradients[rule], known[rule][0], rtol=1e-3, atol=1e-6)
    assert found.evidence.shape == (7, 7)


def test_evidence_lies_where_the_colour_is(subject, spec):
    image = np.zeros((1, 3, 64, 64), np.float32)
    image[0, 0, 40:48, 8:16] = 1  # one red cell: row 5, column 1
    (found,), _ = measure(subject, image, [0])
    assert np.unravel_index(found.evidence.argmax(), (8, 8)) == (5, 1)
    assert found.evidence[5, 1] == 1
    (dark,), _ = measure(subject, np.zeros((1, 3, 64, 64), np.float32), [0])
    assert dark.evidence is None  # zero everywhere


def test_a_rule_that_means_nothing_is_left_out():
    subject = audited(lookup("efficientnet_lite0"), Settings(("efficientnet_lite0",)))
    bare = replace(subject.network, coverage=replace(subject.network.coverage, gated=0))
    found, _ = measure(replace(subject, network=bare, rules=("vanilla",)), np.zeros((1, 3, 224, 224), np.float32), [0])
    assert set(found[0].maps) == {"vanilla"}


def test_scores_that_are_no_numbers_are_none(subject, inputs):
    broken = inputs[:2].copy()
    broken[1] = np.nan
    found, _ = measure(subject, broken, [None, None])
    assert found[0] is not None
    assert found[1] is None


def test_an_accelerator_without_memory_is_left_for_the_processor(subject, inputs, monkeypatch):
    from core.audit import measure as module

    asked = []

    def differentiate(network, *arguments, **settings):
        asked.append(network)
        if len(asked) == 1:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return real(subject.network, *arguments, **settings)

    real = module.differentiate
    monkeypatch.setattr(module, "differentiate", differentiate)
    elsewhere = replace(subject, network=_Elsewhere(subject.network))
    (found,), moved = measure(elsewhere, inputs[:1], [0])
    assert found.target == 0
    assert moved.network is subject.network


class _Elsewhere:
    """A network on a GPU that this computer does not have."""

    device = torch.device("cuda")

    def __init__(self, network):
        self._network = network

    def to(self, device):
        assert device == "cpu"
        return self._network
