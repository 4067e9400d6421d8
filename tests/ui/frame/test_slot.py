"""A slot: what is drawn in it again stands instead of what was, and what is drawn once needs no empty place."""

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.testing.v1 import AppTest


def once() -> None:
    import streamlit as st

    from core.ui.frame.slot import Slot

    slot = Slot()
    st.caption("below")
    with slot.container(last=True):
        st.markdown("done")
        st.markdown("and said")


def again() -> None:
    import streamlit as st

    from core.ui.frame.slot import Slot

    slot = Slot()
    st.caption("below")
    for words, last in (("first", False), ("second", False), ("done", True)):
        with slot.container(last=last):
            st.markdown(words)


def sent(monkeypatch, script):
    """The kinds of all elements that are sent, and the page in the end."""
    kinds, enqueue = [], ForwardMsgQueue.enqueue

    def listen(queue: ForwardMsgQueue, message: ForwardMsg) -> None:
        if message.WhichOneof("type") == "delta":
            kinds.append(message.delta.new_element.WhichOneof("type") or "block")
        enqueue(queue, message)

    monkeypatch.setattr(ForwardMsgQueue, "enqueue", listen)
    return kinds, AppTest.from_function(script).run()


def test_what_is_drawn_once_is_sent_without_an_empty_place(monkeypatch):
    kinds, app = sent(monkeypatch, once)
    assert kinds == ["block", "markdown", "block", "markdown", "markdown"]
    assert [each.value for each in app.markdown] == ["done", "and said"]


def test_what_is_drawn_again_stands_instead(monkeypatch):
    kinds, app = sent(monkeypatch, again)
    assert kinds == ["block", "markdown", "empty", *["block", "markdown"] * 3]
    assert [each.value for each in app.markdown] == ["done"]


def cleared() -> None:
    import streamlit as st

    from core.ui.frame.slot import Slot

    slot = Slot()
    st.caption("below")
    slot.clear()
    slot.clear()
    with slot.container(last=True):
        st.markdown("done")


def test_what_is_cleared_is_sent_as_an_empty_place_and_may_be_drawn_in(monkeypatch):
    kinds, app = sent(monkeypatch, cleared)
    assert kinds == ["block", "markdown", *["empty"] * 3, "block", "markdown"]
    assert [each.value for each in app.markdown] == ["done"]
