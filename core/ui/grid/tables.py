"""What stands for the grid in words and numbers: predictions, a row a panel, a line a column, one text for all."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from html import escape

import numpy as np
from numpy.typing import NDArray

from core.explanation import Explanation
from core.method import Method
from core.outputs import OUTPUTS
from core.ui.figure.columns import Column, answers
from core.ui.figure.contrast import contrasted, difference
from core.ui.figure.maps import Map, maps_of
from core.ui.words import in_full, logit, percent, plain, score, share
from core.values import Prediction
from core.view import View


def predictions_html(explained: Explanation) -> str:
    """The five most probable classes with bars; the class that is explained is marked, also when it is not there."""
    predictions = list(explained.top)
    if explained.target.index not in {prediction.index for prediction in predictions}:
        predictions.append(explained.target)
    rows = "".join(
        f"<tr{' class=explained' if prediction.index == explained.target.index else ''}>"
        f'<th scope="row">{escape(prediction.name)}</th>'
        f'<td class="bar" aria-hidden="true">{_bar(prediction)}</td>'
        f'<td class="share">{escape(score(prediction))}</td></tr>'
        for prediction in predictions
    )
    return f'<table class="lime-top"><caption>{escape(explained.title)}</caption><tbody>{rows}</tbody></table>'


def _bar(prediction: Prediction) -> str:
    """As long as the class is probable; none where it is not known how probable it is."""
    is_said = OUTPUTS[prediction.outputs].is_said
    return f'<span style="width:{prediction.probability:.1%}"></span>' if is_said else ""


def unanswered_html(title: str, message: str) -> str:
    """The same place for a network that has no answer, so that no other picture's predictions stay there."""
    rows = f"<tr><td>{escape(message)}</td></tr>" + "<tr><td>\u00a0</td></tr>" * 4
    return f'<table class="lime-top"><caption>{escape(title)}</caption><tbody>{rows}</tbody></table>'


def with_predictions(explained: Explanation, others: Iterable[Prediction]) -> Explanation:
    """The same, with classes beyond the most probable ones that the page shows."""
    found = {prediction.index: prediction for prediction in (*explained.top, *others)}
    return replace(explained, top=tuple(sorted(found.values(), key=lambda prediction: -prediction.logit)))


def numbers(columns: Sequence[Column], rules: Sequence[str], view: View) -> list[dict[str, str]]:
    """One row a panel: the text that stands for the figure where it cannot be seen."""
    return [
        {"Network": explained.title, "Gradient": Method.parse(rule).title}
        | _subject(explained)
        | {
            "Extremes": f"{shown.shows}: {shown.extremes}",
            "Unit": shown.unit,
            "Top 5 % of pixels": _where(shown.values),
            "Covered": str(explained.coverage),
            "Computed on": explained.device,
        }
        for _, explained, rule, shown in _panels(columns, rules, view)
    ]


def lines(columns: Sequence[Column], rules: Sequence[str], view: View) -> list[str]:
    """A paragraph of Markdown for each column: what is explained, and where its maps are strongest.

    It may be broken anywhere but before a percent sign.
    """
    places: dict[int, list[str]] = {}
    for column, _, rule, shown in _panels(columns, rules, view):
        places.setdefault(column, []).append(f"{Method.parse(rule).short} {_where(shown.values)}")
    return [
        f"{_subject_line(column.explanation)}: {'; '.join(places.get(place, [])) or 'no map'}".replace(" %", "\u00a0%")
        for place, column in enumerate(columns)
        if column.explanation
    ]


def alternative_text(columns: Sequence[Column], rules: Sequence[str], picture: str) -> str:
    """What stands for the figure, in two sentences."""
    titles = ", ".join(dict.fromkeys(column.title for column in columns))
    by = " and ".join(Method.parse(rule).in_words for rule in rules)
    explained = [f"{each.title} explains {_in_words(each)}" for each in answers(columns)]
    sentences = [f"Saliency maps of {picture}: {titles}, by {by or 'no gradient'}", "; ".join(explained)]
    return " ".join(f"{sentence}." for sentence in sentences if sentence)


def _panels(columns: Sequence[Column], rules: Sequence[str], view: View) -> Iterator[tuple[int, Explanation, str, Map]]:
    for (place, rule), shown in maps_of(columns, rules, view).items():
        if explained := columns[place].explanation:
            yield place, explained, rule, shown


def _subject(explained: Explanation) -> dict[str, str]:
    target, rival = explained.target, explained.against
    if rival is None:
        return {
            "Class": target.name,
            "Probability": _probability(target),
            "Logit": logit(target),
        }
    return {
        "Contrast": f"{target.name} − {rival.name}",
        "Logit difference": difference(explained),
        "Probabilities": f"{_probability(target)} − {_probability(rival)}",
    }


def _subject_line(explained: Explanation) -> str:
    target = explained.target
    if explained.against:
        return f"**{plain(explained.title)}** {plain(contrasted(explained))}"
    return f"**{plain(target.name)}** {in_full(target)}"


def _in_words(explained: Explanation) -> str:
    if explained.against:
        return contrasted(explained)
    return f"{explained.target.name} ({score(explained.target)})"


def _probability(prediction: Prediction) -> str:
    return percent(prediction.probability) if OUTPUTS[prediction.outputs].is_said else "not said"


def _where(values: NDArray[np.float32]) -> str:
    """The centre of the strongest twentieth of the pixels, in percent from the left and from the top."""
    if not values.any():
        return "none: zero everywhere"
    limit = np.percentile(np.abs(values), 95)
    strong = np.abs(values) >= limit if limit > 0 else values != 0
    rows, columns = np.nonzero(strong)
    height, width = values.shape
    left, top = (columns.mean() + 0.5) / width, (rows.mean() + 0.5) / height
    return f"around {share(left)} from left, {share(top)} from top"
