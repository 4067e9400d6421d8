"""Links: what they do not carry is said."""

import pytest

from core.question import Question
from core.ui.export import link
from core.ui.export.link import files_needed
from tests.selecting import select

OWN, UPLOADED = "own-0123456789abcdef", "upload-0123456789abcdef"


@pytest.mark.parametrize(
    ("picture", "networks", "files"),
    [
        ("chelsea", ("alexnet",), ""),
        (UPLOADED, ("alexnet",), "picture file"),
        ("chelsea", ("alexnet", OWN), "checkpoint"),
        (UPLOADED, (OWN,), "picture and checkpoint files"),
    ],
)
def test_a_link_says_which_files_it_does_not_carry(picture, networks, files):
    assert files_needed(picture, Question(networks)) == files


def test_the_classes_page_asks_for_the_checkpoint_that_it_shows_and_for_no_other():
    shown = select(networks=("alexnet",), subject=OWN)
    assert files_needed("chelsea", shown.class_question) == "checkpoint"
    assert files_needed("chelsea", shown.compare_question) == ""
    shown = select(networks=(OWN,), subject="alexnet")
    assert files_needed("chelsea", shown.class_question) == ""
    assert files_needed("chelsea", shown.compare_question) == "checkpoint"


@pytest.mark.parametrize(
    ("picture", "sentence"), [(UPLOADED, "The other person needs the picture file."), ("chelsea", "")]
)
def test_the_button_says_it_in_a_sentence_or_nothing(picture, sentence, monkeypatch):
    said = []
    monkeypatch.setattr(link, "link_button", said.append)
    link.copy_link(picture, Question(("alexnet",)))
    assert said == [sentence]
