"""Where to compute: CUDA, else Apple's MPS, else the CPU."""

from collections.abc import Callable
from typing import Protocol, TypeVar

import torch

from core.errors import NetworkError

R = TypeVar("R")


class Movable(Protocol):
    """What is on a device, and has its like on others, as a network."""

    @property
    def device(self) -> torch.device: ...

    def to(self: "M", device: str) -> "M": ...


M = TypeVar("M", bound=Movable)


def choose_device(device: str = "auto") -> torch.device:
    """ "auto" is the best device there is; any other name must be one of this machine's. Raises NetworkError."""
    available = {"cpu": True, "mps": torch.backends.mps.is_available(), "cuda": torch.cuda.is_available()}
    if device == "auto":
        return torch.device("cuda" if available["cuda"] else "mps" if available["mps"] else "cpu")
    if not available.get(device.partition(":")[0], False):
        raise NetworkError(f"This computer has no device called {device!r}; choose auto or cpu.")
    return torch.device(device)


def compute_in_full(device: torch.device) -> None:
    """Of float32, keep all 24 bits: cuDNN rounds what it convolves to the 11 of TF32 unless it is told not to.

    A setting of the whole process. TF32 moves rectifiers from on to off, so that maps are others than on a CPU.
    """
    if device.type == "cuda":
        torch.backends.cudnn.allow_tf32 = False


def where_it_fits(network: M, work: Callable[[M], R]) -> tuple[R, M]:
    """What work makes with a network, and whose it is: its like's on the CPU if an accelerator runs out of memory."""
    try:
        return work(network), network
    except RuntimeError as error:
        if network.device.type == "cpu" or not is_out_of_memory(error):
            raise
    network = network.to("cpu")  # after the error, which holds all that was computed until then
    return work(network), network


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an accelerator ran out of memory; MPS says so only in words."""
    return isinstance(error, torch.OutOfMemoryError) or "MPS backend out of memory" in str(error)
