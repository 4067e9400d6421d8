"""What the Classes page says of classes and contrasts."""

from collections.abc import Iterable

from core.explanation import Explanation
from core.question import Question
from core.rules import RULES
from core.ui.figure.contrast import rival_of
from core.ui.figure.layout import Grid
from core.ui.words import in_full, shortened
from core.view import View

_TITLE = 1.75  # a heading's letter as a multiple of a caption's


def class_heading(grid: Grid, explained: Explanation) -> tuple[str, str]:
    """A class's name, and below it its own logit, and its probability where that is known."""
    target = explained.target
    title = shortened(target.name, max(8, int(grid.panel_width / grid.letter / _TITLE)))
    return title, in_full(target)


def colours_in_words(explained: Iterable[Explanation], question: Question, view: View) -> str:
    """What red and blue say in the contrasts by rules that are the gradient; "" where they do not say it."""
    gradients = [RULES[rule].short.capitalize() for rule in question.rules if rule in RULES and RULES[rule].is_gradient]
    if question.against is None or view.show == "channels" or not gradients:
        return ""
    pairs = {(each.target.name, rival_of(each).name) for each in explained}
    one, other = pairs.pop() if len(pairs) == 1 else ("the class explained", "the other one")
    if view.reduction == "max":
        says = f"at least one colour, if brighter, raises {one} over {other}; blue: all lower it."
    else:
        says = f"brighter pixels raise {one} over {other}; blue: they lower it."
    return f"{' and '.join(gradients)}, red: {says}"
