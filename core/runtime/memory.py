"""How much memory there is, and how much of it networks may take."""

import ctypes
import gc
import os
import re
from contextlib import suppress

import psutil
import torch

from core.errors import NetworkError
from core.runtime.control_groups import control_groups, numbers_in

_SHARE = 0.5  # of the memory, for networks; the rest is for activations, pictures, maps and Python itself
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "ki": 2**10, "mi": 2**20, "gi": 2**30}


def memory_budget(device: torch.device) -> int:
    """Bytes of weights that may be held at once on a device.

    The environment variable LIMELIGHT_MEMORY ("800MB", "4GiB"), else half of what `memory_limit` says. Raises
    NetworkError if the variable cannot be read.
    """
    asked = os.environ.get("LIMELIGHT_MEMORY", "").strip()
    return _bytes(asked) if asked else int(_SHARE * memory_limit(device))


def memory_limit(device: torch.device) -> int:
    """Bytes of memory that a device has for this process: of the CPU the machine's, or less in a container."""
    if device.type == "cuda":
        return torch.cuda.mem_get_info(device)[1]
    if device.type == "mps":
        return torch.mps.recommended_max_memory()
    files = [group / name for group in control_groups("memory") for name in ("memory.max", "memory.limit_in_bytes")]
    return min([psutil.virtual_memory().total, *(limit for file in files for limit in numbers_in(file))])


def batch_for(device: torch.device) -> int:
    """Pictures to ask of a network at once, where there are many.

    On a CPU more than four buy no time; two take a fifth more of it and one two fifths, and a half and a fourth of the
    memory.
    """
    if device.type != "cpu":
        return 32 if device.type == "cuda" else 16
    limit = memory_limit(device)
    return 4 if limit >= 3e9 else 2 if limit >= 1.5e9 else 1


def memory_used() -> int:
    """Bytes of memory that are this process's own; on Linux, mapped files do not count: the system can drop them."""
    used = psutil.Process().memory_info()
    return used.rss - getattr(used, "shared", 0)


def give_back() -> None:
    """Return to the system what is free and still held: what only garbage refers to, and what glibc and CUDA keep.

    After a map of many samples that is as much as all the rest, and finding it again takes a tenth of a comparison.
    """
    gc.collect()
    if torch.cuda.is_initialized():
        torch.cuda.empty_cache()
    with suppress(OSError, AttributeError):  # not Linux, or another library
        ctypes.CDLL("libc.so.6").malloc_trim(0)


def _bytes(text: str) -> int:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmg]i?)?b?", text.lower())
    if found is None:
        raise NetworkError(f"LIMELIGHT_MEMORY is {text!r}: write a size such as 800MB or 4GiB.")
    return int(float(found[1]) * _UNITS[found[2] or ""])
