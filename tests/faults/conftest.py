"""A disk that can be filled."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.networks.weights.conftest import pauses, server  # noqa: F401  # fixtures


@dataclass(frozen=True)
class Disk:
    """A disk of a few megabytes of its own."""

    root: Path

    @property
    def ballast(self) -> Path:
        return self.root / "ballast"

    def fill(self, left: int = 0) -> None:
        """With somebody else's bytes, until no more than `left` are free."""
        with self.ballast.open("ab", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass
        if left:
            with self.ballast.open("ab") as file:
                file.truncate(file.tell() - left)

    def make_room(self) -> None:
        self.ballast.unlink()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """A real one, in memory: for the administrator of a Linux machine alone."""
    root = tmp_path / "disk"
    root.mkdir()
    try:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", root], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("nobody may mount a disk here")
    yield Disk(root)
    subprocess.run(["umount", "--lazy", root], check=True)
