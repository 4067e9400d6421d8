"""Files that nobody is to find later: they go with their process, and what was killed is cleared up by the next one."""

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.runtime import scratch
from tests.opening import ROOT

PROCESS = """
from core.runtime.scratch import process_folder
(process_folder() / "of-a-patient").write_text("seen")
print(process_folder(), flush=True)
input()
"""


@pytest.fixture
def where(tmp_path, monkeypatch):
    """Where temporary files go, of this process, too."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@contextmanager
def process(where):
    """Another process that has a folder there: both; it ends when its input does."""
    command = [sys.executable, "-c", PROCESS]
    environment = os.environ | {"TMPDIR": str(where), "TEMP": str(where)}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        yield other, where / os.path.basename(other.stdout.readline().strip())


def test_a_process_has_one_and_makes_it_anew_if_somebody_removed_it(where):
    folder = scratch.process_folder()
    assert folder.parent == where
    assert folder == scratch.process_folder()
    (folder / ".lock").unlink()
    folder.rmdir()
    assert scratch.process_folder().is_dir()


def test_it_goes_with_its_process(where):
    with process(where) as (other, folder):
        assert (folder / "of-a-patient").read_text() == "seen"
        other.communicate("\n")
    assert other.returncode == 0
    assert not folder.exists()


def test_that_of_a_killed_process_goes_with_the_next_and_that_of_one_that_lives_stays(where):
    with process(where) as (living, kept), process(where) as (killed, left):
        killed.kill()
        killed.wait()
        assert (left / "of-a-patient").exists()
        scratch.clear_up()
        assert not left.exists()
        assert (kept / "of-a-patient").exists()
        living.communicate("\n")
    assert not kept.exists()


def test_what_is_not_known_to_be_left_stays(where):
    for name in ("limelight-mine", "else"):
        (where / name).mkdir()
        (where / name / "file").write_text("kept")
    (where / "else" / ".lock").touch()
    (where / "limelight-file").write_text("kept")
    (where / "limelight-link").symlink_to(where / "else")
    scratch.clear_up()
    names = [each.name for each in where.iterdir()]
    assert sorted(names) == ["else", "limelight-file", "limelight-link", "limelight-mine"]
    assert (where / "else" / "file").read_text() == (where / "limelight-mine" / "file").read_text() == "kept"


def test_one_that_is_taken_for_left_before_it_is_locked_is_made_again(where, monkeypatch):
    taken, acquire = [], scratch.FileLock.acquire

    def too_late(self, *given, **how):
        folder = Path(self.lock_file).parent
        if not taken:
            taken.append(folder)
            acquired = acquire(self, *given, **how)
            shutil.rmtree(folder)
            return acquired
        return acquire(self, *given, **how)

    monkeypatch.setattr(scratch.FileLock, "acquire", too_late)
    folder = scratch.process_folder()
    assert folder.is_dir()
    assert taken != [folder]


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="folders have no owners")
def test_somebody_elses_stays(where, monkeypatch):
    (where / "limelight-theirs").mkdir()
    (where / "limelight-theirs" / ".lock").touch()
    monkeypatch.setattr(scratch.os, "getuid", lambda: 12345)
    scratch.clear_up()
    assert (where / "limelight-theirs").exists()
