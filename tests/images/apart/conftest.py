"""What the program answers in this process, of pictures that do no harm: its limits would stay."""

import numpy as np
import pytest

from core.images.apart import program


@pytest.fixture(autouse=True)
def unlimited(monkeypatch):
    monkeypatch.setattr(program, "_limit", lambda seconds: None)


@pytest.fixture
def read(tmp_path):
    """What the program answers, and the array it writes, None if it refuses."""

    def read(data, kind):
        (tmp_path / "picture").write_bytes(data)
        answer = program.answer(kind, str(tmp_path / "picture"), str(tmp_path / "pixels"), 9)
        return answer, None if "refused" in answer else np.load(tmp_path / "pixels", allow_pickle=False)

    return read
