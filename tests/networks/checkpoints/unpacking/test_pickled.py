"""A pickle is followed: what is plain is what Python makes of it, what is not stays a name, and nothing is done."""

import io
import math
import pickle
import sys
from pathlib import Path

import pytest

from core.networks.checkpoints.unpacking import pickled
from core.networks.checkpoints.unpacking.pickled import followed
from core.networks.checkpoints.unpacking.refused import Refused
from core.networks.checkpoints.unpacking.values import Name, Thing

PLAIN: list[object] = [
    None, True, False, 0, -1, 255, 65_536, -(2**31), 2**40, 2**2100, 0.1, -math.inf, "", "a\nb", "猫\ud800", b"",
    b"\xff" * 300,
    bytearray(b"\x00\xfe"), [], [1, [2, [3]]], (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), {}, {"a": 1, 2: (3,)}, set(),
    {1, 2}, frozenset({3}), list(range(2_000)), {index: str(index) for index in range(2_000)}, 1 + 2j, "x" * 70_000,
]  # fmt: skip


def follow(program: bytes) -> object:
    return followed(io.BytesIO(program))


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("value", PLAIN, ids=lambda value: f"{type(value).__name__}")
def test_plain_data_is_what_python_makes_of_it(value: object, protocol: int) -> None:
    found = follow(pickle.dumps(value, protocol))
    assert found == value
    assert type(found) is type(value)


def test_what_is_there_twice_is_one_and_what_holds_itself_does() -> None:
    shared = [1]
    loop: list[object] = [shared, shared]
    loop.append(loop)
    found = follow(pickle.dumps(loop))
    assert isinstance(found, list)
    assert found[0] is found[1]
    assert found[2] is found


@pytest.mark.parametrize(
    "program",
    [
        b"cmischief\ndo\n)R.",
        b"\x80\x04\x8c\x08mischief\x8c\x02do\x93)R.",
        b"(imischief\ndo\n.",
        b"(cmischief\ndo\no.",
        b"\x80\x02cmischief\ndo\n)\x81.",
        b"\x80\x04\x8c\x08mischief\x8c\x02do\x93)}\x92.",
        b"cmischief\ndo\n)R}X\x01\x00\x00\x00aK\x01sb.",
        b"cmischief\ndo\n)R(K\x01K\x02u.",
        b"cmischief\ndo\n)R(K\x01K\x02e.",
        b"cmischief\ndo.__class__\n(S'x'\ntR.",
        b"cmischief\ndo\n)R)R.",
    ],
)
def test_what_is_called_stays_a_name_by_whatever_instruction(
    program: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mischief.py").write_text("raise SystemExit")
    monkeypatch.syspath_prepend(str(tmp_path))
    found = follow(program)
    assert isinstance(found, Thing)
    assert found.name.startswith("mischief.do")
    assert "mischief" not in sys.modules


def test_a_class_stays_a_name() -> None:
    assert follow(pickle.dumps(pickle.Pickler)[:0] + b"cmischief\nKind\n.") == Name("mischief.Kind")


def test_what_a_thing_would_have_been_made_of_is_data() -> None:
    found = follow(b"cmischief\ndo\n(K\x01K\x02tR}X\x01\x00\x00\x00aK\x03sb.")
    assert isinstance(found, Thing)
    assert (found.name, found.arguments, found.state) == ("mischief.do", (1, 2), {"a": 3})


@pytest.mark.parametrize(
    ("program", "name"),
    [
        (b"cos\nsystem\n.", "os.system"),
        (b"cposix\nsystem\n.", "posix.system"),
        (b"cos.path\njoin\n.", "os.path.join"),
        (b"csubprocess\nPopen\n.", "subprocess.Popen"),
        (b"c__builtin__\neval\n.", "eval"),
        (b"cbuiltins\nexec\n.", "exec"),
        (b"cbuiltins\n__import__\n.", "__import__"),
        (b"(ios\nsystem\n.", "os.system"),
        (b"\x80\x04\x8c\x02os\x8c\x06system\x93.", "os.system"),
        (b"ctorch._utils\n_rebuild_tensor_v2\n(crunpy\nrun_path\n.", "runpy.run_path"),
    ],
)
def test_what_only_harms_is_refused_by_its_name(program: bytes, name: str) -> None:
    with pytest.raises(Refused) as refused:
        follow(program)
    assert (refused.value.reason, refused.value.name) == ("code", name)


@pytest.mark.parametrize("name", ["torch.storage\n_load_from_bytes", "joblib.numpy_pickle\nNumpyArrayWrapper"])
def test_what_keeps_its_numbers_elsewhere_was_not_written_by_torch_save(name: str) -> None:
    with pytest.raises(Refused) as refused:
        follow(f"c{name}\n)R.".encode())
    assert refused.value.reason == "pickle"


def test_more_instructions_than_a_network_needs_are_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pickled, "_MOST_INSTRUCTIONS", 1_000)
    assert follow(pickle.dumps("x" * 100_000)) == "x" * 100_000
    with pytest.raises(Refused, match="crowded"):
        follow(b"]" * 1_001 + b".")


@pytest.mark.parametrize(
    "program",
    [
        b"",
        b".",
        b"K\x01",
        b"K\x01K\x02R.",
        b")b.",
        b"]K\x01K\x02s.",
        b"}K\x01a.",
        b"]]\x90.",
        b"(K\x01u.",
        b"h\x05.",
        b"0.",
        b"e.",
        b"\x85.",
        b"\x82\x01.",
        b"Px\n.",
        b"S'x'\nQ.",
        b"(S'storage'\nS'a'\nS'0'\nS'cpu'\nK\x01tQ.",
        b"(S'storage'\nctorch\nFloatStorage\nS'0'\nS'cpu'\nJ\xff\xff\xff\xfftQ.",
        b"ctorch._utils\n_rebuild_tensor_v2\n)R.",
        b"ctorch._utils\n_rebuild_tensor_v2\n(K\x01K\x00))\x89}tR.",
        b"\x80\x04K\x01K\x02\x93.",
        b"\x97.",
        b"Vnonsense",
        b"\xff.",
    ],
)
def test_instructions_without_sense_are_an_error(program: bytes) -> None:
    with pytest.raises(Exception, match=r"[\s\S]*"):
        follow(program)
