"""Words to the page come seldom, and in between whoever wants something else is heard."""

import pytest
from streamlit.testing.v1 import AppTest

from core.ui.frame import pause as module
from core.ui.frame.pause import Pause


def test_it_is_over_once_each_time(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    pause, over = Pause(1), []
    for seconds in (0.5, 0.5, 0.1, 0.8, 0.2, 5.0, 0.0):
        now[0] += seconds
        over.append(pause.is_over())
    assert over == [False, True, False, False, True, True, False]


@pytest.mark.parametrize("wishes", [0, 1])
def test_a_run_whose_reader_has_another_wish_ends_in_it(wishes):
    def page(wishes, outlived):
        import streamlit as st
        from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx

        from core.ui.frame.pause import Pause

        runs = st.session_state["runs"] = st.session_state.get("runs", 0) + 1
        if runs <= wishes:
            get_script_run_ctx().script_requests.request_rerun(RerunData())
        assert not Pause(3600).is_over()
        outlived.append(runs)

    outlived = []
    app = AppTest.from_function(page, args=(wishes, outlived)).run()
    assert not app.exception
    assert outlived == [wishes + 1]
