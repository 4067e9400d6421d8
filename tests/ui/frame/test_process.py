"""What is changed of the whole process: all sessions alike."""

import pytest
from streamlit import config

from core.networks.checkpoints.checkpoint import MAX_BYTES
from core.ui.frame import process


@pytest.fixture
def upload_limit():
    """Reads Streamlit's limit in megabytes, which is afterwards as it was."""
    before = config.get_option("server.maxUploadSize")
    yield lambda: config.get_option("server.maxUploadSize")
    config.set_option("server.maxUploadSize", before)


def test_the_largest_checkpoint_can_be_uploaded(upload_limit):
    process.allow_uploads(MAX_BYTES)
    assert upload_limit() * 2**20 == MAX_BYTES
