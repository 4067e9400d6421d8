"""What is said of a class above its column, and of the colours of a contrast."""

import pytest

from core.question import Question
from core.ui.classes.words import class_heading, colours_in_words
from core.ui.figure.layout import lay_out
from core.values import Prediction
from core.view import View
from tests.ui.made import explained

TABBY, TIGER_CAT, OWL = (Prediction(i, name, 9.0, 0.3) for i, name in enumerate(("tabby", "tiger cat", "owl")))
CONTRAST = [explained(target=TABBY, against=TIGER_CAT)]


def said(reduction="sum", rules=("vanilla", "guided"), against=1, show="map", of=CONTRAST):
    return colours_in_words(of, Question(rules=rules, against=against), View(show=show, reduction=reduction))


def test_red_speaks_for_the_class_that_is_explained_and_only_in_the_gradient():
    assert said() == "Vanilla, red: brighter pixels raise tabby over tiger cat; blue: they lower it."


def test_the_largest_of_three_values_says_less_of_red_and_more_of_blue():
    assert said("max").startswith("Vanilla, red: at least one colour, if brighter, raises tabby over tiger cat;")
    assert said("max").endswith("blue: all lower it.")


def test_where_networks_explain_different_classes_none_is_named():
    two = [*CONTRAST, explained(target=OWL, against=TIGER_CAT)]
    assert "raise the class explained over the other one" in said(of=two)
    assert "raise tabby over tiger cat" in said(of=CONTRAST * 2)


@pytest.mark.parametrize("other", [{"against": None}, {"show": "channels"}, {"rules": ("guided",)}, {"rules": ()}])
def test_colours_that_do_not_say_it_are_not_explained(other):
    assert said(**other) == ""


def heading(name, logit=9.0, columns=8, room=(900, 700)):
    grid = lay_out(columns, ("vanilla",), "columns", room)
    return class_heading(grid, explained(target=Prediction(1, name, logit, 0.38)))


def test_a_heading_has_the_class_its_logit_and_its_probability():
    assert heading("tabby", -1.5) == ("tabby", "logit −1.50, 38 %")


def test_a_long_name_is_cut_to_its_column():
    name = "a name of fifty letters that no column has room for"
    narrow, wide = heading(name)[0], heading(name, columns=2, room=(1600, 900))[0]
    assert narrow.endswith("…")
    assert len(narrow) < len(wide) < len(name)
