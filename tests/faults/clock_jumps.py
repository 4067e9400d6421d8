"""The app while its clock jumps: python -m tests.faults.clock_jumps [--library /path/to/libfaketimeMT.so.1]

Needs libfaketime (Debian: `apt install faketime`). A server's clock is put a year ahead before each thing that a reader
asks of it and ten years back amid it, and another one's the other way round: quick gradients, a method of many samples,
a network that has to be prepared. Printed is whether each is answered, how fast, and by the maps of a server whose
clock goes right; and the date that it told a browser afterwards.
"""

import argparse
import tempfile
import time
import urllib.request
from datetime import timedelta
from pathlib import Path
from threading import Timer

from tests.benchmarks.sessions import Shown, session
from tests.e2e.conftest import running
from tests.networks.made_weights import write_random_weights

USUAL = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"
PREPARED = "alexnet"  # of a file of the old format, of which a copy is kept in the cache
NOW, AHEAD, BEHIND = timedelta(), timedelta(days=366), timedelta(days=-3650)
AMID = 0.1  # seconds into a question
ASKED = {
    "vanilla and guided": "networks=efficientnet_lite0&picture=chelsea",
    "SmoothGrad": "networks=efficientnet_lite0&picture=coffee&rules=smooth",
    "a network that is prepared": f"networks={PREPARED}&picture=rocket",
    "two networks": "networks=efficientnet_lite0,efficientnet_lite1&picture=chelsea",
}


class Clock:
    """What a server takes for the time, of day alone: what it measures durations by goes on."""

    def __init__(self, library: str, path: Path) -> None:
        self._path = path
        self.settings = {
            "LD_PRELOAD": library,
            "FAKETIME_TIMESTAMP_FILE": str(path),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        self.jump(NOW)

    def jump(self, off: timedelta) -> None:
        """From now on it is so far off."""
        self._path.write_text(f"{off.total_seconds():+.0f}s")


def _shown(folder: Path, clock: Clock, before: timedelta, amid: timedelta) -> tuple[list[Shown], list[str]]:
    """What a server shows whose clock jumps before and amid each question, and what date it takes it for after it."""
    write_random_weights(PREPARED, folder / "hub" / "checkpoints", legacy=True)
    shown, dates = [], []
    with running(folder, **clock.settings) as address, session(address) as reader:
        for query in ASKED.values():
            clock.jump(before)
            later = Timer(AMID, clock.jump, (amid,))
            later.start()
            shown.append(reader.ask(query))
            later.join()
            time.sleep(2)  # the web server looks at its clock once a second
            with urllib.request.urlopen(f"{address}/_stcore/health") as answer:
                dates.append(answer.headers["Date"])
    return shown, dates


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--library", default=USUAL)
    library = parser.parse_args().library
    with tempfile.TemporaryDirectory() as path:
        folder = Path(path)
        clock = Clock(library, folder / "clock")
        calm, _ = _shown(folder / "calm", clock, NOW, NOW)
        print("| asked | the server's date then | seconds | of a calm server | maps | are the same |")
        print("|---|---|---:|---:|---:|---|")
        for before, amid in ((AHEAD, BEHIND), (BEHIND, AHEAD)):
            jumping, dates = _shown(folder / str(amid.days), clock, before, amid)
            for title, date, one, other in zip(ASKED, dates, jumping, calm, strict=True):
                same = "yes" if one.maps == other.maps else "NO"
                print(f"| {title} | {date} | {one.seconds:.1f} | {other.seconds:.1f} | {len(one.maps)} | {same} |")


if __name__ == "__main__":
    main()
