"""Ratios against peers, measured in one process, interleaved, as medians: python -m tests.benchmarks.speed

For each network: predict + vanilla + guided of one 224 x 224 picture, against Captum doing the same, and against the
bare limit (one forward and two torch.autograd.grad on the same prepared graph with plain ReLU). Then loading the
same files, against torchvision's own loader, and the memory that holding all of them takes, against torchvision with
Captum. Weights are random: arithmetic does not care. With --device cuda the first two tables, all of them there.
"""

import argparse
import copy
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch
from captum.attr import GuidedBackprop, Saliency
from torch import Tensor, fx, nn
from torchvision import models

from core.networks.devices import compute_in_full
from core.networks.graph.gates import Ruling, gate
from core.networks.graph.network import Network
from core.networks.graph.prepare import prepare
from core.networks.load import load_network
from core.saliency.attribution import attribute
from tests.benchmarks.methods import OURS, pair, peak_memory
from tests.networks.made_weights import write_random_weights

NETWORKS = ("alexnet", "resnet18", "resnet50", "vgg19")


def with_captum(module: nn.Module, image: Tensor) -> None:
    """Predict, then Captum's Saliency and GuidedBackprop of the top class."""
    with torch.no_grad():
        target = module(image).argmax(dim=1)
    Saliency(module).attribute(image.clone().requires_grad_(), target=target, abs=False)
    GuidedBackprop(module).attribute(image.clone().requires_grad_(), target=target)


def with_plain_relu(network: Network) -> fx.GraphModule:
    """The same prepared graph, its gates replaced by torch.relu: what no rule can be faster than."""
    graph = copy.deepcopy(network.graph)
    for node in list(graph.graph.nodes):
        if node.target is gate:
            node.target, node.args = torch.relu, node.args[:1]
    graph.recompile()
    return graph


def bare_limit(graph: fx.GraphModule, image: Tensor) -> None:
    """One forward, two backward passes, nothing else."""
    leaf = image.contiguous(memory_format=torch.channels_last).requires_grad_()
    logits = graph(leaf, Ruling())
    cotangent = torch.zeros_like(logits).scatter_(1, logits.argmax(1, keepdim=True), 1)
    torch.autograd.grad(logits, leaf, cotangent, retain_graph=True)
    torch.autograd.grad(logits, leaf, cotangent)


def interleaved(runs: int, *contestants: Callable[[], object]) -> list[float]:
    """The median seconds of each, in turn, after one warm-up of each, until an accelerator is done with it."""
    settled = torch.cuda.synchronize if torch.cuda.is_available() else lambda: None
    for contestant in contestants:
        contestant()
    settled()
    times: list[list[float]] = [[] for _ in contestants]
    for _ in range(runs):
        for contestant, own in zip(contestants, times, strict=True):
            start = time.perf_counter()
            contestant()
            settled()
            own.append(time.perf_counter() - start)
    return [statistics.median(own) for own in times]


def attribution(runs: int, device: str) -> list[tuple[str, float, float, float]]:
    """(network, seconds, share of Captum's time, share of the limit's)."""
    rows = []
    for name in NETWORKS:
        torch.manual_seed(0)
        module = models.get_model(name, weights=None).eval().to(device)
        network, image = prepare(module), torch.randn(1, 3, 224, 224).to(device)
        graph = with_plain_relu(network)
        ours, captum, limit = interleaved(
            runs,
            partial(attribute, network, image),
            partial(with_captum, module, image),
            partial(bare_limit, graph, image),
        )
        rows.append((name, ours, ours / captum, ours / limit))
    return rows


def loading(runs: int) -> list[tuple[str, float, float]]:
    """(network, seconds, share of torchvision's time): its own loader of the same file, all files in the page cache."""
    rows = []
    for name in NETWORKS:
        ours, theirs = interleaved(
            runs, partial(load_network, name, "cpu"), lambda name=name: models.get_model(name, weights="DEFAULT").eval()
        )
        rows.append((name, ours, ours / theirs))
    return rows


_MEMORY = """
import sys, torch
from torchvision import models
from captum.attr import GuidedBackprop, Saliency
from core.networks.load import load_network
from core.saliency.attribution import attribute
from tests.benchmarks.methods import OURS, pair, peak_memory
def private():
    with open("/proc/self/smaps_rollup") as file:
        return sum(int(line.split()[1]) for line in file if line.startswith("Anonymous:")) / 1024
def limelight(name):
    network = load_network(name, "cpu")
    return network, attribute(network, image)
def captum(name):
    module = models.get_model(name, weights="DEFAULT").eval()
    with torch.no_grad():
        target = module(image).argmax(dim=1)
    saliency = Saliency(module).attribute(image.clone().requires_grad_(), target=target, abs=False)
    return module, saliency, GuidedBackprop(module).attribute(image.clone().requires_grad_(), target=target)
explain, names, image, before = globals()[sys.argv[1]], sys.argv[2:], torch.randn(1, 3, 224, 224), private()
held = [explain(name) for name in names]
print(private() - before)
"""


def private_memory(contestant: str) -> float:
    """MiB of a process's own after it explained one picture by all networks and holds them all."""
    command = [sys.executable, "-W", "ignore", "-c", _MEMORY, contestant, *NETWORKS]
    return float(subprocess.check_output(command, text=True).splitlines()[-1])


def methods_table(runs: int, device: str) -> None:
    """Print what methods take, in time and (of a CPU) at the peak in memory, as shares of Captum's."""
    in_time = ("time", partial(timed, device=device))
    for label, of in (in_time, ("peak memory", peaks)) if device == "cpu" else (in_time,):
        print(f"| of Captum's {label} | {' | '.join(NETWORKS)} | geometric mean |\n|---|{'---:|' * 5}")
        for methods in OURS:
            shares = [of(name, methods, runs) for name in NETWORKS]
            mean = math.exp(statistics.fmean(map(math.log, shares)))
            print(f"| {methods} | {' | '.join(f'{share:.2f}' for share in shares)} | {mean:.2f} |", flush=True)
        print()


def timed(name: str, methods: str, runs: int, device: str) -> float:
    """The share of Captum's time."""
    ours, theirs = interleaved(runs, *pair(name, methods, device))
    return ours / theirs


def peaks(name: str, methods: str, runs: int) -> float:
    """The share of Captum's peak memory; one run each, which hardly varies."""
    ours, theirs = (peak_memory(contestant, name, methods) for contestant in (0, 1))
    return ours / theirs


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--device", default="cpu")
    asked = parser.parse_args()
    runs, device = asked.runs, asked.device
    compute_in_full(torch.device(device))
    warnings.simplefilter("ignore")
    at = torch.cuda.get_device_name() if device != "cpu" else f"{torch.get_num_threads()} threads"
    print(f"torch {torch.__version__}, {at}, medians of {runs} interleaved runs\n")
    print("| network | Limelight | of Captum's time | of the bare limit |\n|---|---:|---:|---:|")
    rows = attribution(runs, device)
    for name, seconds, of_captum, of_limit in rows:
        print(f"| {name} | {seconds * 1000:.3g} ms | {of_captum:.2f} | {of_limit:.2f} |")
    means = [math.exp(statistics.fmean(math.log(row[column]) for row in rows)) for column in (2, 3)]
    print(f"| geometric mean | | {means[0]:.2f} | {means[1]:.2f} |\n")
    methods_table(max(3, runs // 5), device)
    if device != "cpu":
        return
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"TORCH_HOME": folder, "LIMELIGHT_CACHE": f"{folder}/cache"}
        for name in NETWORKS:
            write_random_weights(name, Path(folder) / "hub" / "checkpoints")
        print("| load | Limelight | of torchvision's time |\n|---|---:|---:|")
        for name, seconds, of_theirs in loading(max(3, runs // 3)):
            print(f"| {name} | {seconds * 1000:.0f} ms | {of_theirs:.3f} |")
        ours, theirs = private_memory("limelight"), private_memory("captum")
        print(f"\nprivate memory, all four held after one comparison: {ours:.0f} MiB, torchvision + Captum "
              f"{theirs:.0f} MiB, ratio {ours / theirs:.2f}")  # fmt: skip


if __name__ == "__main__":
    main()
