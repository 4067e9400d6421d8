"""What is changed of the whole process: once, and so that it is undone at the end."""

import pytest
from streamlit import config

from core.networks.checkpoints.checkpoint import MAX_BYTES
from core.ui.frame import process


def test_imports_are_frozen_by_the_first_run_only_and_thawed_at_the_end(monkeypatch):
    happened, at_the_end = [], []
    monkeypatch.setattr(process.gc, "freeze", lambda: happened.append("frozen"))
    monkeypatch.setattr(process.atexit, "register", at_the_end.append)
    process.freeze_imports.cache_clear()
    for _ in range(3):
        process.freeze_imports()
    assert happened == ["frozen"]
    assert at_the_end == [process.gc.unfreeze]
    process.freeze_imports.cache_clear()


@pytest.fixture
def upload_limit():
    """Reads Streamlit's limit in megabytes, which is afterwards as it was."""
    before = config.get_option("server.maxUploadSize")
    yield lambda: config.get_option("server.maxUploadSize")
    config.set_option("server.maxUploadSize", before)


def test_the_largest_checkpoint_can_be_uploaded(upload_limit):
    process.allow_uploads(MAX_BYTES)
    assert upload_limit() * 2**20 == MAX_BYTES
