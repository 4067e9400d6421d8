"""What was answered: under which key it is kept, and how often it is computed."""

from dataclasses import fields, replace

import numpy as np
import pytest
import streamlit as st

from core import answering, service
from core.explain import explain
from core.networks.catalogue import lookup
from core.question import Question
from core.saliency.sampling import GradientRun
from core.targets import Classes, TopK, target_of
from core.values import Picture
from tests.held import Kept, Stopped, ignore
from tests.toys import Root, small
from tests.ui.made import explained

NAME = "efficientnet_lite0"
TABBY, OWL = 281, 24
TOP = TopK(5)


@pytest.fixture
def calls(monkeypatch):
    """The questions that are really computed, with the picture's digest; no network is loaded."""
    seen = []

    def answer(picture, spec, network, question, pace=None):
        seen.append((picture.digest, question))
        return (explained(spec.name),)

    monkeypatch.setattr(answering, "explain", answer)
    monkeypatch.setattr(service, "load_network", lambda spec: Kept(1))
    st.cache_resource.clear()
    yield seen
    st.cache_resource.clear()


def picture(digest="a"):
    return Picture(np.zeros((2, 2, 3), np.uint8), digest)


def ask(rules=("vanilla", "guided"), name="alexnet", target=None, fit="crop", digest="a", waiting=ignore):
    question = Question((name,), rules, target_of(target), fit=fit)
    (found,) = answering.explanations(question, lookup(name), picture(digest), waiting)
    return found


def rules_of(calls):
    return [question.rules for _, question in calls]


def test_a_file_that_somebody_wrote_to_is_asked_anew(calls, monkeypatch):
    versions = iter([(1, 1), (1, 1), (2, 2)])
    monkeypatch.setattr(answering, "version", lambda spec: next(versions))
    for _ in range(3):
        ask()
    assert len(calls) == 2


def test_asking_twice_computes_once(calls):
    assert ask() is ask()
    assert calls == [("a", Question(("alexnet",)))]


def test_switching_rules_off_and_on_computes_nothing(calls):
    for rules in [("vanilla", "guided"), ("vanilla",), ("guided",), (), ("guided", "vanilla")]:
        ask(rules)
    assert len(calls) == 1


def test_a_single_rule_already_computes_both_usual_ones(calls):
    ask(("guided",))
    ask(("vanilla",))
    assert rules_of(calls) == [("vanilla", "guided")]


def test_a_rare_rule_computes_all_and_going_back_nothing(calls):
    ask()
    ask(("vanilla", "guided", "deconvnet"))
    ask(("deconvnet",))
    ask()
    assert rules_of(calls) == [("vanilla", "guided"), ("vanilla", "guided", "deconvnet")]


@pytest.mark.parametrize("other", [{"digest": "b"}, {"name": "vgg19"}, {"target": 0}, {"fit": "pad"}])
def test_whatever_changes_the_answer_is_another_key(calls, other):
    ask()
    ask(**other)
    ask(**other)
    assert len(calls) == 2


ANOTHER = {  # of each field of a question, another value
    "networks": ("vgg19",),
    "rules": ("deconvnet",),
    "targets": Classes((1,)),
    "against": 1,
    "fit": "pad",
}


def test_this_table_knows_every_field_of_a_question():
    assert set(ANOTHER) == {field.name for field in fields(Question)}


@pytest.mark.parametrize("name", sorted({field.name for field in fields(Question)} - {"networks"}))
def test_no_field_of_a_question_is_forgotten_by_the_cache(calls, name):
    question, spec = Question(("alexnet",)), lookup("alexnet")
    other = replace(question, **{name: ANOTHER[name]})
    answering.explanations(question, spec, picture())
    assert answering.is_ready(question, spec, picture())
    assert not answering.is_ready(other, spec, picture())
    answering.explanations(other, spec, picture())
    assert len(calls) == 2


def test_a_question_to_several_networks_is_the_same_for_each_of_them(calls):
    spec = lookup("alexnet")
    answering.explanations(Question(("alexnet", "vgg19")), spec, picture())
    answering.explanations(Question(("resnet18", "alexnet")), spec, picture())
    assert len(calls) == 1


def test_ready_is_what_would_answer_at_once(calls):
    def ready(rules, target):
        return answering.is_ready(Question(("alexnet",), rules, target_of(target)), lookup("alexnet"), picture())

    assert not ready(("vanilla",), None)
    ask()
    assert ready(("vanilla",), None)
    assert ready(("guided",), None)
    assert not ready(("deconvnet",), None)
    assert not ready(("vanilla",), 0)


def test_what_is_ready_needs_no_turn(calls):
    ask()
    with service.queue().turn(ignore), service.queue().turn(ignore):
        ask(("vanilla",), waiting=lambda places: pytest.fail("waited for what was there"))


def test_a_run_that_is_superseded_while_it_waits_leaves_the_queue_and_computes_nothing(calls):
    places = []

    def leave(ahead):
        places.append(ahead)
        raise Stopped

    with service.queue().turn(ignore), service.queue().turn(ignore):  # both places of a CPU are taken
        with pytest.raises(Stopped):
            ask(waiting=leave)
    assert places == [1]
    assert calls == []
    ask()
    assert len(calls) == 1


def test_an_error_of_the_network_is_passed_on_and_tried_again(calls, monkeypatch):
    def missing(spec):
        raise LookupError(spec.name)

    with monkeypatch.context() as patch:
        patch.setattr(service, "load_network", missing)
        with pytest.raises(LookupError, match="alexnet"):
            ask()
    assert ask()
    assert len(calls) == 1


@pytest.fixture
def asked(monkeypatch, network):
    """The targets, and the class against them, of everything that a real network really computes."""
    computed = []

    def counting(picture, spec, network, question, pace=None):
        computed.append((question.targets, question.against))
        return explain(picture, spec, network, question)

    monkeypatch.setattr(answering, "explain", counting)
    monkeypatch.setattr(service, "load_network", lambda spec: network)
    st.cache_resource.clear()
    yield computed
    st.cache_resource.clear()


def answers(cat, targets, rules=("vanilla", "guided"), against=None, waiting=ignore):
    return answering.explanations(Question((NAME,), rules, targets, against), lookup(NAME), cat, waiting)


def indices(cat, targets, **more):
    return [each.target.index for each in answers(cat, targets, **more)]


def test_only_classes_that_are_not_there_are_computed_and_those_together(cat, asked):
    top = indices(cat, TOP)
    assert indices(cat, TOP) == top
    assert indices(cat, Classes((top[2], top[0])), rules=("guided",)) == [top[2], top[0]]
    assert asked == [(TOP, None)]
    assert indices(cat, Classes((top[1], OWL, 1))) == [top[1], OWL, 1]
    assert indices(cat, Classes((1, OWL))) == [1, OWL]
    assert asked == [(TOP, None), (Classes((OWL, 1)), None)]


def test_what_one_page_has_asked_for_is_not_computed_again_for_another(cat, asked):
    (own,) = answers(cat, TopK())
    answers(cat, Classes((OWL,)))
    assert indices(cat, Classes((OWL, own.target.index))) == [OWL, own.target.index]
    assert asked == [(TopK(), None), (Classes((OWL,)), None)]
    rest = tuple(prediction.index for prediction in own.top[1:])
    assert not answering.is_ready(Question(targets=TOP), lookup(NAME), cat)
    assert indices(cat, TOP) == [own.target.index, *rest]
    assert asked[2:] == [(Classes(rest), None)]
    assert answering.is_ready(Question(targets=TOP), lookup(NAME), cat)
    answers(cat, Classes(rest[:1]), waiting=lambda places: pytest.fail("waited for what was there"))


def test_a_contrast_is_kept_and_its_other_way_round_is_another_one(cat, asked):
    def ask(targets, against):
        (found,) = answers(cat, targets, against=against)
        return found

    assert ask(Classes((TABBY,)), OWL) is ask(Classes((TABBY,)), OWL)
    ask(Classes((OWL,)), TABBY)
    ask(TopK(excluding=TABBY), TABBY)
    ask(TopK(excluding=TABBY), TABBY)
    assert asked == [(Classes((TABBY,)), OWL), (Classes((OWL,)), TABBY), (TopK(excluding=TABBY), TABBY)]


def test_the_most_probable_classes_but_one_are_kept_too(cat, asked):
    top = indices(cat, TOP)
    others = indices(cat, TopK(5, excluding=top[0]))
    assert others[:4] == top[1:]
    assert indices(cat, TopK(5, excluding=top[0])) == others
    assert len(asked) == 2
    assert answering.is_ready(Question(targets=TopK(5, excluding=top[0])), lookup(NAME), cat)


def test_methods_at_the_picture_are_computed_together_and_each_is_kept(calls):
    ask(("vanilla", "gradcam", "timesinput"))
    assert rules_of(calls) == [("vanilla", "guided", "gradcam", "timesinput")]
    for rules in (("gradcam",), ("guided",), ("timesinput", "vanilla")):
        ask(rules)
    assert len(calls) == 1
    ask(("gradcam", "hirescam"))
    assert rules_of(calls)[1:] == [("hirescam",)]


def steps(monkeypatch, network):
    """How many samples each batch had that a network was really asked for, of a service that is empty."""
    taken, step = [], GradientRun.step

    def counting(self, network):
        before = self.done
        step(self, network)
        taken.append(self.done - before)

    monkeypatch.setattr(GradientRun, "step", counting)
    monkeypatch.setattr(service, "load_network", lambda spec: network)
    st.cache_resource.clear()
    return taken


def smooth(cat, *methods, upto=None, watch=lambda done, total: None):
    question = Question((NAME,), methods, Classes((TABBY,)))
    (found,) = answering.explanations(question, lookup(NAME), cat, watch=watch, upto=upto)
    return found


def test_methods_that_share_their_points_share_the_work(cat, network, monkeypatch):
    taken = steps(monkeypatch, network)
    found = smooth(cat, "smooth:6", "guided~smooth:6", "vargrad:6")
    assert taken == [4, 2]
    assert set(found.attributions) == {"smooth:6", "guided~smooth:6", "vargrad:6"}


def test_a_look_says_how_far_it_is_and_the_rest_goes_on_from_there(cat, network, monkeypatch):
    taken = steps(monkeypatch, network)
    look = smooth(cat, "smooth:8", upto=4)
    assert dict(look.samples) == {"smooth:8": (4, 8)}
    whole = smooth(cat, "smooth:8")
    assert not whole.samples
    more = smooth(cat, "smooth:12")
    assert taken == [4, 4, 4]
    fewer = smooth(cat, "smooth:4")  # which the look was
    assert taken == [4, 4, 4]
    assert np.array_equal(fewer.attributions["smooth:4"], look.attributions["smooth:8"])
    st.cache_resource.clear()
    assert np.array_equal(smooth(cat, "smooth:12").attributions["smooth:12"], more.attributions["smooth:12"])


def test_work_that_is_ended_is_gone_on_with(cat, network, monkeypatch):
    def leave(done, total):
        if done == 8:
            raise Stopped

    taken = steps(monkeypatch, network)
    with pytest.raises(Stopped):
        smooth(cat, "smooth:12", watch=leave)
    smooth(cat, "smooth:12")
    assert taken == [4, 4, 4]


def test_what_is_no_whole_of_fewer_steps_is_kept_by_nobody(cat, network, monkeypatch):
    taken = steps(monkeypatch, network)
    look = smooth(cat, "ig:8", upto=4)
    assert dict(look.samples) == {"ig:8": (4, 8)}
    assert not answering.is_ready(Question((NAME,), ("ig:8",), Classes((TABBY,))), lookup(NAME), cat)
    smooth(cat, "ig:8")
    assert taken == [4, 4]


def test_a_look_at_a_map_that_holds_no_numbers_is_its_end(cat, monkeypatch):
    monkeypatch.setattr(service, "load_network", lambda spec: small(Root()))
    st.cache_resource.clear()
    for upto in (4, None):
        found = smooth(cat, "smooth:8", upto=upto)
        assert not found.attributions
        assert not found.samples
        assert "no numbers" in found.refused["smooth:8"]
    st.cache_resource.clear()


def test_a_network_of_ones_own_is_called_as_its_session_calls_it(calls):
    name = "own-0123456789abcdef"
    question, titles = Question((name,), ("vanilla", "guided")), ("best.pth", "best.pth (2)")
    for title in titles:
        spec = replace(lookup("alexnet"), name=name, title=title)
        (found,) = answering.explanations(question, spec, picture())
        assert found.title == title
    assert len(calls) == 1
