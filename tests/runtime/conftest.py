"""A folder that stands for this machine's control groups."""

import pytest

from core.runtime import control_groups


@pytest.fixture
def group(tmp_path, monkeypatch):
    """There are none; writes files there, by path."""
    monkeypatch.setattr(control_groups, "Path", lambda path: tmp_path / path.lstrip("/"))

    def write(path, text):
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    return write
