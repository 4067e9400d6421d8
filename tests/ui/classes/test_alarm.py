"""The alarm where maps of different classes are nearly the same: when it is raised, and how it names them."""

from core.ui.classes.alarm import same_maps
from core.values import Prediction
from tests.opening import open_app
from tests.ui.classes.shown import PAGE, TABBY, TIGER_CAT
from tests.ui.made import explained


def test_pairs_of_same_maps_are_named_but_not_endlessly():
    classes = [explained(target=Prediction(index, f"c{index}", 1.0, 0.1)) for index in range(4)]
    pairs = [(one, other) for place, one in enumerate(classes) for other in classes[place + 1 :]]
    assert same_maps(pairs, 4) == "all 4 classes"
    assert same_maps(pairs[:1], 2) == "**c0** and **c1**"
    assert same_maps(pairs[:4], 4).endswith("; and 1 more pair")
    assert same_maps([], 4) == ""


def warnings(app):
    return [warning.value for warning in app.warning]


def test_the_alarm_says_that_guided_maps_of_different_classes_are_the_same():
    (said,) = warnings(open_app(PAGE))
    assert "Guided backprop: all 5 classes" in said
    assert "Nie et al. 2018" in said
    assert warnings(open_app(PAGE, rules="vanilla")) == []
    (said,) = warnings(open_app(PAGE, classes=f"{TABBY},{TIGER_CAT}"))
    assert "**tabby** and **tiger cat**" in said
