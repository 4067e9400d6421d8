"""The program that opens a stranger's file, called as a function: what it answers, in its own few words."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from core.networks.checkpoints import checkpoint, unpack
from core.networks.checkpoints.unpack import Refused, answer, kind_of, take
from tests.networks.checkpoints.made_checkpoints import State
from tests.networks.made_weights import write

STATE: State = {"weight": torch.ones(2, 3), "bias": torch.zeros(2)}


@pytest.fixture
def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits of a process would hold for all tests after this one."""
    monkeypatch.setattr(unpack, "_limit", lambda *limits, **more: None)


def test_the_program_starts_without_limelight_and_without_torch_for_what_is_no_checkpoint(tmp_path: Path) -> None:
    (tmp_path / "page").write_text("<html>")
    command = [sys.executable, "-I", "-X", "importtime", unpack.__file__, str(tmp_path / "page"), "copy", "1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, cwd=tmp_path, check=True)
    assert json.loads(done.stdout) == {"refused": "web page", "name": ""}
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "zipfile" in imported
    assert not {"torch", "core", "numpy", "safetensors"} & imported


def test_there_is_a_sentence_for_every_reason_to_refuse() -> None:
    program = Path(unpack.__file__)
    sources = [program, *sorted((program.parent / "unpacking").glob("*.py"))]
    written = "".join(source.read_text() for source in sources)
    reasons = {*re.findall(r'Refused\("([\w ]+)"', written), *re.findall(r'return "([\w ]+)", ', written)}
    assert len(reasons) > 15
    assert reasons <= checkpoint._REFUSALS.keys()


@pytest.mark.parametrize("legacy", [False, True])
def test_a_file_of_torch_is_told_by_its_first_bytes(legacy: bool, tmp_path: Path) -> None:
    assert kind_of(str(write(STATE, tmp_path / "x.txt", legacy=legacy))) == ("legacy" if legacy else "zip")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "unknown"),
        (b"\x80\x04N.", None),
        (b" \n<HTML>", "web page"),
        (b"version https://git-lfs.github.com/spec/v1", "pointer"),
        (b"\x09" + bytes(7) + b"{", None),  # a header of as many bytes as the whole file has
        (b"\x0a" + bytes(7) + b"{", "damaged"),
    ],
)
def test_what_is_seen_from_outside_is_enough_to_refuse(content: bytes, reason: str | None, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(content)
    if reason is None:
        assert kind_of(str(tmp_path / "file")) == ("pickle" if content[0] == 0x80 else "safetensors")
    else:
        with pytest.raises(Refused) as refused:
            kind_of(str(tmp_path / "file"))
        assert (refused.value.reason, refused.value.name) == (reason, "")


def taken(content: object, folder: Path) -> dict[str, object]:
    """What is said of a file that holds this; its tensors are then in folder / "copy"."""
    return take(str(write(content, folder / "file")), "zip", str(folder / "copy"))


def test_what_is_taken_is_told_with_its_place_and_copied(tmp_path: Path) -> None:
    content = {"run": {"model": {**STATE, "epoch": 3}}}
    assert taken(content, tmp_path) == {"under": "run.model", "others": 1}
    copy = load_file(tmp_path / "copy")
    assert copy.keys() == STATE.keys()
    assert torch.equal(copy["weight"], STATE["weight"])


def test_of_several_places_all_are_taken_behind_their_names(tmp_path: Path) -> None:
    content = {name: {key: value.clone() for key, value in STATE.items()} for name in ("a", "net")}
    assert taken(content, tmp_path) == {"under": "", "others": 0}
    assert load_file(tmp_path / "copy").keys() == {f"{name}.{key}" for name in ("a", "net") for key in STATE}


def test_tensors_half_as_many_as_the_most_count_and_fewer_do_not(tmp_path: Path) -> None:
    def tensors(count: int) -> State:
        return {str(number): torch.ones(1) for number in range(count)}

    assert taken({"state_dict": tensors(2), "x": tensors(4)}, tmp_path)["under"] == ""
    assert taken({"state_dict": tensors(2), "x": tensors(5)}, tmp_path)["under"] == "x"


def test_a_dictionary_that_holds_itself_is_looked_through_once(tmp_path: Path) -> None:
    ring: dict[str, object] = {"model": STATE}
    ring["self"] = ring
    assert taken(ring, tmp_path) == {"under": "model", "others": 0}


@pytest.mark.usefixtures("unlimited")
def test_an_answer_names_what_was_refused_cut_to_a_length(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> None:
        raise Refused("code", "x" * 900)

    monkeypatch.setattr(unpack, "take", refuse)
    save_file(STATE, tmp_path / "file")
    assert answer(str(tmp_path / "file"), "copy", 9) == {"refused": "code", "name": "x" * unpack.LONGEST_NAME}


@pytest.mark.usefixtures("unlimited")
@pytest.mark.parametrize(
    ("error", "reason"),
    [(MemoryError(), "memory"), (RuntimeError("DefaultCPUAllocator: can't allocate memory"), "memory"),
     (RuntimeError("anything else"), "damaged"), (RecursionError(), "damaged"), (Refused("size", "w"), "size")],
)  # fmt: skip
def test_whatever_happens_while_reading_is_an_answer(
    error: Exception, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise error

    monkeypatch.setattr(unpack, "take", fail)
    save_file(STATE, tmp_path / "file")
    assert answer(str(tmp_path / "file"), "copy", 9)["refused"] == reason


def test_the_same_file_has_the_same_copy_each_time(tmp_path: Path) -> None:
    content = {"state_dict": STATE | {"bad": object}, "epoch": 3, "classes": ["cat", "dog"]}
    copies = set()
    for number in range(8):  # what order its metadata have was drawn anew each time
        take(str(write(content, tmp_path / "file")), "zip", str(tmp_path / f"{number}"))
        copies.add((tmp_path / f"{number}").read_bytes())
    assert len(copies) == 1
