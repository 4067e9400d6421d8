"""Predicting alone: the same numbers as with an explanation, and no gradient."""

import pytest
import torch

from core import load_sample
from core.comparison import explain
from core.errors import UnknownClass
from core.networks.catalogue import lookup
from core.prediction import predict

KNOWN = lookup("efficientnet_lite0")


@pytest.mark.parametrize(("target", "fit"), [(None, "crop"), (281, "crop"), (504, "pad")])
def test_a_prediction_is_the_one_of_an_explanation(target, fit, cat, network):
    expected = explain(cat, KNOWN, network, ("vanilla",), target, fit=fit).target
    found = predict(cat, KNOWN, network, target, fit=fit)
    assert (found.index, found.name) == (expected.index, expected.name)
    assert found.logit == pytest.approx(expected.logit, abs=1e-4)
    assert found.probability == pytest.approx(expected.probability, abs=1e-5)


def test_no_graph_is_kept(network, monkeypatch):
    monkeypatch.setattr(torch.autograd, "grad", lambda *args, **kwargs: pytest.fail("differentiated"))
    assert predict(load_sample("coffee"), KNOWN, network).name == "espresso"


def test_a_class_that_is_not_there_is_refused(network):
    with pytest.raises(UnknownClass, match="classes 0 to 999"):
        predict(load_sample("coffee"), KNOWN, network, 1000)
