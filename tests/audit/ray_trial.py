"""An audit on two Ray nodes in a network that has loopback alone, in the middle of which somebody is killed.

unshare -rn python -m tests.audit.ray_trial nobody|worker|node|driver FOLDER   prints what became of it, as JSON
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from core import lookup
from core.audit.collection import Folder
from core.audit.findings.find import find
from core.audit.run import run
from core.audit.settings import Settings
from core.audit.store import Store, opened
from tests.audit.made import fill

ADDRESS, NETWORK = "127.0.0.1:6390", "efficientnet_lite0"
TOKEN = "0123456789abcdef" * 2  # of this network alone, which nobody else is in


@contextmanager
def nodes(folder: Path) -> Iterator[list[int]]:
    """Two nodes with a processor each; their raylets' processes, the head's first."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    os.environ |= {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": TOKEN, "RAY_USAGE_STATS_ENABLED": "0"}
    start = [sys.executable, "-m", "ray.scripts.scripts", "start", "--num-cpus=1", "--object-store-memory=100000000"]
    where = ["--head", "--port=6390", "--include-dashboard=false", f"--temp-dir={folder}"], [f"--address={ADDRESS}"]
    found: list[int] = []
    try:
        for own in where:
            subprocess.run([*start, *own, "--node-ip-address=127.0.0.1"], check=True, stdout=subprocess.DEVNULL)
            found += [pid for pid in raylets() if pid not in found]
        yield found
    finally:
        subprocess.run([sys.executable, "-m", "ray.scripts.scripts", "stop", "--force"], stdout=subprocess.DEVNULL)


def raylets() -> list[int]:
    return [each.pid for each in psutil.process_iter(["name"]) if each.info["name"] == "raylet"]


def workers() -> list[int]:
    """Of those that compute."""
    return [
        each.pid for each in psutil.process_iter(["cmdline"]) if "ray::Worker" in " ".join(each.info["cmdline"] or ())
    ]


def audit(photos: Path, out: Path) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "core.audit",
        str(photos),
        "--networks",
        NETWORK,
        "--rules",
        "vanilla",
        "--threads",
        "1",
    ]
    return subprocess.Popen([*command, "--out", str(out), "--ray", ADDRESS, "--no-findings"])


def kill_in_the_middle(killed: str, driver: subprocess.Popen[bytes], out: Path, found: list[int]) -> None:
    """After the first part is written."""
    while not list((out / "parts").glob("rows-*.parquet")):
        if driver.poll() is not None:
            raise RuntimeError("it ended before anybody was killed")
        time.sleep(0.02)
    if killed == "driver":
        driver.kill()
    elif killed == "node":
        os.kill(found[1], signal.SIGKILL)
    elif killed == "worker":
        os.kill(workers()[0], signal.SIGKILL)


def rows_of(store: Store) -> list[dict[str, object]]:
    return store.rows().to_table().drop_columns("seconds").sort_by("picture").to_pylist()


def main(killed: str, folder: Path) -> None:
    """Audit on the cluster, with somebody killed, and alone; compare."""
    photos, out = fill(folder / "photos", 50), folder / "spread"
    # Its sockets lie there, whose paths are 107 characters long at most: a test's own folder can be too deep.
    with tempfile.TemporaryDirectory(prefix="ray-", ignore_cleanup_errors=True) as short, nodes(Path(short)) as found:
        driver = audit(photos, out)
        if killed != "nobody":
            kill_in_the_middle(killed, driver, out, found)
        driver.wait()
        if killed == "driver":
            audit(photos, out).wait()
    spec, settings = lookup(NETWORK), Settings((NETWORK,), rules=("vanilla",))
    stores = opened(out), run(Folder(photos), [spec], settings, folder / "alone")
    for store in stores:
        find(store, Folder(photos), [spec])
    spread, alone = map(rows_of, stores)
    findings = [(store.root / "findings.json").read_bytes() for store in stores]
    said = {
        "killed": killed,
        "rows": len(spread),
        "distinct": len({row["path"] for row in spread}),
        "same rows": spread == alone,
        "same findings": findings[0] == findings[1],
    }
    print(json.dumps(said))


if __name__ == "__main__":
    import torch

    torch.set_num_threads(1)
    main(sys.argv[1], Path(sys.argv[2]))
