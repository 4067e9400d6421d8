"""The question: the key of every answer that is kept."""

from core.question import MOST_CLASSES, MOST_NETWORKS, Question
from core.targets import Classes, TopK

CONTRAST = Question(("vgg19", "alexnet"), ("guided",), Classes((281, 282)), against=285, fit="pad")


def test_one_network_alone_is_asked_all_that_the_others_are():
    alone = CONTRAST.of("alexnet")
    assert alone == Question(("alexnet",), ("guided",), Classes((281, 282)), against=285, fit="pad")
    assert CONTRAST.networks == ("vgg19", "alexnet")


def test_the_same_question_is_one_key():
    assert len({CONTRAST.of("vgg19"), CONTRAST.of("vgg19"), CONTRAST.of("alexnet")}) == 2


def test_without_a_wish_each_of_three_networks_explains_its_most_probable_class():
    question = Question()
    assert question.targets == TopK(1)
    assert question.against is None
    assert len(question.networks) == 3 <= MOST_NETWORKS
    assert question.targets.most <= MOST_CLASSES
