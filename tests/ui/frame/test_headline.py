"""The line above the grid."""

from streamlit.testing.v1 import AppTest


def drawn(title, detail):
    """A headline with a button, whose progress is only said when the button is there."""

    def page(title, detail):
        import streamlit as st

        from core.ui.frame.headline import actions, headline

        with headline(title, detail) as progress:
            with actions():
                st.button("Pin")
        progress.progress(0.5, "Computing")

    app = AppTest.from_function(page, args=(title, detail)).run()
    assert not app.exception
    return app


def test_a_title_of_a_strangers_choosing_is_text():
    (line,) = drawn("<b>bold</b> www.evil.example [a](b)", "1 < 2 & 3").get("html")
    title, detail = "&lt;b&gt;bold&lt;/b&gt; www.evil.example [a](b)", "1 &lt; 2 &amp; 3"
    assert line.proto.body == (f'<h1 class="lime-title" title="{title} · {detail}">{title} <span>{detail}</span></h1>')


def test_progress_has_its_place_between_the_title_and_the_buttons():
    kinds = [node.type for node in drawn("Cat", "").main if node.type in ("html", "progress", "button")]
    assert kinds == ["html", "progress", "button"]
