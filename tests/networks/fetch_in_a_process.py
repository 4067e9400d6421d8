"""A made weights file, and a process that downloads it: python -m tests.networks.fetch_in_a_process SIZE DIGEST."""

import sys
from dataclasses import replace

from core.networks.catalogue import NetworkSpec, WeightsFile, lookup
from core.networks.weights.download import download


def made(size: int, digest: str) -> NetworkSpec:
    """An architecture whose weights file is published where torchvision's are."""
    name = f"made-{digest}.pth"
    weights = WeightsFile(f"https://download.pytorch.org/models/{name}", name, size, digest)
    return replace(lookup("alexnet"), title="MadeNet", weights=weights)


def main(size: str, digest: str) -> None:
    """Say how many bytes are there, whenever it is known."""
    download(made(int(size), digest), lambda done, total: print(done, flush=True))


if __name__ == "__main__":
    main(*sys.argv[1:])
