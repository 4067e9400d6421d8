"""What stands around the grid of the Classes page: predictions, the alarm, a caution, and the grid in words."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import streamlit as st

from core import cached_classes
from core.comparison import Explanation
from core.saliency.agreement import SAME_FOR_ANOTHER_CLASS
from core.selection import Selection
from core.ui.classes.controls import subject_of
from core.ui.classes.words import colours_in_words, lines, same_maps, table, with_predictions
from core.ui.controls.networks import title_of
from core.ui.figure.maps import Column
from core.ui.grid.tables import predictions_html, waiting_html
from core.ui.words import RULE_NAMES, plain
from core.values import Picture

_LOOSE = ("guided", "deconvnet")  # rules whose maps may know nothing of the class
_GUIDED_CONTRAST = (
    "Guided and deconvnet here follow the difference of the two logits from the top down: theirs is not the "
    "difference of two guided maps. Vanilla's is the difference of two vanilla maps."
)


def show_predictions(selection: Selection, explained: Mapping[str, Explanation]) -> None:
    """Each network's most probable classes, and those that are explained."""
    if not explained:
        st.html(waiting_html(title_of(subject_of(selection))))
    elif selection.against is None:
        first = next(iter(explained.values()))
        st.html(predictions_html(with_predictions(first, (each.target for each in explained.values()))))
    else:
        for each in explained.values():
            st.html(predictions_html(with_predictions(each, (each.target, each.against) if each.against else ())))


def show_alarm(selection: Selection, picture: Picture, explained: Sequence[Explanation]) -> None:
    """Warn where maps of different classes are nearly the same."""
    if selection.against is not None:
        return
    alarms = {
        rule: words
        for rule in selection.rules
        if rule in _LOOSE and (words := same_maps(_same(rule, selection, picture, explained), len(explained)))
    }
    if alarms:
        said = "  \n".join(f"{RULE_NAMES[rule]}: {words}." for rule, words in alarms.items())
        st.warning(f"{said}\n\n{SAME_FOR_ANOTHER_CLASS}", icon=":material/notification_important:")


def _same(
    rule: str, selection: Selection, picture: Picture, explained: Sequence[Explanation]
) -> Iterator[tuple[Explanation, Explanation]]:
    for one, other in combinations(explained, 2):
        if rule in one.attributions and cached_classes.nearly_identical(picture, selection.fit, rule, one, other):
            yield one, other


def contrast_caution(selection: Selection) -> str:
    """What a contrast's maps cannot say beyond what others cannot; "" for other maps."""
    return _GUIDED_CONTRAST if selection.against is not None and set(_LOOSE) & set(selection.rules) else ""


def show_in_words(slots: Sequence[Column], explained: Mapping[str, Explanation], view: Selection) -> None:
    """The text that stands for the grid: a line each, and a table."""
    for notice in dict.fromkeys(notice for each in explained.values() for notice in each.notices):
        st.caption(notice)
    if not explained:
        return
    if view.against is not None and view.show != "channels" and "vanilla" in view.rules:
        st.caption(plain(colours_in_words(explained.values(), view.reduction)))
    st.caption(
        "Where the strongest 5 % of the pixels are centred:\n"
        + "".join(f"\n- {line}" for line in lines(explained, slots, view))
    )
    with st.expander("In numbers", icon=":material/table:"):
        st.dataframe(table(explained, slots, view), hide_index=True)
