"""What is found and kept is each module's own; and a session without a page."""

import pytest
import streamlit as st

from tests.fresh import clean_caches as clean_caches
from tests.fresh import computed as computed
from tests.fresh import installed_packages as installed_packages
from tests.fresh import no_weights_but_those_of_pip as no_weights_but_those_of_pip


@pytest.fixture
def session(monkeypatch):
    """A session's state, for what is asked outside a page."""
    kept = {}
    monkeypatch.setattr(st, "session_state", kept)
    return kept
