"""Reading checkpoints in the process of the tests."""

import json

import pytest

from core.networks.checkpoints import checkpoint, unpack


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unpack in this process and without limits: files that do no harm are read in milliseconds."""

    def answer(command: list[str], seconds: float) -> bytes:
        return json.dumps(unpack.answer(*command[-3:-1], float(command[-1]))).encode()

    monkeypatch.setattr(unpack, "_limit", lambda *limits, **more: None)
    monkeypatch.setattr(checkpoint, "_answer", answer)
