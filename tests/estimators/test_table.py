"""The table of estimators: rows that a page can be built from."""

import pytest

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


def test_what_panels_say_of_their_checks():
    halves, adds_up = ESTIMATORS["smooth"].says, ESTIMATORS["ig"].says
    assert halves(0.5124) == "halves agree 0.51: not converged"
    assert halves(0.7) == "halves agree 0.70"
    assert adds_up(0.971) == "adds up to 97 %"
    assert adds_up(1.2) == "adds up to 120 %: take more steps"
    assert adds_up(-4.11) == "adds up to −411 %: take more steps"
    assert ESTIMATORS["gradcam"].says(1.0) == ""
