"""The table of estimators: rows that a page can be built from."""

import pytest
import torch

from core.estimators.kinds import Choice, checked
from core.estimators.table import ESTIMATORS


@pytest.mark.parametrize("name", ESTIMATORS)
def test_a_row_makes_a_value_of_its_own_name_within_its_own_limits(name):
    about = ESTIMATORS[name]
    usual = about.make()
    assert usual.name == name
    assert usual == about.make()
    for parameter in about.parameters:
        assert checked(getattr(usual, parameter.name), parameter) == getattr(usual, parameter.name)
        beyond = "nonsense" if isinstance(parameter, Choice) else parameter.most + parameter.step
        with pytest.raises(ValueError, match=r"\.$"):
            checked(beyond, parameter)


@pytest.mark.parametrize("name", [name for name in ESTIMATORS if name != "plain"])
def test_a_row_says_all_that_a_reader_asks(name):
    about = ESTIMATORS[name]
    assert about.question.endswith("?")
    assert about.caution.endswith(".")
    assert about.rules is None or about.refusal.endswith(".")
    assert all((about.title, about.short, about.unit, about.formula, about.cost, about.source))


def test_integrated_gradients_begin_with_points_all_over_the_way():
    path = ESTIMATORS["ig"].make()

    points = [float(point.mean()) for point, _ in path.points(torch.ones(1, 2, 2), torch.zeros(1, 2, 2))]
    assert len(points) == len(set(points)) == 64
    for quarter in range(4):
        assert any(quarter / 4 <= point < (quarter + 1) / 4 for point in points[:8])
    weights = [weight for _, weight in path.points(torch.ones(1, 2, 2), torch.zeros(1, 2, 2))]
    assert sum(weights) == pytest.approx(1, abs=1e-12)


def test_occlusion_covers_every_pixel_and_rise_shows_as_much_as_it_says():

    occlusion, rise = ESTIMATORS["occlusion"].make(), ESTIMATORS["rise"].make()
    covered = torch.stack(list(occlusion.masks(224, 240)))
    assert len(covered) == occlusion.count(224, 240) == 13 * 14
    assert covered.sum(0).min() >= 1
    seen = torch.stack([1 - mask for mask, _ in zip(rise.masks(112, 96), range(400), strict=False)])
    assert float(seen.mean()) == pytest.approx(0.5, abs=0.03)
    assert 0 <= float(seen.min()) <= float(seen.max()) <= 1


def test_what_panels_say_of_their_checks():
    halves, adds_up = ESTIMATORS["smooth"].says, ESTIMATORS["ig"].says
    assert halves(0.5124) == "halves agree 0.51: not converged"
    assert halves(0.7) == "halves agree 0.70"
    assert adds_up(0.971) == "adds up to 97 %"
    assert adds_up(1.2) == "adds up to 120 %: take more steps"
    assert adds_up(-4.11) == "adds up to −411 %: take more steps"
    assert ESTIMATORS["gradcam"].says(1.0) == ""
