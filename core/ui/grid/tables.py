"""Tables beside the grid: each network's predictions, and the figure's numbers as text."""

from collections.abc import Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from core.comparison import Explanation
from core.selection import Selection
from core.ui.figure.maps import Column, maps_of
from core.ui.words import REDUCTION_SYMBOLS, RULE_NAMES, percent


def predictions_html(explained: Explanation) -> str:
    """The five most probable classes with bars; the class that is explained is marked, also when it is not there."""
    predictions = list(explained.top)
    if explained.target.index not in {prediction.index for prediction in predictions}:
        predictions.append(explained.target)
    rows = "".join(
        f"<tr{' class=explained' if prediction.index == explained.target.index else ''}>"
        f'<th scope="row">{escape(prediction.name)}</th>'
        f'<td class="bar" aria-hidden="true"><span style="width:{prediction.probability:.1%}"></span></td>'
        f'<td class="share">{escape(percent(prediction.probability))}</td></tr>'
        for prediction in predictions
    )
    return f'<table class="lime-top"><caption>{escape(explained.title)}</caption><tbody>{rows}</tbody></table>'


def waiting_html(title: str) -> str:
    """The same place for a network that has said nothing yet, so that no other picture's predictions stay there."""
    rows = '<tr><th scope="row">…</th><td></td></tr>' * 5
    return f'<table class="lime-top"><caption>{escape(title)}</caption><tbody>{rows}</tbody></table>'


def numbers(slots: Sequence[Column], selection: Selection) -> list[dict[str, str]]:
    """One row a panel: the text that stands for the figure where it cannot be seen."""
    by_name = {slot.network: slot.explanation for slot in slots}
    return [
        {
            "Network": explained.title,
            "Gradient": RULE_NAMES[rule],
            "Class": explained.target.name,
            "Probability": percent(explained.target.probability),
            f"Extremes of {REDUCTION_SYMBOLS[selection.reduction]}": shown.extremes,
            "Top 5 % of pixels": _where(shown.values),
            "Covered": str(explained.coverage),
            "Computed on": f"{explained.device}, {explained.seconds * 1000:.0f} ms",
        }
        for (network, rule), shown in maps_of(slots, selection).items()
        if (explained := by_name[network])
    ]


def alternative_text(slots: Sequence[Column], selection: Selection, picture: str) -> str:
    """One sentence that stands for the figure."""
    networks = ", ".join(slot.title for slot in slots)
    rules = " and ".join(RULE_NAMES[rule].lower() for rule in selection.rules)
    explained = [
        f"{slot.title} explains {slot.explanation.target.name} ({percent(slot.explanation.target.probability)})"
        for slot in slots
        if slot.explanation
    ]
    sentences = [f"Saliency maps of {picture}: {networks}, by {rules or 'no gradient'}", "; ".join(explained)]
    return " ".join(f"{sentence}." for sentence in sentences if sentence)


def _where(values: NDArray[np.float32]) -> str:
    """The centre of the strongest twentieth of the pixels, in percent from the left and from the top."""
    if not values.any():
        return "none: zero everywhere"
    strong = np.abs(values) >= np.percentile(np.abs(values), 95)
    rows, columns = np.nonzero(strong)
    height, width = values.shape
    return f"around {(columns.mean() + 0.5) / width:.0%} from left, {(rows.mean() + 0.5) / height:.0%} from top"
