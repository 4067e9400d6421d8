"""Columns, answered and not."""

from core.ui.figure.columns import Column, answers
from tests.ui.made import column


def test_answers_keep_the_order_and_leave_out_who_has_none():
    one, waits, other = column("vgg19"), Column("resnet18", "ResNet-18", message="Waiting…"), column("alexnet")
    assert answers([one, waits, other]) == [one.explanation, other.explanation]
    assert answers([waits]) == []
