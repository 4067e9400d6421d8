"""What outputs mean, against arithmetic by hand."""

import pytest
import torch

from core.outputs import OUTPUTS

LOGITS = torch.tensor([0.0, 1.0, -2.0], dtype=torch.float64)


def test_one_of_the_classes_is_a_share_of_all():
    whole = 1 + 2.718281828459045 + 0.1353352832366127
    assert OUTPUTS["softmax"].probabilities(LOGITS).tolist() == pytest.approx(
        [1 / whole, 2.718281828459045 / whole, 0.1353352832366127 / whole]
    )


def test_each_by_itself_knows_nothing_of_the_others():
    found = OUTPUTS["sigmoid"].probabilities(LOGITS)
    assert found.tolist() == pytest.approx([0.5, 0.7310585786300049, 0.11920292202211755])
    assert OUTPUTS["sigmoid"].probabilities(LOGITS[1:2]).item() == found[1].item()


def test_what_nobody_said_is_not_shown_as_a_probability():
    assert [name for name, outputs in OUTPUTS.items() if not outputs.is_said] == ["assumed"]
    assert OUTPUTS["assumed"].probabilities(LOGITS).equal(OUTPUTS["softmax"].probabilities(LOGITS))
