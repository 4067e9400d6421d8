"""The app in a container of so much memory: python -m tests.faults.memory_limit [--megabytes 1000]

For the administrator of a Linux machine. A control group of that size holds the server and nothing else, and readers
ask it for more than fits: real networks by quick gradients and by methods of many samples, then networks of up to 575
MB. Printed is what was needed until then, how often the limit was reached, and whether the server lives. Weights that
pip does not install are random: arithmetic does not care.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from websockets.exceptions import WebSocketException

from tests.benchmarks.sessions import session
from tests.e2e.conftest import start_server
from tests.networks.made_weights import write_random_weights

GROUPS = Path("/sys/fs/cgroup")
LITES = "networks=efficientnet_lite0,efficientnet_lite1,efficientnet_lite2"
ASKED = {
    "the first page": ("",),
    "SmoothGrad, three networks": (f"{LITES}&picture=chelsea&rules=smooth",),
    "the same, four readers at once": tuple(
        f"{LITES}&picture={picture}&rules=smooth" for picture in ("horse_stamped", "coffee", "astronaut", "rocket")
    ),
    "AlexNet and ResNet-50, vanilla and guided": ("networks=alexnet,resnet50&picture=coffee",),
    "VGG-19, vanilla and guided": ("networks=vgg19&picture=coffee",),
    "all four at once": ("networks=alexnet,resnet50,vgg19,efficientnet_lite0&picture=rocket",),
    "VGG-19, SmoothGrad, two readers": tuple(
        f"networks=vgg19&picture={picture}&rules=smooth:8" for picture in ("chelsea", "astronaut")
    ),
}


class Group:
    """A control group with a limit, of version 1 or 2."""

    def __init__(self, limit: int) -> None:
        is_first = (GROUPS / "memory").is_dir()
        self.root = (GROUPS / "memory" if is_first else GROUPS) / f"limelight-{os.getpid()}"
        names = ("limit_in_bytes", "max_usage_in_bytes", "failcnt") if is_first else ("max", "peak", "events")
        self._limit, self._peak, self._reached = (self.root / f"memory.{name}" for name in names)
        self.root.mkdir()
        self._limit.write_text(str(limit))

    @property
    def peak(self) -> int:
        """Bytes at most, pages of mapped files among them, which are let go of when there is need."""
        return int(self._peak.read_text())

    @property
    def reached(self) -> int:
        """How often it was at the limit."""
        lines = dict(line.split() for line in self._reached.read_text().splitlines() if " " in line)
        return int(lines["max"] if lines else self._reached.read_text())


@contextmanager
def begun_in(group: Group, folder: Path) -> Iterator[None]:
    """For the block, Python begins as a member of the group."""
    python, wrapper = sys.executable, folder / "python"
    wrapper.write_text(f'#!/bin/sh\necho $$ > {group.root}/cgroup.procs\nexec {python} "$@"\n')
    wrapper.chmod(0o755)
    sys.executable = str(wrapper)
    try:
        yield
    finally:
        sys.executable = python


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megabytes", type=int, default=1000)
    limit = parser.parse_args().megabytes * 1_000_000
    with tempfile.TemporaryDirectory() as path:
        folder = Path(path)
        for name in ("alexnet", "resnet50", "vgg19"):
            write_random_weights(name, folder / "hub" / "checkpoints")
        group = Group(limit)
        with begun_in(group, folder):
            process, address = start_server(folder, OMP_NUM_THREADS=str(os.cpu_count()))
        print("| asked | maps | seconds | most memory | times at the limit | server |\n|---|---:|---:|---:|---:|---|")
        for title, queries in ASKED.items():
            with ThreadPoolExecutor(len(queries)) as readers:
                shown = list(readers.map(lambda query: _read(address, query), queries))
            maps, seconds = sum(count for count, _ in shown), max(taken for _, taken in shown)
            alive = "lives" if process.poll() is None else f"ended with {process.returncode}"
            print(
                f"| {title} | {maps} | {seconds:.1f} | {group.peak / 1e6:.0f} MB | {group.reached} | {alive} |",
                flush=True,
            )
            if process.poll() is not None:
                break
        process.kill()
        process.wait()
    group.root.rmdir()


def _read(address: str, query: str) -> tuple[int, float]:
    """How many maps a reader is shown, and after how long; none where the server ended."""
    try:
        with session(address) as reader:
            found = reader.ask(query)
            return len(found.maps), found.seconds
    except (OSError, WebSocketException):
        return 0, 0.0


if __name__ == "__main__":
    main()
