"""What memory a server takes: python -m tests.benchmarks.memory

After its start, the first page with its three networks, three SmoothGrads, and the four networks of random weights that
the first articles asked for; and what of it stays a while later. Resident counts the mapped files of libraries and
weights, which processes share and the system can drop; private is what it cannot.
"""

import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from core.service import REST
from tests.benchmarks.sessions import session
from tests.e2e.conftest import start_server
from tests.networks.made_weights import write_random_weights

FOUR = ("alexnet", "resnet18", "resnet50", "vgg19")
LITE = "networks=efficientnet_lite0,efficientnet_lite1,efficientnet_lite2"
ASKED = {
    "the first page": "",
    "SmoothGrad of 50 samples by three": f"{LITE}&rules=vanilla,guided,smooth:50",
    "the first page again": "",
    "four networks": f"networks={','.join(FOUR)}",
}


@contextmanager
def peak(process: psutil.Process) -> Iterator[list[int]]:
    """Most resident and most private bytes of a process during the block."""
    most, over = [0, 0], threading.Event()

    def watch() -> None:
        while not over.wait(0.02):
            for place, held in enumerate(_held(process)):
                most[place] = max(most[place], held)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield most
    finally:
        over.set()
        thread.join()


def _held(process: psutil.Process) -> tuple[int, int]:
    used = process.memory_info()
    return used.rss, used.rss - used.shared


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        for name in FOUR:
            write_random_weights(name, Path(folder) / "hub" / "checkpoints")
        process, address = start_server(Path(folder))
        watched = psutil.Process(process.pid)
        print("| MiB | most resident, private | later resident, private |\n|---|---:|---:|")
        try:
            with session(address) as reader:
                for name, query in ASKED.items():
                    with peak(watched) as most:
                        reader.ask(query)
                    time.sleep(2 * REST)
                    cells = (", ".join(f"{each / 2**20:.0f}" for each in pair) for pair in (most, _held(watched)))
                    print(f"| {name} | {' | '.join(cells)} |", flush=True)
        finally:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    main()
