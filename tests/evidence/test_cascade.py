"""The cascade: against maps of cousins that are made one by one."""

import math

import numpy as np
import pytest
import torch

from core.evidence.cascade import DRAWS, STAGES, Cascade, cascade
from core.evidence.permuting import Cousins, weighted_layers
from core.evidence.subject import OfMethod
from core.method import Method
from core.networks.graph.prepare import prepare
from core.saliency.attribution import attribute
from core.saliency.sampling import Pace
from core.values import Recipe
from tests.toys import SmallConv

RECIPE = Recipe(32, 32, "bilinear", (0.5, 0.4, 0.3), (0.2, 0.25, 0.3))
IMAGE = torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(4)) * 2 - 1


def ask(method, **more):
    network = prepare(SmallConv())
    subject = OfMethod(network=network, inputs=IMAGE, target=1, recipe=RECIPE, method=Method.parse(method), **more)
    return network, cascade(subject, subject.map())


def test_each_figure_is_that_of_a_cousin(network):
    from scipy.stats import spearmanr

    toy, found = ask("vanilla", seed=5)
    assert found.layers == tuple(range(1, len(weighted_layers(toy)) + 1))
    own = attribute(toy, IMAGE, 1, ("vanilla",))["vanilla"][0].abs().amax(0)
    for draw in range(DRAWS):
        for stage, layers in enumerate(found.layers):
            cousin = (
                attribute(Cousins(toy, 5 + draw).permuted(layers), IMAGE, 1, ("vanilla",))["vanilla"][0].abs().amax(0)
            )
            expected = spearmanr(own.ravel(), cousin.ravel()).statistic
            assert found.likeness[draw, stage] == pytest.approx(expected, abs=1e-6)


def test_stages_go_evenly_from_the_logits_to_all_layers():
    from core.networks.catalogue import lookup
    from core.networks.load import load_network

    count = len(weighted_layers(load_network(lookup("efficientnet_lite0"))))
    layers = np.linspace(1, count, STAGES).round()
    assert layers[0] == 1
    assert layers[-1] == count > 40
    assert len(set(layers)) == STAGES


def test_a_layers_grid_is_too_coarse():
    assert ask("gradcam@32x32")[1] is None


def test_it_says_where_it_begins_and_ends_and_how_far_draws_lie_apart():
    likeness = np.array([[1.0, 0.9, 0.1], [1.0, 0.8, 0.0], [1.0, 0.7, -0.1]])
    said = Cascade((1, 25, 50), likeness).says("cup", ())
    assert said == (
        "Erased from the logits down, its rank correlation with itself is 1.00 with one layer erased, 0.80 with 25, "
        "and 0.00 with all 50; 3 draws lie up to 0.20 apart."
    )
    flat = Cascade((1, 25, 50), np.full((3, 3), math.nan)).says("cup", ())
    assert "nothing to speak of with one layer erased" in flat
    assert "apart" not in flat


def test_progress_is_told_and_may_end_it():
    told = []
    ask("vanilla", pace=Pace(lambda done, total: told.append(done / total)))
    assert told[-1] == 1
    assert len(told) == 1 + 3 * 3  # the map that is tested, and its cousins'
