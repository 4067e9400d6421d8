"""What stands below every grid: what its maps cannot say."""

from collections.abc import Sequence

import streamlit as st

from core.method import methods_of
from core.selection import Selection

_CONTRAST = (
    "{} here follows the difference of the two logits from the top down: its map is not the difference of two {} maps."
)
FIGURES = (
    "Likeness is rank correlation, a median of up to twelve photos and three networks; Test asks the same of your map."
)


def cautions_of(rules: Sequence[str], *, contrast: bool = False) -> list[str]:
    """A sentence for each rule, after those on contrasts for rules that are no gradient; last, what the figures are."""
    methods = methods_of(tuple(rules))
    others = [each for each in methods if contrast and not (each.by_rule.is_gradient and each.about.is_linear)]
    cautions = [caution for each in methods for caution in each.cautions]
    contrasts = [_CONTRAST.format(each.title, each.short) for each in others]
    return list(dict.fromkeys([*contrasts, *cautions, *([FIGURES] if cautions else [])]))


def show_cautions(selection: Selection, rules: Sequence[str], *, contrast: bool = False) -> None:
    """The sentences, and the way to the Methods page."""
    st.caption("\n\n".join(["**What these maps cannot say**", *cautions_of(rules, contrast=contrast)]))
    st.page_link(
        "pages/Methods.py", label="How to read them", icon=":material/menu_book:", query_params=selection.to_query()
    )
