"""The words of the screen: what a choice, a reduction or a number is called. Rules and references name themselves."""

import re
from collections.abc import Collection, Iterable
from itertools import chain, count

from core.method import Method
from core.outputs import OUTPUTS
from core.saliency.references import REFERENCES
from core.values import Prediction, Recipe

REDUCTION_NAMES = {
    "max_abs": "Largest magnitude, max |g|",
    "max": "Largest signed, max g (FlashTorch)",
    "l2": "Euclidean norm, L2",
    "sum": "Signed sum, Σ g",
}
REDUCTION_SYMBOLS = {"max_abs": "max |g|", "max": "max g", "l2": "‖g‖₂", "sum": "Σ g"}
SHOW_NAMES = {"map": "Map", "overlay": "Overlay", "channels": "RGB"}
SCALE_NAMES = {"row": "Each gradient", "all": "All panels", "panel": "Each panel"}
COLOUR_NAMES = {"cividis": "Cividis", "inferno": "Inferno", "viridis": "Viridis", "gray": "Grey", "hot": "Hot"}
FIT_NAMES = {"crop": "As it was trained", "squash": "Squash the whole picture", "pad": "Fit the whole picture"}
COARSE_NAMES = {"smooth": "Smoothed", "cells": "As they are"}
SPACE_NAMES = {"input": "What each saw", "picture": "The picture"}
ARRANGEMENT_NAMES = {"auto": "Automatic", "columns": "Networks as columns", "rows": "Networks as rows"}


def told_apart(text: str, others: Collection[str]) -> str:
    """The text, with a number if it is among the others: to Streamlit two choices of one label are the same choice."""
    return next(each for each in chain((text,), (f"{text} ({i})" for i in count(2))) if each not in others)


def all_told_apart(texts: Iterable[str]) -> list[str]:
    """The texts in their order, each told apart from those before it."""
    found: list[str] = []
    for text in texts:
        found.append(told_apart(text, found))
    return found


def percent(probability: float) -> str:
    """A probability as a person reads it: "38 %", "0.4 %", "<0.1 %"."""
    if probability >= 0.9995:
        return ">99.9 %"
    if probability >= 0.995:
        return f"{probability * 100:.1f} %"
    if probability >= 0.0995:
        return share(probability)
    return f"{probability * 100:.1f} %" if probability >= 0.0005 else "<0.1 %"


def share(part: float) -> str:
    """A part of a whole, in whole percent: "51 %"."""
    return f"{part * 100:.0f} %"


def score(prediction: Prediction) -> str:
    """What a network says of a class: a probability, or its logit where nobody said what the outputs mean."""
    return percent(prediction.probability) if OUTPUTS[prediction.outputs].is_said else f"logit {logit(prediction)}"


def in_full(prediction: Prediction) -> str:
    """Its logit, and its probability where that is known: "logit 9.25, 39 %"."""
    said, full = score(prediction), f"logit {logit(prediction)}"
    return full if said == full else f"{full}, {said}"


def logit(prediction: Prediction) -> str:
    """A class's logit, with a sign that is as wide as a plus."""
    return minus(f"{prediction.logit:.2f}")


def minus(digits: str) -> str:
    """A number with the sign that is as wide as a plus."""
    return digits.replace("-", "−")


def recipe_in_words(recipe: Recipe) -> str:
    """How pictures are prepared, in one line."""
    side = recipe.crop
    shape = f"squashed to {side} × {side} px" if recipe.squash else f"shorter side {recipe.resize}, centre {side} px"
    grey = "" if recipe.channels == 3 else "made grey, "
    mean, std = (", ".join(f"{value:.3f}" for value in values) for values in (recipe.mean, recipe.std))
    return f"Pictures: {grey}{shape}, {recipe.interpolation}; mean {mean}; standard deviation {std}."


def number(value: float) -> str:
    """A raw value with three significant digits, and a sign that is as wide as a plus."""
    return "0" if value == 0 else minus(f"{value:.3g}")


def amount(size: float) -> str:
    """Bytes as a person reads them: "80 MB", "12.6 GB"."""
    return f"{size / 1e9:.1f} GB" if size >= 999.5e6 else f"{size / 1e6:.0f} MB"


def shortened(text: str, most: int) -> str:
    """At most `most` characters, ended by an ellipsis where something is missing."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def abridged(name: str, most: int) -> str:
    """A name in at most `most` characters: what stands in parentheses at its end tells it from others, and stays.

    Of a parameter there, its value is enough: "SmoothGrad (10, 0.1)".
    """
    if len(name) <= most or not name.endswith(")"):
        return shortened(name, most)
    begin = name.rindex("(")
    name = name[:begin] + re.sub(r"([(,] ?)[A-Za-z][A-Za-z ]* (?=[\d.−-])", r"\1", name[begin:])
    if len(name) <= most:
        return name
    end = min((most - 1) * 2 // 3, len(name) - name.rindex("("))
    return f"{name[: most - 1 - end].rstrip()}…{name[-end:].lstrip()}"


def place_in_line(ahead: int) -> str:
    """Where somebody stands who waits."""
    return "next in the queue" if ahead == 1 else f"{ahead} before you in the queue"


def plain(text: str) -> str:
    """Text of a stranger's choosing, with nothing in it that Markdown would act on."""
    return "".join(f"\\{character}" if character in r"\`*_{}[]()<>#+-.!|~:$" else character for character in text)


def source_title(source: str) -> str:
    """What a map is called by what made it: a method, by its text, or a reference, by its name."""
    return REFERENCES[source].title if source in REFERENCES else Method.parse(source).title
