"""Reductions, by hand."""

import numpy as np
import pytest
import torch

from core.saliency.reductions import saliency

PIXEL = np.array([-9.0, 3.0, 4.0], dtype=np.float32).reshape(3, 1, 1)


@pytest.mark.parametrize(("reduction", "expected"), [("max_abs", 9), ("max", 4), ("sum", -2), ("l2", 106**0.5)])
def test_each_reduction_by_hand(reduction, expected):
    assert saliency(PIXEL, reduction).shape == (1, 1)
    assert saliency(PIXEL, reduction).item() == pytest.approx(expected)


@pytest.mark.parametrize("size", [1e25, 1e-30])
def test_a_norm_is_that_of_gradients_of_any_size(size):
    assert saliency(PIXEL * np.float32(size), "l2").item() == pytest.approx(106**0.5 * size, rel=1e-5)


def test_the_default_is_never_negative_and_flashtorchs_is_signed():
    cold = np.array([-9.0, -8.0, -7.0]).reshape(3, 1, 1)
    assert saliency(cold).item() == 9
    assert saliency(cold, "max").item() == -7


@pytest.mark.parametrize("reduction", ["max_abs", "max", "sum", "l2"])
def test_numpy_and_torch_agree_on_any_leading_shape(reduction):
    values = np.random.default_rng(0).normal(size=(4, 2, 3, 5, 6))
    by_numpy = saliency(values, reduction)
    by_torch = saliency(torch.from_numpy(values), reduction)
    assert by_numpy.shape == (4, 2, 5, 6)
    assert isinstance(by_torch, torch.Tensor)
    np.testing.assert_allclose(by_numpy, by_torch.numpy(), rtol=1e-14)


@pytest.mark.parametrize("shape", [(3, 4), (2, 4, 4), (4, 4, 3)])
def test_another_shape_is_a_programming_mistake(shape):
    with pytest.raises(ValueError, match=r"attribution must be \(\.\.\., 3, height, width\)"):
        saliency(np.zeros(shape))


def test_an_unknown_reduction_names_the_known_ones():
    with pytest.raises(ValueError, match="reduction must be one of max_abs, max, l2, sum"):
        saliency(PIXEL, "mean")
