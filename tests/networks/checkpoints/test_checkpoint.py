"""Reading a stranger's file: what is taken out, what is refused, and that a hostile one does no harm."""

import argparse
import json
import os
import pickle
import re
import struct
import tarfile
import threading
import zipfile
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import Enum, IntEnum
from fractions import Fraction
from functools import partial
from pathlib import Path
from uuid import UUID

import numpy as np
import psutil
import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torchvision import transforms

from core.errors import CheckpointError
from core.networks.checkpoints import checkpoint
from core.networks.checkpoints.checkpoint import MAX_BYTES, Checkpoint, read_checkpoint
from tests.networks.checkpoints.made_checkpoints import State, renamed
from tests.networks.made_weights import write

STATE: State = {"conv.weight": torch.arange(6.0).view(2, 3), "conv.bias": torch.ones(2), "steps": torch.tensor(3)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where copies go."""
    return tmp_path / "copies"


def read(content: object, folder: Path, *, legacy: bool = False) -> Checkpoint:
    return read_checkpoint(write(content, folder.parent / "mine.pth", legacy=legacy), folder)


def read_bytes(content: bytes, folder: Path) -> Checkpoint:
    path = folder.parent / "mine.pth"
    path.write_bytes(content)
    return read_checkpoint(path, folder)


def holds(found: Checkpoint, expected: State) -> bool:
    copy = load_file(found.file)
    same = all(torch.equal(copy[key], value) and copy[key].dtype == value.dtype for key, value in expected.items())
    return copy.keys() == expected.keys() and same


class Config(OrderedDict[str, object]):
    """A dict as libraries for configuration make them."""


class Phase(Enum):
    """As training scripts make them."""

    TRAIN = "train"


class Scale(IntEnum):
    """One that is a number, too."""

    LARGE = 3


@dataclass
class Hyperparameters:
    """As training scripts make them."""

    rate: float
    phases: list[Phase]


Point = namedtuple("Point", "x y")
MODEL = nn.Linear(2, 2)
BESIDE: dict[str, object] = {
    "defaultdict": defaultdict(list, {"loss": [1.0, 2.0]}),
    "OrderedDict": Config(lr=0.1),
    "datetime": datetime(2026, 1, 2, tzinfo=UTC),
    "timedelta": timedelta(hours=3),
    "deque": deque([1, 2], maxlen=3),
    "slice": slice(1, 2),
    "range": range(3),
    "Decimal": Decimal("0.1"),
    "Fraction": Fraction(1, 3),
    "complex": 1j,
    "bytes": b"abc",
    "bytearray": bytearray(b"abc"),
    "frozenset": frozenset({(1, 2)}),
    "UUID": UUID(int=3),
    "regular expression": re.compile("a+"),
    "function": torch.nn.functional.relu,
    "partial": partial(int, base=2),
    "class": nn.ReLU,
    "dtype": torch.float16,
    "device": torch.device("cpu"),
    "size": torch.Size([1, 2]),
    "generator": np.random.default_rng(0),
    "array of objects": np.array([None, 1.0]),
    "numpy scalar": np.float32(0.5),
    "Namespace": argparse.Namespace(lr=0.1, output=Path("runs")),
    "namedtuple": Point(1, 2),
    "enum": [Phase.TRAIN, Scale.LARGE],
    "dataclass": Hyperparameters(0.1, [Phase.TRAIN]),
    "loss": nn.CrossEntropyLoss(weight=torch.ones(3)),
    "transform": transforms.Compose([transforms.Resize(8), transforms.Normalize((0.5,) * 3, (0.5,) * 3)]),
    "optimizer": torch.optim.SGD(MODEL.parameters(), lr=0.1, momentum=0.9),
    "scheduler": torch.optim.lr_scheduler.StepLR(torch.optim.SGD(MODEL.parameters(), lr=0.1), 3),
    "error": ValueError("no"),
    "method": MODEL.forward,
    "Counter": Counter("abba"),
    "tuple keys": {(1, (2, 3)): "x", None: "y", 1.5: "z"},
}
UNUSABLE: list[tuple[Callable[[], Tensor], str]] = [
    (lambda: torch.ones(3).to_sparse(), "'bad' is not a plain one"),
    (lambda: torch.eye(3).to_sparse_csr(), "'bad' is not a plain one"),
    (lambda: torch.ones(3, device="meta"), "'bad' is not a plain one"),
    (lambda: torch.ones(3, dtype=torch.complex64), "'bad' is not a plain one"),
    (lambda: torch.quantize_per_tensor(torch.ones(3), 0.1, 0, torch.qint8), "'bad' is not a plain one"),
    (lambda: torch.tensor([1.0, float("nan")]), "'bad' holds infinite numbers, or NaN"),
    (lambda: torch.tensor([1.0, float("-inf")]).half(), "'bad' holds infinite numbers"),
    (lambda: torch.tensor([1e39]).double(), "'bad' holds infinite numbers"),
    (lambda: torch.ones(1).expand(10**12), "'bad' claims to be larger than the file"),
]


@pytest.mark.usefixtures("here")
class TestWhatIsTaken:
    @pytest.mark.parametrize("legacy", [False, True], ids=["zip", "older format"])
    @pytest.mark.parametrize("wrapper", ["", "state_dict", "model_state_dict", "model", "net", "my own"])
    def test_is_the_state_dict_whatever_it_is_wrapped_in(self, wrapper: str, legacy: bool, folder: Path) -> None:
        found = read({wrapper: STATE, "epoch": 3} if wrapper else STATE, folder, legacy=legacy)
        assert holds(found, STATE)
        notice = f"The tensors under '{wrapper.replace(' ', '·')}' were taken."
        assert found.notices == ((notice,) if wrapper else ())

    def test_is_told_with_shapes_and_kinds(self, folder: Path) -> None:
        found = read(STATE, folder)
        assert found.shapes == {"conv.weight": (2, 3), "conv.bias": (2,), "steps": ()}
        assert found.whole == {"steps"}
        assert found.file.parent == folder

    def test_is_the_same_from_safetensors_by_any_name(self, folder: Path) -> None:
        file = folder.parent / "mine.bin"
        save_file(STATE, file, metadata={"format": "pt"})
        assert holds(read_checkpoint(file, folder), STATE)

    def test_is_found_under_two_wrappers_among_all_that_training_keeps(self, folder: Path) -> None:
        optimizer = {"state": {0: {"exp_avg": torch.ones(3)}}, "param_groups": [{"lr": 0.1, "params": [0]}]}
        content = {"epoch": torch.tensor(3), "run": {"model": STATE}, "optimizer": optimizer, "loops": [1, (2, None)]}
        found = read(content, folder)
        assert holds(found, STATE)
        assert found.notices == ("The tensors under 'run.model' were taken.",)

    def test_is_every_network_in_the_file_behind_where_it_was(self, folder: Path) -> None:
        average = {f"module.{key}": value + 1 for key, value in STATE.items()} | {"n_averaged": torch.tensor(9)}
        found = read({"model_ema": average, "model": STATE}, folder)
        assert holds(found, {**renamed(STATE, "", "model."), **renamed(average, "", "model_ema.")})
        assert found.notices == ()

    def test_is_a_part_that_stands_beside_another_but_no_optimizer(self, folder: Path) -> None:
        head, moments = {"weight": torch.ones(4, 2)}, {"weight": torch.ones(4, 2)}
        found = read({"body": STATE, "head": head, "optimizer": moments, "loss": {"scale": torch.ones(1)}}, folder)
        assert holds(found, {**renamed(STATE, "", "body."), "head.weight": torch.ones(4, 2)})

    @pytest.mark.parametrize("content", [[STATE], ({"model": STATE}, {"epoch": 3}), {"nets": [STATE]}])
    def test_is_the_state_dict_in_a_list(self, content: object, folder: Path) -> None:
        assert holds(read(content, folder), STATE)

    def test_is_the_large_network_rather_than_one_of_a_better_name(self, folder: Path) -> None:
        content = {"model": {"temperature": torch.ones(1)}, "classifier": STATE}
        assert holds(read(content, folder), STATE)

    def test_is_only_tensors(self, folder: Path) -> None:
        found = read({**STATE, "version": 2, "note": "x"}, folder)
        assert holds(found, STATE)
        assert found.notices == ("Entries among them that are no tensors were left out: 2.",)

    def test_is_there_beside_a_training_scripts_options_which_are_not_made(self, folder: Path) -> None:
        content = {
            "model": STATE,
            "args": argparse.Namespace(lr=0.1, output=Path("runs")),
            "best": np.float64(0.9),
            "history": np.zeros(3),
        }
        assert holds(read(content, folder), STATE)

    @pytest.mark.parametrize("legacy", [False, True], ids=["zip", "older format"])
    @pytest.mark.parametrize(("make", "sentence"), UNUSABLE)
    @pytest.mark.filterwarnings("ignore")  # some kinds of tensors are young, others out of use
    def test_is_all_but_tensors_of_another_kind_which_are_told_of(
        self, make: Callable[[], Tensor], sentence: str, legacy: bool, folder: Path
    ) -> None:
        found = read({**STATE, "bad": make()}, folder, legacy=legacy)
        assert holds(found, STATE)
        assert re.search(sentence, found.unusable["bad"])
        assert "bad" in found.shapes

    @pytest.mark.parametrize("legacy", [False, True], ids=["zip", "older format"])
    @pytest.mark.parametrize("name", BESIDE)
    def test_is_there_beside_things_that_are_not_made(self, name: str, legacy: bool, folder: Path) -> None:
        assert holds(read({"model": STATE, "other": BESIDE[name]}, folder, legacy=legacy), STATE)
        assert holds(read({**STATE, "other": BESIDE[name]}, folder, legacy=legacy), STATE)

    def test_may_be_in_a_dict_of_another_class(self, folder: Path) -> None:
        assert holds(read(Config(model=Config(STATE)), folder), STATE)
        assert holds(read(defaultdict(dict, STATE), folder), STATE)

    def test_keeps_values_that_share_memory_or_lie_across_it(self, folder: Path) -> None:
        base = torch.arange(12.0).view(3, 4)
        images = torch.arange(24.0).view(1, 2, 3, 4).contiguous(memory_format=torch.channels_last)
        views: State = {"all": base, "again": base, "row": base[1], "turned": base.t(), "wide": base[0, :1].expand(5)}
        found = read({**views, "images": images, "parameter": nn.Parameter(base)}, folder)
        assert holds(found, {**views, "images": images, "parameter": base})

    @pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64, torch.int32, torch.bool])
    def test_keeps_its_precision(self, dtype: torch.dtype, folder: Path) -> None:
        state = {"a": torch.ones(2, dtype=dtype), "none": torch.zeros((0, 3), dtype=dtype)}
        assert holds(read(state, folder), state)

    @pytest.mark.parametrize("kind", ["zip", "older format", "pickle"])
    def test_may_be_arrays_of_numpy(self, kind: str, folder: Path) -> None:
        arrays = {key: value.numpy() for key, value in STATE.items()}
        content = {"state_dict": arrays, "history": np.zeros(3), "config": {"mean": np.ones(3), "img_size": 192}}
        if kind == "pickle":
            found = read_bytes(pickle.dumps(content), folder)
        else:
            found = read(content, folder, legacy=kind == "older format")
        assert holds(found, STATE)
        assert found.said.crop == 192

    def test_is_no_array_more_often_than_there_is_room_for(self, folder: Path) -> None:
        array = np.ones(2**19, "f4")  # 2 MiB, and twice the file's size and 1 MiB may be taken
        found = read_bytes(pickle.dumps({"a": array, "b": array, "c": array}), folder)
        assert holds(found, {"a": torch.ones(2**19), "b": torch.ones(2**19)})
        assert "claims to be larger than the file" in found.unusable["c"]

    def test_is_all_but_arrays_of_another_kind_which_are_told_of(self, folder: Path) -> None:
        found = read({**STATE, "bad": np.array([None])}, folder)
        assert holds(found, STATE)
        assert "'bad' is not one of plain numbers: save tensors, torch.save({k: torch.from" in found.unusable["bad"]

    def test_has_the_files_digest_and_a_title_without_folders_or_markup(self, folder: Path) -> None:
        path = write(STATE, folder.parent / "x")
        found = read_checkpoint(path, folder, r"C:\models\<b>[my](http://x) $net$" + "." * 40 + "v2.pth")
        again = read_checkpoint(path, folder)
        assert found.title == "x) _net_................….........v2.pth"
        assert again.title == "x"
        assert found.digest == again.digest
        assert [path.name for path in folder.iterdir()] == [f"{found.digest[:16]}.safetensors"]

    def test_may_have_names_of_any_letters(self, folder: Path) -> None:
        state = {"<b>\n": torch.ones(1), "猫": torch.ones(1)}
        assert holds(read(state, folder), state)


def meddled(path: Path, **changes: object) -> bytes:
    """A safetensors file with other values in the header's entry for conv.weight."""
    save_file(STATE, path)
    whole = path.read_bytes()
    length = int.from_bytes(whole[:8], "little")
    header = json.loads(whole[8 : 8 + length])
    header["conv.weight"] |= changes
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + whole[8 + length :]


def program(folder: Path) -> bytes:
    torch.jit.script(nn.Linear(1, 1)).save(folder / "program")
    return (folder / "program").read_bytes()


def squeezed(folder: Path, what: str = "data.pkl") -> bytes:
    """A checkpoint of which one entry is compressed, and 300 MB of zeros when it is spread out."""
    with zipfile.ZipFile(folder / "bomb", "w") as archive:
        archive.writestr("mine/version", "3")
        with archive.open(zipfile.ZipInfo(f"mine/{what}"), "w") as entry:
            entry.write(b"\x80\x02}.")
        archive.writestr("mine/data/0", bytes(300_000_000), zipfile.ZIP_DEFLATED, compresslevel=1)
    return (folder / "bomb").read_bytes()


class Calls:
    """Something that, once unpickled, has called a function."""

    def __init__(self, function: Callable[..., object], *args: object) -> None:
        self.call = function, args

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return self.call


@pytest.mark.usefixtures("here")
class TestWhatIsRefused:
    @pytest.fixture(autouse=True)
    def nothing_stays(self, folder: Path) -> Iterator[None]:
        yield
        assert list(folder.iterdir()) == []

    @pytest.mark.parametrize("legacy", [False, True], ids=["zip", "older format"])
    @pytest.mark.parametrize(("make", "sentence"), UNUSABLE)
    @pytest.mark.filterwarnings("ignore")  # some kinds of tensors are young, others out of use
    def test_is_a_tensor_of_another_kind(
        self, make: Callable[[], Tensor], sentence: str, legacy: bool, folder: Path
    ) -> None:
        with pytest.raises(CheckpointError, match=sentence):
            read({"bad": make(), "epoch": 3}, folder, legacy=legacy)

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            ({1: torch.ones(1)}, "names of the tensors are not those of a network"),
            ({("a", "b"): torch.ones(1)}, "names of the tensors are not"),
            ({"x" * 501: torch.ones(1)}, "names of the tensors are not"),
            ({f"w{i}": torch.ones(1) for i in range(10_001)}, "far more beside its weights"),
            ({"__metadata__": torch.ones(1)}, "damaged or incomplete"),
            ({"a\ud800": torch.ones(1)}, "damaged or incomplete"),
            ([torch.ones(1)], "no named tensors"),
            (torch.ones(1), "no named tensors"),
            ({"epoch": 3}, "no named tensors"),
            ({"a": {"b": {"c": {"d": {"e": torch.ones(1)}}}}}, "no named tensors"),
            (nn.Linear(1, 1), r"inside an object \(torch.nn.modules.linear.Linear\).*torch.save\(model.state_dict\(\)"),
            ({"model": nn.Linear(1, 1)}, r"inside an object \(torch.nn.modules.linear.Linear\)"),
            ({"a": np.array([None])}, r"The array 'a' is not one of plain numbers: .*torch.from_numpy"),
            ({"a": np.ma.masked_array(np.ones(2))}, "no named tensors"),
            ({**STATE, "x": Calls(eval, "1")}, r"holds code \(eval\), which is never run"),
        ],
    )
    def test_is_something_else_than_named_tensors(self, content: object, sentence: str, folder: Path) -> None:
        with pytest.raises(CheckpointError, match=sentence):
            read(content, folder)

    @pytest.mark.parametrize("legacy", [False, True], ids=["zip", "older format"])
    def test_is_code_which_is_not_run(self, legacy: bool, folder: Path) -> None:
        with pytest.raises(CheckpointError, match=r"holds code \(posix.system\)"):
            read({**STATE, "x": Calls(os.system, f"touch {folder.parent}/harm")}, folder, legacy=legacy)
        assert not (folder.parent / "harm").exists()

    def test_names_a_tensor_without_its_markup(self, folder: Path) -> None:
        name = "[a](http://x)\n**b**" + "c" * 100
        with pytest.raises(CheckpointError, match=f"'·a··http···x····b··{'c' * 21}…{'c' * 19}' holds"):
            read({name: torch.tensor([float("nan")])}, folder)

    @pytest.mark.parametrize("kind", ["zip", "older format", "safetensors"])
    @pytest.mark.parametrize("kept", [0.05, 0.5, 0.999])
    def test_is_a_file_that_broke_off(self, kept: float, kind: str, folder: Path) -> None:
        path = folder.parent / "whole"
        if kind == "safetensors":
            save_file(STATE, path)
        else:
            write(STATE, path, legacy=kind == "older format")
        whole = path.read_bytes()
        with pytest.raises(CheckpointError, match=r"damaged or incomplete|not a file of weights|by torch.save"):
            read_bytes(whole[: int(kept * len(whole))], folder)

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"\n<!DOCTYPE html><p>Sign in</p>", "This is a web page"),
            (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n", "pointer of Git LFS"),
            (bytes(range(256)), "not a file of weights"),
            (pickle.dumps(Calls(os.system, "exit 1")), r"holds code \(posix.system\), which is never run"),
            (pickle.dumps(STATE), r"not written by torch.save or safetensors: .*torch.save\(model.state_dict\(\)"),
            (pickle.dumps(MODEL), r"not written by torch.save or safetensors: .*torch.save\(model.state_dict\(\)"),
            (pickle.dumps({"a": np.array([None])}), "'a' is not one of plain numbers"),
            (pickle.dumps({"a": np.arange(99.0)})[:-200], "damaged or incomplete"),
            (b"\x80\x02}.", "no named tensors"),
            (b"PK\x03\x04" + bytes(100), "damaged or incomplete"),
            (b"\xff" * 8 + b"{}", "damaged or incomplete"),
            (struct.pack("<Q", 2) + b"{]", "damaged or incomplete"),
            (struct.pack("<Q", 2) + b"{}", "no named tensors"),
        ],
    )
    def test_is_a_file_of_another_kind(self, content: bytes, sentence: str, folder: Path) -> None:
        with pytest.raises(CheckpointError, match=sentence):
            read_bytes(content, folder)

    @pytest.mark.parametrize(
        "changes",
        [
            {"shape": [2**40, 2**40]},
            {"shape": [2, 4]},
            {"shape": [-1, 3]},
            {"data_offsets": [0, 2**60]},
            {"data_offsets": [24, 0]},
            {"data_offsets": [4, 28]},
            {"dtype": "F1024"},
        ],
    )
    def test_is_a_header_that_does_not_agree_with_its_data(self, changes: dict[str, object], folder: Path) -> None:
        content = meddled(folder.parent / "good", **changes)
        with pytest.raises(CheckpointError, match="damaged or incomplete"):
            read_bytes(content, folder)

    @pytest.mark.filterwarnings("ignore:.*torch.jit")
    def test_is_a_program(self, folder: Path) -> None:
        with pytest.raises(CheckpointError, match=r"TorchScript program.*save its state_dict"):
            read_bytes(program(folder.parent), folder)

    def test_is_an_archive_of_something_else(self, folder: Path) -> None:
        with pytest.raises(CheckpointError, match="not a file of weights"):
            read_bytes(squeezed(folder.parent, "readme.txt"), folder)

    def test_is_a_compressed_archive_before_anything_is_spread_out(self, folder: Path) -> None:
        with pytest.raises(CheckpointError, match="compressed archive"):
            read_bytes(squeezed(folder.parent), folder)


def test_an_empty_or_far_too_large_file_is_refused_unopened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder.parent / "large.pth"
    monkeypatch.setattr(Path, "open", None)
    path.touch()
    with pytest.raises(CheckpointError, match="The file is empty"):
        read_checkpoint(path, folder)
    os.truncate(path, MAX_BYTES + 1)
    with pytest.raises(CheckpointError, match=r"has 3.2 GB and at most 3.2 GB .*without the optimizer's state"):
        read_checkpoint(path, folder)
    assert not folder.exists()


def test_a_file_that_is_not_there_is_an_error_in_a_sentence(folder: Path) -> None:
    with pytest.raises(CheckpointError, match="cannot be read or copied"):
        read_checkpoint(folder / "nothing.pth", folder)


class TestTheOtherProcess:
    """What comes of one that misbehaves: a script takes the place of unpack.py."""

    @pytest.fixture(autouse=True)
    def nothing_stays(self, folder: Path) -> Iterator[None]:
        yield
        assert list(folder.iterdir()) == []

    @pytest.mark.parametrize(
        "script",
        [
            "import os; os.abort()",
            "raise MemoryError",
            "print('no JSON')",
            "print('[]')",
            "while True: print('x' * 10000)",
        ],
    )
    def test_breaking_off_or_babbling_is_an_error(
        self, script: str, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.replace(script, folder, monkeypatch)
        with pytest.raises(CheckpointError, match="made its reader break off"):
            read_bytes(b"anything", folder)

    def test_is_not_believed_that_there_is_a_good_copy(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.replace("import sys; open(sys.argv[2], 'w').write('no'); print('{}')", folder, monkeypatch)
        with pytest.raises(CheckpointError, match="damaged or incomplete"):
            read_bytes(b"anything", folder)

    def test_is_stopped_when_it_takes_too_long(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.replace("import sys, time; open(sys.argv[2], 'w').write('half'); time.sleep(60)", folder, monkeypatch)
        monkeypatch.setattr(checkpoint, "STARTING_SECONDS", 0.3)
        monkeypatch.setattr(checkpoint, "READING_SECONDS", 0)
        before = psutil.Process().children()  # a browser of another test, for one
        with pytest.raises(CheckpointError, match="took too long"):
            read_bytes(b"anything", folder)
        assert psutil.Process().children() == before

    def replace(self, script: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = folder.parent / "script.py"
        path.write_text(script)
        monkeypatch.setattr(checkpoint, "_UNPACK", path)


def nested(depth: int) -> tuple[object, ...]:
    value: tuple[object, ...] = ()
    for _ in range(depth):
        value = (value, value)
    return value


def absurd_storage(path: Path) -> None:
    """The older format, its one storage said to hold 2**40 numbers."""
    write({"a": torch.ones(3)}, path, legacy=True)
    whole = path.read_bytes()
    assert whole.count(b"K\x03N") == 1, "the format of torch.save has changed"
    path.write_bytes(whole.replace(b"K\x03N", b"\x8a\x06" + (2**40).to_bytes(6, "little") + b"N"))


def many_objects(path: Path) -> None:
    """A pickle that makes something of each of its 15 million bytes."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mine/data.pkl", b"\x80\x02" + b"}" * 15_000_000 + b".")


def bomb(path: Path) -> None:
    """An archive whose one file looks like a checkpoint and has 300 MB of zeros."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("best.pth", b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19." + bytes(300_000_000))


def packed(path: Path) -> None:
    """A checkpoint in an archive."""
    write(STATE, path.with_suffix(".pth"))
    with tarfile.open(path, "w:gz") as archive:
        archive.add(path.with_suffix(".pth"), "run/best.pth")


HOSTILE: dict[str, tuple[Callable[[Path], object], str]] = {
    "code": (lambda path: write({**STATE, "x": Calls(os.system, f"touch {path}.harm")}, path), r"code \(posix.system"),
    "large objects": (
        lambda path: write({**STATE, "x": [Calls(bytearray, 10**8) for _ in range(30)]}, path),
        "far more memory",
    ),
    "absurd storage": (absurd_storage, "far more memory"),
    "many objects": (many_objects, "far more memory|took too long"),
    "bomb": (bomb, "holds far more than its size"),
    "endless hashing": (lambda path: write({**STATE, "x": Calls(set, [nested(60)])}, path), "took too long"),
}
GOOD: dict[str, Callable[[Path], object]] = {
    "zip": lambda path: write(STATE, path),
    "safetensors": lambda path: save_file(STATE, path),
    "archive": packed,
}


@pytest.mark.timeout(300)
def test_for_real_hostile_files_give_errors_and_leave_nothing_and_good_ones_give_their_tensors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one test, so that the half minute that processes with limits need is spent once, by one worker."""

    def outcome(name: str) -> Checkpoint | CheckpointError:
        try:
            return read_checkpoint(tmp_path / name, tmp_path / f"{name} copies")
        except CheckpointError as error:
            return error

    makers = {name: make for name, (make, _) in HOSTILE.items()} | GOOD
    for name, make in makers.items():
        make(tmp_path / name)
    monkeypatch.setattr(checkpoint, "_one_at_a_time", threading.Semaphore(2))
    monkeypatch.setattr(checkpoint, "READING_SECONDS", 3)
    before = psutil.Process().memory_info().rss
    with ThreadPoolExecutor(2) as pool:
        found = dict(zip(makers, pool.map(outcome, makers), strict=True))
    assert psutil.Process().memory_info().rss - before < 50e6
    assert list(tmp_path.glob("*.harm")) == []
    for name, (_, sentence) in HOSTILE.items():
        assert isinstance(found[name], CheckpointError), name
        assert re.search(sentence, str(found[name])), (name, found[name])
        assert list((tmp_path / f"{name} copies").iterdir()) == [], name
    for name in GOOD:
        good = found[name]
        assert isinstance(good, Checkpoint), (name, good)
        assert holds(good, STATE), name
        assert list((tmp_path / f"{name} copies").iterdir()) == [good.file], name
