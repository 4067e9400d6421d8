"""What tests find of every method over a folder of photos: python -m tests.benchmarks.evidence_figures FOLDER

Prints the rows of core/evidence/measured.py: medians of the rank correlations, and mean places among 19 moved copies.
Every photo is asked of by every network, about its own top class. Hours for a dozen photos; --methods makes it fewer.
"""

import argparse
import math
import statistics
import warnings
from collections.abc import Iterator
from pathlib import Path

import torch

from core.evidence.evidence import Evidence, evidence
from core.evidence.measured import MEASURED
from core.images import decode_image
from core.images.framing import frame
from core.networks.catalogue import lookup
from core.networks.load import load_network

NETWORKS = ("efficientnet_lite0", "efficientnet_lite1", "efficientnet_lite2")
TESTS = ("weights", "class", "stability", "pointing")


def found(method: str, photos: list[Path], networks: list[str], seeds: int) -> Iterator[Evidence]:
    """All evidence on a method's maps, or on a reference's."""
    for name in networks:
        spec, network = lookup(name), load_network(name)
        for photo in photos:
            inputs = torch.from_numpy(frame(decode_image(photo.read_bytes()), spec.recipe)[0])[None]
            for seed in range(seeds):
                yield evidence(network, inputs, method, recipe=spec.recipe, tests=TESTS, seed=seed)


def row(method: str, all_of_it: list[Evidence]) -> str:
    """One row of the table, as Python."""
    likeness = [each["weights"].figures["likeness"] for each in all_of_it]
    values = {
        "logits": [each[0] for each in likeness],
        "half": [each[len(each) // 2] for each in likeness],
        "all": [each[-1] for each in likeness],
        "another_class": [each["class"].figures["likeness"][0] for each in all_of_it],
        "noise": [each["stability"].figures["noise"][0] for each in all_of_it],
        "jpeg": [each["stability"].figures["jpeg"][0] for each in all_of_it],
    }
    medians = ", ".join(f"{name}={_median(numbers)}" for name, numbers in values.items())
    place = statistics.mean(each["pointing"].figures["place"][0] for each in all_of_it)
    return f'"{method}": Measured(maps={len(all_of_it)}, {medians}, place={place:.1f}),'


def _median(values: list[float]) -> str:
    numbers = [value for value in values if not math.isnan(value)]
    return f"{statistics.median(numbers):.2f}" if numbers else "None"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--methods", default=",".join(MEASURED))
    parser.add_argument("--networks", default=",".join(NETWORKS))
    parser.add_argument("--seeds", type=int, default=1)
    asked = parser.parse_args()
    photos = sorted(path for path in asked.folder.iterdir() if path.is_file())
    for method in asked.methods.split(","):
        print(row(method, list(found(method, photos, asked.networks.split(","), asked.seeds))), flush=True)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
