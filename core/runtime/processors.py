"""How many processors there are for this process, and how its threads share them."""

import math
import os

from core.runtime.control_groups import control_groups, numbers_in

_AWAKE = "10000"  # turns of waiting, a fraction of a millisecond; libgomp's own 300,000 are ten and more


def processors() -> int:
    """How many this process may use at once: those of the machine, or as many as its container has time of."""
    return min([_there(), *(max(1, math.ceil(share)) for share in _shares())])


def at_once(device: str) -> int:
    """How many computations to have at once on a kind of device: two on a CPU, whose cores one alone does not fill."""
    return min(2, processors()) if device == "cpu" else 1


def share_processors() -> None:
    """Before torch is imported: how its threads wait and, in a container, how many there are, unless that was said.

    Threads that wait for each other stay awake for a while, since sleeping and waking takes long; but with OpenMP's own
    patience they take half of a processor from a browser that draws what they have computed, or from whoever reads the
    next picture. More threads than processors wait for one that does not run. Both are said by environment variables,
    which OpenMP reads once.
    """
    if "OMP_WAIT_POLICY" not in os.environ:
        os.environ.setdefault("GOMP_SPINCOUNT", _AWAKE)
    if processors() < _there():  # which libraries see by themselves
        os.environ.setdefault("OMP_NUM_THREADS", str(processors()))


def _there() -> int:
    """Those that the system lets this process run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _shares() -> list[float]:
    """Processors' worth of time that control groups allow."""
    said = [
        numbers
        for group in control_groups("cpu")
        for numbers in (
            numbers_in(group / "cpu.max"),
            numbers_in(group / "cpu.cfs_quota_us") + numbers_in(group / "cpu.cfs_period_us"),
        )
    ]
    return [numbers[0] / numbers[1] for numbers in said if len(numbers) == 2]
