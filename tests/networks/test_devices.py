"""Where to compute, whatever this computer has."""

import pytest
import torch

from core.errors import NetworkError
from core.networks.devices import choose_device, compute_in_full, is_out_of_memory


@pytest.fixture
def having(monkeypatch):
    """A function that gives this computer accelerators, and takes away all others."""

    def have(*names):
        monkeypatch.setattr(torch.cuda, "is_available", lambda: "cuda" in names)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: "mps" in names)

    return have


@pytest.mark.parametrize(
    ("accelerators", "best"), [((), "cpu"), (("mps",), "mps"), (("cuda",), "cuda"), (("mps", "cuda"), "cuda")]
)
def test_without_a_wish_it_is_the_best_there_is(accelerators, best, having):
    having(*accelerators)
    assert choose_device() == torch.device(best)


def test_a_wish_is_followed_to_the_number(having):
    having("cuda")
    assert choose_device("cuda:1") == torch.device("cuda", 1)
    assert choose_device("cpu") == torch.device("cpu")


@pytest.mark.parametrize("device", ["cuda", "cuda:0", "mps", "tpu", "meta", "", "CPU"])
def test_a_device_that_is_not_there_is_a_sentence(device, having):
    having()
    with pytest.raises(NetworkError, match=f"no device called '{device}'; choose auto or cpu"):
        choose_device(device)


@pytest.mark.parametrize(("device", "rounds"), [("cuda", False), ("cpu", True)])
def test_an_accelerator_that_rounds_float32_is_told_not_to(device, rounds, monkeypatch):
    monkeypatch.setattr(torch.backends.cudnn, "allow_tf32", True)
    compute_in_full(torch.device(device))
    assert torch.backends.cudnn.allow_tf32 is rounds


@pytest.mark.parametrize(
    ("error", "out_of_memory"),
    [
        (torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"), True),
        (RuntimeError("MPS backend out of memory (MPS allocated: 1.00 GB)"), True),
        (RuntimeError("CUDA error: an illegal memory access was encountered"), False),
        (MemoryError(), False),
    ],
)
def test_only_an_accelerator_without_memory_is_out_of_memory(error, out_of_memory):
    assert is_out_of_memory(error) is out_of_memory
