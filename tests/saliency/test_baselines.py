"""Baselines, by hand."""

import pytest
import torch

from core.errors import MethodError
from core.saliency.baselines import baseline_of
from core.values import Recipe

RECIPE = Recipe(8, 8, "bilinear", (0.5, 0.25, 0.0), (0.5, 0.25, 1.0))
IMAGE = torch.randn(3, 32, 48, generator=torch.Generator().manual_seed(0))


def test_grey_is_nought_and_black_and_white_are_normalised():
    assert not baseline_of("grey", IMAGE, None).any()
    assert baseline_of("black", IMAGE, RECIPE)[:, 0, 0].tolist() == [-1, -1, 0]
    assert baseline_of("white", IMAGE, RECIPE)[:, 5, 7].tolist() == [1, 3, 1]


def test_a_blur_keeps_the_mean_and_loses_the_detail():
    blurred = baseline_of("blur", IMAGE, None)
    assert blurred.shape == IMAGE.shape
    assert blurred.std() < 0.3 * IMAGE.std()
    assert torch.allclose(
        baseline_of("blur", torch.full((3, 5, 5), 2.0) + IMAGE[:, :5, :5] * 1e-6, None), torch.tensor(2.0)
    )


def test_what_cannot_be_told_from_its_baseline_is_a_sentence():
    with pytest.raises(MethodError, match=r"white already.*another baseline\."):
        baseline_of("white", baseline_of("white", IMAGE, RECIPE), RECIPE)
    with pytest.raises(ValueError, match="recipe"):
        baseline_of("black", IMAGE, None)
