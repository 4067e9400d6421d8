"""An audit against the loop that people write with Captum, interleaved: python -m tests.benchmarks.audit

Of JPEG files to rows: ours reads ahead, computes four at once and shares the forward pass; the loop decodes one, asks
for its class, then for Saliency and GuidedBackprop, on the same device. Weights are random where none are installed.
With --memory N the resident memory while N pictures are audited, which must not grow.
"""

import argparse
import os
import statistics
import tempfile
import time
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import psutil
import torch
from captum.attr import GuidedBackprop, Saliency
from PIL import Image
from torch import nn
from torchvision import transforms

from core.audit.collection import Folder
from core.audit.part import audit_part
from core.audit.plan import parts_of
from core.audit.reading import read_ahead
from core.audit.run import run
from core.audit.settings import Settings
from core.audit.subject import audited
from core.images.scenes import KINDS, scene
from core.networks.catalogue import lookup
from core.networks.devices import choose_device
from core.networks.weights.files import load_module
from core.values import Recipe
from tests.networks.made_weights import write_random_weights

NETWORKS = ("efficientnet_lite0", "resnet18", "resnet50", "vgg19")
SIDES = (640, 480)  # px of the pictures


def make_pictures(folder: Path, count: int) -> Path:
    """JPEG files of scenes, a folder a kind."""
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        (folder / kind).mkdir(parents=True, exist_ok=True)
        picture = Image.fromarray(scene(kind, number).pixels).resize(SIDES)
        picture.save(folder / kind / f"{number:05d}.jpg", quality=90)
    return folder


def with_captum(paths: Sequence[Path], module: nn.Module, recipe: Recipe, device: torch.device, out: Path) -> None:
    """What people write: one picture after the other, the maps kept as they are shown."""
    resize = transforms.Resize(recipe.resize, transforms.InterpolationMode(recipe.interpolation))
    normalise = transforms.Normalize(recipe.mean, recipe.std)
    prepare = transforms.Compose([resize, transforms.CenterCrop(recipe.crop), transforms.ToTensor(), normalise])
    saliency, guided = Saliency(module), GuidedBackprop(module)
    for path in paths:
        image = prepare(Image.open(path).convert("RGB"))[None].to(device)
        with torch.no_grad():
            target = module(image).argmax(1)
        maps = [explain.attribute(image.requires_grad_(), target=target) for explain in (saliency, guided)]
        shown = np.stack([each.detach().abs().amax((0, 1)).cpu().numpy() for each in maps])
        np.save(out / path.stem, shown.astype(np.float16))


def speed(folder: Path, name: str, each: int, runs: int) -> tuple[float, float]:
    """(pictures a second, times those of the loop), medians of runs in turn of `each` pictures."""
    spec, settings = lookup(name), Settings((name,), sample=0)
    subject, device = audited(spec, settings), choose_device()
    module = load_module(name).to(device)
    collection = Folder(folder)
    entries = collection.entries()[0][:each]
    (part,) = parts_of(entries, settings, size=each)
    rates: list[list[float]] = [[], []]
    with tempfile.TemporaryDirectory() as out:

        def ours() -> None:
            pictures = read_ahead(collection, entries, [spec.recipe], settings.fit)
            audit_part(part, pictures, [subject], settings, Path(out))

        def theirs() -> None:
            with_captum([folder / entry.path for entry in entries], module, spec.recipe, device, Path(out))

        for _ in range(runs + 1):  # the first is to warm up
            for own, work in zip(rates, (ours, theirs), strict=True):
                start = time.perf_counter()
                work()
                own.append(each / (time.perf_counter() - start))
    audit, loop = (statistics.median(own[1:]) for own in rates)
    return audit, audit / loop


def memory(folder: Path, name: str) -> list[float]:
    """Resident MiB after each tenth of an audit."""
    process, seen, total = psutil.Process(), [], len(Folder(folder).entries()[0])

    def watch(progress: object) -> None:
        if progress.done * 10 // total > len(seen):  # type: ignore[attr-defined]
            seen.append(process.memory_info().rss / 2**20)

    with tempfile.TemporaryDirectory() as out:
        run(Folder(folder), [lookup(name)], Settings((name,), sample=0), Path(out), watch)
    return seen


def main() -> None:
    """Print the table, or the memory."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--each", type=int, default=24, help="pictures a run")
    parser.add_argument("--memory", type=int, default=0, metavar="N")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as scratch:
        os.environ |= {"TORCH_HOME": scratch, "LIMELIGHT_CACHE": f"{scratch}/cache"}
        folder = make_pictures(Path(scratch) / "pictures", asked.memory or asked.each)
        if asked.memory:
            seen = ", ".join(f"{each:.0f}" for each in memory(folder, NETWORKS[0]))
            print(f"{asked.memory} pictures, resident MiB after each tenth: {seen}")
            return
        on = f"{choose_device()}, {torch.get_num_threads()} threads"
        print(f"torch {torch.__version__}, {on}, {asked.runs} runs in turn of {asked.each}")
        print("\n| network | pictures a second | times the loop |\n|---|---:|---:|")
        for name in NETWORKS:
            if name != NETWORKS[0]:
                write_random_weights(name, Path(scratch) / "hub" / "checkpoints")
            rate, times = speed(folder, name, asked.each if name != "vgg19" else max(4, asked.each // 3), asked.runs)
            print(f"| {name} | {rate:.1f} | {times:.2f} |", flush=True)


if __name__ == "__main__":
    main()
