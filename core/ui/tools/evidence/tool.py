"""The tool that tests maps: what can be found out about one, a question, a sentence and what shows it at a time.

Also known as sanity checks, faithfulness and robustness of explanations.
"""

from collections.abc import Mapping, Sequence

import streamlit as st

from core.evidence.table import TESTS, Test
from core.evidence_view import ALL, ON_DEMAND, MapName
from core.outputs import OUTPUTS
from core.selection import Selection
from core.ui.figure.columns import Column
from core.ui.figure.evidence_html import ASSUMED
from core.ui.frame import state
from core.ui.frame.slot import Slot
from core.ui.frame.widgets import selectbox, toggle
from core.ui.tools.evidence.asking import Asked
from core.ui.tools.evidence.maps import Candidate, maps_in
from core.ui.tools.evidence.showing import show_found
from core.values import Picture

TOOL = "evidence"  # its name among core.selection.TOOLS
_ALL = "All maps of the grid"
_SCALES = (
    "Small maps are each on a scale of their own; 1.00 is the same order of pixels, 0 an unrelated one. Tests ask of "
    "max |g|, whatever reduction the maps are shown in, unless a method has values of its own."
)


def show_evidence(columns: Sequence[Column], selection: Selection, picture: Picture) -> None:
    """Draw the tool."""
    maps = maps_in(columns, selection)
    if not maps:
        st.caption("There is no map to test yet.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = _choose(maps, selection.evidence.map)
        pace = st.container(width="content").empty()
    st.caption(_SCALES)
    if not all(OUTPUTS[each.explanation.target.outputs].is_said for each in maps.values()):
        st.caption(ASSUMED)
    several = [each for each in maps.values() if each.in_grid] if chosen == ALL else [maps[chosen]]
    asked = Asked(picture, selection.question.fit, f"{chosen} {selection.evidence.more}")
    tests = [test for test in TESTS if test not in ON_DEMAND or test in selection.evidence.more]
    if not all(asked.is_made(test, each) for test in tests for each in several):
        with pace:
            asked.offer_to_stop()
    for test, about in TESTS.items():
        with st.container(key=f"test_{test}", gap="small"):
            if _heading(test, about, selection) and _ask(test, several, asked, selection):
                st.caption(f"{about.cannot} ({about.source})")
    if not asked.is_stopped:
        pace.empty()


def offer_evidence(columns: Sequence[Column], selection: Selection, picture: Picture) -> None:
    """The tool behind a switch, for a page without others."""
    is_on = selection.tool == TOOL
    state.keep_widget("testing", is_on)
    toggle("Test a map", key="testing", on_change=_switch)
    if is_on:
        show_evidence(columns, selection, picture)


def _choose(maps: Mapping[str, Candidate], chosen: str) -> str:
    """The map that is tested, by its name, or ALL."""
    options = [*maps, ALL]
    chosen = chosen if chosen in options else _nearest(maps, chosen)
    state.keep_widget("tested", chosen)
    selectbox(
        "Test this map", options, key="tested", width=340, on_change=_test,
        format_func=lambda name: _ALL if name == ALL else maps[name].title,
        help="Maps of the grid, and below them edges, noise and a blob, which know no network, to compare with.",
    )  # fmt: skip
    return chosen


def _nearest(maps: Mapping[str, Candidate], chosen: str) -> str:
    """Of a map that is no longer there: the same network's by the same method, whatever class that explains now."""
    wanted = MapName.parse(chosen) if chosen else None
    same = (
        name
        for name, each in maps.items()
        if wanted and (each.name.network, each.name.source) == (wanted.network, wanted.source)
    )
    return next(same, next(iter(maps)))


def _heading(test: str, about: Test, selection: Selection) -> bool:
    """Draw the question, and say whether it is asked."""
    if test not in ON_DEMAND:
        st.markdown(f"**{about.question}**")
        return True
    more, key = selection.evidence.more, f"more_{test}"
    is_on = test in more
    state.keep_widget(key, is_on)
    toggle(f"**{about.question}** ({about.cost})", key=key, on_change=_ask_more, args=(test,))
    return is_on


def _ask(test: str, several: Sequence[Candidate], asked: Asked, selection: Selection) -> bool:
    """Ask of each map, and say whether there was an answer."""
    answers = [asked.ask(test, each, Slot(), f"{each.title}: " if len(several) > 1 else "") for each in several]
    if answers[0] and len(several) == 1:
        show_found(answers[0], several[0], selection, asked.picture)
    return any(answers)


def _switch() -> None:
    state.use_tool(TOOL if st.session_state["testing"] else "")


def _test() -> None:
    state.change_evidence(map=st.session_state["tested"])


def _ask_more(test: str) -> None:
    more = state.selection().evidence.more
    state.change_evidence(more=tuple(each for each in TESTS if (each in more) != (each == test)))
