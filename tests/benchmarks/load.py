"""Many readers at once, each in a real session of its own: python -m tests.benchmarks.load

Throughput: 1, 4, 8 and 16 sessions ask different things of four networks, each its next question once it sees the last
one's maps, against the same questions asked of the core alone, one after another and by two threads, whichever is
quicker. Every map is held against what a second server shows a single reader. Waiting is what an answer takes beyond
what it takes a single reader.

Impatience: what one reader waits, while another one asks something else every 0.3 s and never waits.

Wear: memory, threads and open files of a server over hundreds of comparisons, and of sessions opened and closed.

Weights are random: arithmetic does not care.
"""

import argparse
import itertools
import os
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from core.explain import explain
from core.images.samples import load_sample
from core.networks.catalogue import lookup
from core.networks.load import load_network
from core.question import Question
from core.targets import Classes
from tests.benchmarks.sessions import Shown, session
from tests.e2e.conftest import start_server
from tests.networks.made_weights import write_random_weights

NETWORKS = ("alexnet", "resnet18", "resnet50", "vgg19")
PICTURES = ("chelsea", "astronaut", "coffee")
SESSIONS = (1, 4, 8, 16)


@dataclass(frozen=True, slots=True)
class Asked:
    """One network's maps of one class of one picture."""

    network: str
    picture: str
    target: int

    @property
    def query(self) -> str:
        """Its address."""
        return f"networks={self.network}&picture={self.picture}&class={self.target}"


def questions() -> Iterator[Asked]:
    """Always another one, each fourth of the same network."""
    for number in itertools.count():
        network, picture = NETWORKS[number % len(NETWORKS)], PICTURES[number // 1000 % len(PICTURES)]
        yield Asked(network, picture, number % 1000)


@contextmanager
def server(folder: Path) -> Iterator[tuple[str, psutil.Process]]:
    """A running app, its address and its process; all networks have been loaded."""
    process, address = start_server(folder, OMP_NUM_THREADS=str(os.cpu_count()))
    try:
        with session(address) as first:
            for name in NETWORKS:
                first.ask(Asked(name, "rocket", 999).query)
        yield address, psutil.Process(process.pid)
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()


def at_once(address: str, asked: Sequence[Asked], sessions: int) -> tuple[float, list[Shown]]:
    """Seconds until all have been answered, and the answers; each session takes the next question there is."""
    found: list[Shown | None] = [None] * len(asked)
    left = iter(enumerate(asked))
    lock, ready = threading.Lock(), threading.Barrier(sessions + 1, timeout=300)

    def read() -> None:
        with session(address) as reader:
            reader.ask("networks=alexnet&picture=rocket&class=999")  # known: the page without its question
            ready.wait()
            while True:
                with lock:
                    place, question = next(left, (-1, None))
                if question is None:
                    return
                found[place] = reader.ask(question.query)

    threads = [threading.Thread(target=read) for _ in range(sessions)]
    for thread in threads:
        thread.start()
    ready.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    taken = time.perf_counter() - began
    assert all(found)
    return taken, [each for each in found if each]


class Engine:
    """The core alone, with all networks loaded."""

    def __init__(self) -> None:
        self._networks = {name: load_network(name) for name in NETWORKS}

    def seconds(self, asked: Sequence[Asked], threads: int) -> float:
        """Until all have been answered."""
        began = time.perf_counter()
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(self._answer, asked))
        return time.perf_counter() - began

    def _answer(self, asked: Asked) -> None:
        question = replace(Question(), networks=(asked.network,), targets=Classes((asked.target,)))
        explain(load_sample(asked.picture), lookup(asked.network), self._networks[asked.network], question)


def throughput(folder: Path, rounds: int, each: int) -> None:
    """Print the table of sessions."""
    engine, stream = Engine(), questions()
    engine.seconds(list(itertools.islice(stream, 8)), 2)
    ratios: dict[int, list[float]] = {count: [] for count in SESSIONS}
    latency: dict[int, list[tuple[str, float]]] = {count: [] for count in SESSIONS}
    shown: dict[Asked, tuple[str, ...]] = {}
    most = 0
    with server(folder) as (address, process):
        for _ in range(rounds):
            best = min(engine.seconds(list(itertools.islice(stream, each)), threads) for threads in (1, 2))
            for count in SESSIONS:
                asked = list(itertools.islice(stream, each))
                taken, found = at_once(address, asked, count)
                ratios[count].append(best / taken)
                latency[count] += [(one.network, other.seconds) for one, other in zip(asked, found, strict=True)]
                shown |= {one: other.maps for one, other in zip(asked, found, strict=True)}
                most = max(most, process.memory_info().rss)
    with server(folder) as (address, _):
        _, alone = at_once(address, list(shown), 1)
    other = sum(one != two.maps for one, two in zip(shown.values(), alone, strict=True))
    none = sum(not maps for maps in shown.values())
    usual = {name: statistics.median(taken for whose, taken in latency[1] if whose == name) for name in NETWORKS}
    print("| sessions | of the engine's throughput | wait, median | slowest | slowest / median |")
    print("|---:|---:|---:|---:|---:|")
    for count in SESSIONS:
        waits = [max(0.0, taken - usual[name]) for name, taken in latency[count]]
        median, slowest = statistics.median(waits), max(waits)
        share = f"{slowest / median:.1f}" if count > 1 else ""
        print(f"| {count} | {statistics.median(ratios[count]):.2f} | {median:.2f} s | {slowest:.2f} s | {share} |")
    print(f"\n{len(shown)} comparisons, {none} without maps; {other} with others than are shown to a single reader")
    print(f"most memory: {most / 2**20:.0f} MiB resident", flush=True)


def impatience(folder: Path, seconds: float) -> None:
    """Print what one reader waits while another one is impatient, and while nobody is there."""
    stream = questions()
    patient = (Asked("resnet50", picture, target) for target in itertools.count(500) for picture in PICTURES)
    with server(folder) as (address, _), session(address) as reader:
        times: dict[str, list[float]] = {"alone": [], "beside": []}
        for who in times:
            over = threading.Event()
            thread = threading.Thread(target=_hurry, args=(address, stream, over), daemon=True)
            if who == "beside":
                thread.start()
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                times[who].append(reader.ask(next(patient).query).seconds)
                time.sleep(0.5)
            over.set()
            if who == "beside":
                thread.join()
        alone, beside = statistics.median(times["alone"]), times["beside"]
        longest = max(reader.ask(Asked("vgg19", "coffee", target).query).seconds for target in range(900, 905))
    print(
        f"\na reader of ResNet-50 waits {alone:.2f} s alone, {statistics.median(beside):.2f} s beside an impatient one"
    )
    print(f"and {max(beside):.2f} s at most; VGG-19, the slowest that the other one asks for, takes {longest:.2f} s")


def _hurry(address: str, stream: Iterator[Asked], over: threading.Event) -> None:
    with session(address) as reader:
        while not over.is_set():
            reader.send(next(stream).query)
            reader.read_on(0.3)


def wear(folder: Path, comparisons: int, sessions: int) -> None:
    """Print what a server holds on the way through so many comparisons and sessions."""
    print("\n| after | private memory | threads | files |\n|---|---:|---:|---:|")
    with server(folder) as (address, process):
        asked = (
            Asked("alexnet", picture, target) for target in range(1000) for picture in PICTURES
        )  # the quickest network: what is held does not care
        for part in range(10):
            at_once(address, list(itertools.islice(asked, comparisons // 10)), 4)
            _print_held(process, f"{(part + 1) * comparisons // 10} comparisons")
        for part in range(10):
            for _ in range(sessions // 10):
                with session(address) as reader:
                    reader.ask("networks=alexnet&picture=rocket&class=999")
            time.sleep(1)
            _print_held(process, f"{(part + 1) * sessions // 10} sessions more")


def _print_held(process: psutil.Process, when: str) -> None:
    held = process.memory_full_info().uss / 2**20
    print(f"| {when} | {held:.0f} MiB | {process.num_threads()} | {process.num_fds()} |", flush=True)


def main() -> None:
    """Measure what is asked for, or all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=("throughput", "impatience", "wear"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--questions", type=int, default=32, help="a round and number of sessions")
    parser.add_argument("--seconds", type=float, default=60, help="of impatience")
    parser.add_argument("--comparisons", type=int, default=500)
    parser.add_argument("--sessions", type=int, default=200)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as path:
        folder = Path(path)
        os.environ["TORCH_HOME"] = path
        for network in NETWORKS:
            write_random_weights(network, folder / "hub" / "checkpoints")
        if asked.only in (None, "throughput"):
            throughput(folder, asked.rounds, asked.questions)
        if asked.only in (None, "impatience"):
            impatience(folder, asked.seconds)
        if asked.only in (None, "wear"):
            wear(folder, asked.comparisons, asked.sessions)


if __name__ == "__main__":
    main()
