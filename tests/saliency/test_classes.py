"""Which classes are meant, of every form that callers may give, and what makes no sense."""

import pytest
import torch

from core.errors import NetworkError, SameClass, UnknownClass
from core.saliency.classes import checked_pair, cotangents_of
from core.targets import TopK

LOGITS = torch.tensor([[3.0, 1.0, 2.0, 0.0], [0.0, 5.0, 1.0, 4.0]])  # of two samples
ONE = LOGITS[:1]


@pytest.mark.parametrize(
    ("targets", "expected"),
    [
        (None, [0, 1]),  # each sample's own
        (2, [2, 2]),
        ([3, 0], [3, 0]),
        (torch.tensor([[0, 1], [2, 3]]), [[0, 1], [2, 3]]),
        (TopK(3), [[0, 1], [2, 3], [1, 2]]),
        (TopK(9), [[0, 1], [2, 3], [1, 2], [3, 0]]),
        (TopK(2, excluding=1), [[0, 3], [2, 2]]),
    ],
    ids=str,
)
def test_targets_of_every_form(targets, expected):
    indices, rivals = checked_pair(targets, None, LOGITS)
    assert indices.tolist() == expected
    assert indices.dtype == torch.int64
    assert rivals is None


@pytest.mark.parametrize(
    ("targets", "against", "expected"),
    [
        (None, 3, ([0, 1], [3, 3])),
        (TopK(2, excluding=1), 1, ([[0, 3], [2, 2]], [[1, 1], [1, 1]])),
        ([0, 1], [[1, 2], [2, 3]], ([[0, 1], [0, 1]], [[1, 2], [2, 3]])),
    ],
    ids=str,
)
def test_one_is_as_many_as_the_other(targets, against, expected):
    indices, rivals = checked_pair(targets, against, LOGITS)
    assert (indices.tolist(), rivals.tolist()) == expected


@pytest.mark.parametrize("target", [4, -1])
def test_a_class_that_does_not_exist_is_refused(target):
    sentence = f"Class {target} does not exist: this network has classes 0 to 3"
    for targets, against in ((target, None), (0, target), (TopK(excluding=target), None)):
        with pytest.raises(UnknownClass, match=sentence):
            checked_pair(targets, against, LOGITS)


@pytest.mark.parametrize(
    "indices", [torch.tensor([0, 1]), torch.tensor([0.0]), torch.tensor([True]), torch.zeros(1, 1, 1).long(), []]
)
def test_indices_of_another_shape_or_kind_are_a_programming_mistake(indices):
    with pytest.raises(ValueError, match="targets must be"):
        checked_pair(indices, None, ONE)
    with pytest.raises(ValueError, match="against must be"):
        checked_pair(0, indices, ONE)


def test_numbers_of_classes_that_do_not_fit_are_a_programming_mistake():
    with pytest.raises(ValueError, match=r"as many, or one of them one a sample, not \(2, 1\) and \(3, 1\)"):
        checked_pair(torch.tensor([[0], [2]]), torch.tensor([[1], [1], [1]]), ONE)


@pytest.mark.parametrize(("targets", "against", "same"), [(1, 1, 1), (None, 0, 0), ([0, 2], [1, 2], 2)])
def test_a_class_against_itself_is_refused_also_of_one_sample(targets, against, same):
    with pytest.raises(SameClass, match=f"Class {same} cannot be compared with itself: choose another") as raised:
        checked_pair(targets, against, LOGITS)
    assert isinstance(raised.value, ValueError)
    assert isinstance(raised.value, NetworkError)


def test_the_only_class_has_no_other():
    with pytest.raises(NetworkError, match="knows one class only"):
        checked_pair(TopK(excluding=0), None, torch.ones(1, 1))


def test_cotangents_are_one_at_the_target_and_minus_one_at_its_rival():
    indices, rivals = torch.tensor([[0, 1], [2, 2]]), torch.tensor([[3, 0], [3, 0]])
    assert cotangents_of(indices, None, LOGITS).tolist() == [
        [[1, 0, 0, 0], [0, 1, 0, 0]], [[0, 0, 1, 0], [0, 0, 1, 0]],
    ]  # fmt: skip
    assert cotangents_of(indices, rivals, LOGITS)[0].tolist() == [[1, 0, 0, -1], [-1, 1, 0, 0]]
