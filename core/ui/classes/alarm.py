"""The alarm of the Classes page: maps of different classes that are nearly the same cannot say why."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

import streamlit as st

from core import service
from core.explanation import Explanation
from core.method import Method
from core.question import Question
from core.saliency.agreement import SAME_FOR_ANOTHER_CLASS, FramedMap
from core.saliency.reductions import saliency
from core.ui.words import plain

_PAIRS = 3  # named in full

Pair = tuple[Explanation, Explanation]


def show_alarm(question: Question, explained: Sequence[Explanation]) -> None:
    """Warn where maps of different classes are nearly the same, by rules that are known for it."""
    if question.against is not None:
        return
    alarms = {
        rule: words
        for rule in question.rules
        if not Method.parse(rule).by_rule.class_specific
        and (words := same_maps(_same(rule, explained), len(explained)))
    }
    if alarms:
        said = "  \n".join(f"{Method.parse(rule).title}: {words}." for rule, words in alarms.items())
        st.warning(f"{said}\n\n{SAME_FOR_ANOTHER_CLASS}", icon=":material/notification_important:")


def same_maps(pairs: Iterable[Pair], classes: int) -> str:
    """Which classes have nearly identical maps, in Markdown; "" for no pair at all."""
    found = list(pairs)
    if len(found) == classes * (classes - 1) // 2 > 1:
        return f"all {classes} classes"
    named = [f"**{plain(one.target.name)}** and **{plain(other.target.name)}**" for one, other in found[:_PAIRS]]
    more = len(found) - len(named)
    return "; ".join(named) + (f"; and {more} more pair{'s' if more > 1 else ''}" if more else "")


def _same(rule: str, explained: Sequence[Explanation]) -> Iterator[Pair]:
    maps = [
        (each, FramedMap(saliency(each.attributions[rule]), each.framing))
        for each in explained
        if rule in each.attributions
    ]
    for (one, first), (other, second) in combinations(maps, 2):
        if service.nearly_identical(first, second):
            yield one, other
