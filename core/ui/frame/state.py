"""The selection in its session: widgets change it, the address carries it, a link or Back moves it.

The selection is in the address, so that a page can be shared, reloaded and gone back to. When a run starts, somebody
else has moved the address (a link, Back, typing) if it is not as this session left it: the widgets then follow it. But
a widget that is worked while the address is still on its way to the browser comes with an address before; so every
widget says that it was touched (see core.ui.frame.widgets), and then it is right and the address is late. The late one
still arrives, so that the right one is sent after it, even if it is the one that the widget came with. An address that
the session was not at since the browser last knew better is not late: somebody has moved it, and just then a widget,
or what the browser says of its room, came too.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from core.selection import Selection
from core.ui.frame.alone import begin_page, draw_alone

_SELECTION, _ARRIVED, _TOUCHED, _LATE, _LEFT = "selection", "arrived", "touched", "address_late", "shown"
_ARRIVING = "arriving"  # page and address, while a run is on its way there
_EARLIER, _MOST = "addresses_before", 200  # which the browser may still have, until it comes with the right one


def selection() -> Selection:
    """What is selected, as the last run left it, or as a callback changed it since."""
    return st.session_state[_SELECTION]


def change(**fields: Any) -> None:  # noqa: ANN401
    """For callbacks: the same selection with other fields."""
    st.session_state[_SELECTION] = replace(selection(), **fields)
    touch()


def see(**fields: Any) -> None:  # noqa: ANN401
    """For callbacks of widgets, the last thing they do: the same selection in another view, which is drawn first."""
    st.session_state[_SELECTION] = replace(selection(), view=replace(selection().view, **fields))
    draw_alone()


def change_evidence(**fields: Any) -> None:  # noqa: ANN401
    """For callbacks: the same selection, in which something else is tested."""
    change(evidence=replace(selection().evidence, **fields))


def use_tool(tool: str) -> None:
    """For callbacks: another tool below the grid, "" for none."""
    st.session_state["ask"] = tool or None  # the widget of the Compare page
    change(tool=tool)


def touch() -> None:
    """For callbacks: a widget was worked, so that it is right where the address says something else."""
    st.session_state[_TOUCHED] = True


def go_to(query: Mapping[str, str]) -> None:
    """For callbacks: make an address the page's, as if somebody had followed a link to it."""
    st.session_state[_TOUCHED] = False
    st.query_params.from_dict(dict(query))


def keep_widget(key: str, value: Any) -> None:  # noqa: ANN401
    """Before a widget is drawn: it shows what is selected.

    It is set only where it shows something else: what is set goes to the browser, and would take back what the reader
    did since.
    """
    if st.session_state.get(key) != value:
        st.session_state[key] = value


def arrived() -> bool:
    """Whether the reader has just come here, by a link, Back or another page: widgets are to be set anew."""
    return st.session_state[_ARRIVED]


def begin(page: str) -> Selection:
    """At the beginning of a run: the selection, from the address if the reader has just arrived."""
    begin_page()
    state, query = st.session_state, st.query_params.to_dict()
    left_page, left_query = state.get(_LEFT, ("", {}))
    touched = state.get(_TOUCHED, False)
    late = touched and left_query != query and query in state.get(_EARLIER, ())
    broken_off = state.get(_ARRIVING)  # where a run was to bring the reader that did not come to its end
    if broken_off and touched and broken_off[0] == page and query == left_query:
        query, late = broken_off[1], True  # by a click that comes with the address before
    state[_ARRIVED] = broken_off is not None or page != left_page or (left_query != query and not late)
    state[_TOUCHED], state[_LATE] = False, late
    if not late:
        state[_EARLIER] = ()
    if state[_ARRIVED]:
        state[_SELECTION], state[_ARRIVING] = Selection.from_query(query), (page, query)
    return state[_SELECTION]


def leave(page: str, selected: Selection) -> dict[str, str]:
    """When the controls are drawn: keep what they say, here and in the address, which is returned."""
    state, query, before = st.session_state, selected.to_query(), st.query_params.to_dict()
    if before != query or state[_LATE]:
        _, sent = state.get(_LEFT, ("", {}))
        state[_EARLIER] = (*state[_EARLIER], *(each for each in (sent, before) if each not in state[_EARLIER]))[-_MOST:]
        st.query_params.from_dict(query)
    state[_SELECTION], state[_LEFT], state[_ARRIVING] = selected, (page, query), None
    return query
