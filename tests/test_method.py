"""Methods as values: their texts, what may be combined, and what they are called."""

import pytest

from core.errors import MethodError
from core.estimators.cam import Cam
from core.estimators.kinds import Choice
from core.estimators.path import Path
from core.estimators.rise import Rise
from core.estimators.smooth import Smooth
from core.estimators.table import ESTIMATORS
from core.method import Method, methods_of
from core.rules import RULES

TEXTS = {
    "vanilla": Method(),
    "guided": Method("guided"),
    "smooth": Method(estimator=Smooth()),
    "guided~smooth:100": Method("guided", Smooth(100)),
    "smooth:50:0.1": Method(estimator=Smooth(spread=0.1)),
    "vargrad:50:0.05:3": Method(estimator=Smooth(seed=3, keep="variance")),
    "ig": Method(estimator=Path()),
    "ig:64:black": Method(estimator=Path(baseline="black")),
    "gradcam@28x28": Method(estimator=Cam(), layer="28x28"),
    "guidedcam": Method(estimator=Cam("guidedcam")),
    "rise:500": Method(estimator=Rise(500)),
}


@pytest.mark.parametrize("text", TEXTS)
def test_a_method_has_one_text_and_the_text_is_the_method(text):
    assert str(TEXTS[text]) == text
    assert Method.parse(text) == TEXTS[text]


@pytest.mark.parametrize("name", ESTIMATORS)
@pytest.mark.parametrize("rule", RULES)
def test_every_combination_that_is_allowed_comes_back_from_its_text_and_the_others_are_refused_by_a_sentence(
    name, rule
):
    about = ESTIMATORS[name]
    if about.rules is not None and rule not in about.rules:
        with pytest.raises(MethodError, match=r"\.$"):
            Method(rule, about.make())
        return
    method = Method(rule, about.make())
    assert Method.parse(str(method)) == method
    assert method.title
    assert method.short


@pytest.mark.parametrize("name", ESTIMATORS)
def test_every_parameter_changes_the_text_and_the_title_and_comes_back(name):
    about = ESTIMATORS[name]
    usual = Method(estimator=about.make())
    for parameter in about.parameters:
        value = parameter.options[-1] if isinstance(parameter, Choice) else type(parameter.step)(parameter.most)
        value = parameter.least if parameter.name == "stride" else value  # no larger than the window
        changed = Method(estimator=type(usual.estimator)(**{**_fields(usual.estimator), parameter.name: value}))
        assert Method.parse(str(changed)) == changed
        assert str(changed) != str(usual)
        assert changed.title != usual.title


def _fields(value):
    return {name: getattr(value, name) for name in value.__slots__}


def test_a_text_with_what_is_usual_means_the_same_without_it():
    assert str(Method.parse("smooth:50:0.05:0")) == "smooth"
    assert methods_of(["vanilla", "smooth", "smooth:50"]) == (Method(), Method(estimator=Smooth()))


@pytest.mark.parametrize(
    "text",
    ["", "plain", "magic", "magic~smooth", "guided~", "guided~ig", "guided~gradcam", "deconvnet~rise", "smooth:0",
     "smooth:201", "smooth:1e2", "smooth:\u0663", "smooth:-5", "smooth:nan", "smooth:5.5", "smooth:50:0.05:0:1",
     "vargrad:1",
     "ig:64:pink", "ig:7", "vanilla@28x28", "smooth@28x28", "gradcam@", "gradcam@28", "gradcam@0x0",
     "gradcam@28x28@28x28",
     "gradcam@" + "9" * 200, "smooth:" + "9" * 5000],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_whole(text):
    if text == "gradcam@":  # nothing after the sign is no layer
        assert Method.parse(text) == Method(estimator=Cam())
        return
    with pytest.raises(MethodError):
        Method.parse(text)


def test_occlusion_leaves_no_place_seen():
    with pytest.raises(MethodError, match="must not be larger than its window"):
        Method.parse("occlusion:16:32")


def test_names_say_what_is_unusual():
    assert Method.parse("guided~smooth:100").title == "Guided SmoothGrad (samples 100)"
    assert Method.parse("ig:64:black").title == "Integrated gradients (black)"
    assert Method.parse("gradcam@28x28").title == "Grad-CAM (28 × 28)"
    assert Method.parse("guided").title == "Guided backprop"
