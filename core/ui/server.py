"""The server's start. `streamlit run` finds the app in `streamlit_app.py`, and the app says when the server starts."""

import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from threading import Thread

import streamlit as st
from streamlit.cli_util import open_browser
from streamlit.web.server.server_util import get_display_address, get_url

from core.runtime.scratch import clear_up
from core.ui.frame import engine


@asynccontextmanager
async def prepared(_app: st.App) -> AsyncGenerator[None]:
    """While a server runs: what its first visitors wait for is done ahead, and its owner's browser is opened.

    The latter Streamlit does for a script, but not for an app. Nor does an app end as a script's server does, which
    clears up: uvicorn, told to end, ends well and then has itself killed by the same signal (`Server.capture_signals`).
    """
    Thread(target=prepare, name="prepare", daemon=True).start()
    if not st.get_option("server.headless"):
        host = st.get_option("server.address") or st.get_option("browser.serverAddress")
        open_browser(get_url(get_display_address(host)))
    yield
    engine.wait()
    from core.service import stop_computing

    stop_computing()
    if hasattr(signal, "pthread_sigmask"):  # Windows has none, and nobody there who sends it
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})


def prepare() -> None:
    """Import what the first page needs, in its order, and answer what it asks of the networks of this computer.

    Then see to what readers gave to a server that was killed.
    """
    import core.ui.compare.controls
    import core.ui.compare.page  # noqa: F401

    engine.load()
    from core import answering, pictures
    from core.errors import LimelightError
    from core.networks.catalogue import lookup
    from core.selection import Selection

    first = Selection()
    for name in first.question.networks:
        with suppress(LimelightError):  # whoever asks is told
            answering.explanations(first.question, lookup(name), pictures.sample(first.picture))
    clear_up()
