"""How numbers and names read."""

import pytest

from core.images.framing import FITS
from core.saliency.reductions import REDUCTIONS
from core.ui import words
from core.ui.words import abridged
from core.values import Prediction, Recipe
from core.view import ARRANGEMENTS, COLOURS, SCALES, SHOWS, SPACES


@pytest.mark.parametrize(
    ("probability", "text"),
    [
        (1.0, ">99.9 %"),
        (0.999, "99.9 %"),
        (0.38, "38 %"),
        (0.1, "10 %"),
        (0.0995, "10 %"),
        (0.0994, "9.9 %"),
        (0.05, "5.0 %"),
        (0.004, "0.4 %"),
        (0.0005, "0.1 %"),
        (0.0004999, "<0.1 %"),
        (1e-30, "<0.1 %"),
        (0.0, "<0.1 %"),
    ],
)
def test_a_probability_reads_as_a_person_says_it(probability, text):
    assert words.percent(probability) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (1.0, "1"), (0.31942, "0.319"), (-2.5, "−2.5"), (1e-12, "1e−12"), (1234567.0, "1.23e+06")],
)
def test_a_value_has_three_digits(value, text):
    assert words.number(value) == text


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [("tabby", 5, "tabby"), ("tabby", 4, "tab…"), ("golden retriever", 8, "golden…"), ("", 3, "")],
)
def test_what_was_cut_ends_in_an_ellipsis(text, most, short):
    assert words.shortened(text, most) == short
    assert len(short) <= most


@pytest.mark.parametrize(("ahead", "text"), [(1, "next in the queue"), (2, "2 before you in the queue")])
def test_a_place_in_the_line(ahead, text):
    assert words.place_in_line(ahead) == text


@pytest.mark.parametrize(
    ("names", "values"),
    [
        (words.REDUCTION_NAMES, REDUCTIONS),
        (words.REDUCTION_SYMBOLS, REDUCTIONS),
        (words.SHOW_NAMES, SHOWS),
        (words.SCALE_NAMES, SCALES),
        (words.COLOUR_NAMES, COLOURS),
        (words.FIT_NAMES, FITS),
        (words.ARRANGEMENT_NAMES, ARRANGEMENTS),
        (words.SPACE_NAMES, SPACES),
    ],
)
def test_everything_that_can_be_chosen_has_a_name_of_its_own(names, values):
    assert set(names) == set(values)
    assert len(set(names.values())) == len(names)


def test_how_pictures_are_prepared_is_one_line():
    recipe = Recipe(256, 224, "bilinear", (0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
    assert words.recipe_in_words(recipe) == (
        "Pictures: shorter side 256, centre 224 px, bilinear; mean 0.485, 0.456, 0.406; "
        "standard deviation 0.229, 0.224, 0.225."
    )
    grey = Recipe(28, 28, "bicubic", (0.5,), (0.25,), squash=True)
    assert words.recipe_in_words(grey) == (
        "Pictures: made grey, squashed to 28 × 28 px, bicubic; mean 0.500; standard deviation 0.250."
    )


@pytest.mark.parametrize(
    ("outputs", "said", "full"),
    [("softmax", "38 %", "logit −1.50, 38 %"), ("sigmoid", "38 %", "logit −1.50, 38 %"),
     ("assumed", "logit −1.50", "logit −1.50")],
)  # fmt: skip
def test_a_score_is_a_probability_only_where_somebody_said_how_it_is_made(outputs, said, full):
    prediction = Prediction(1, "tabby", -1.5, 0.38, outputs)
    assert (words.score(prediction), words.in_full(prediction)) == (said, full)


@pytest.mark.parametrize(
    ("name", "most", "short"),
    [
        ("SmoothGrad", 8, "SmoothG…"),
        ("Integrated gradients (steps 8, white)", 40, "Integrated gradients (steps 8, white)"),
        ("Integrated gradients (steps 8, white)", 26, "Integrated grad…(8, white)"),
        ("Integrated gradients (steps 8, white)", 16, "Integ…(8, white)"),
        ("SmoothGrad (samples 10, noise 0.1, seed of the noise 3)", 21, "SmoothGr…(10, 0.1, 3)"),
        ("SmoothGrad (samples 20, noise 0.1, seed of the noise 3)", 21, "SmoothGr…(20, 0.1, 3)"),
        ("Grad-CAM (14 × 14)", 16, "Grad-C…(14 × 14)"),
    ],
)
def test_of_a_name_that_is_too_long_what_tells_it_from_others_stays(name, most, short):
    assert abridged(name, most) == short
    assert len(short) <= most
