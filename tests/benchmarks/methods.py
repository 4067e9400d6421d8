"""Methods against Captum doing the same, interleaved, as medians, and their peak memory; a part of `speed`."""

import subprocess
import sys
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch
from captum.attr import GuidedBackprop, IntegratedGradients, LayerGradCam, NoiseTunnel, Saliency
from torch import Tensor, nn
from torchvision import models

from core.networks.graph.prepare import prepare
from core.saliency.attribution import attribute

LAST = {  # the layer that Grad-CAM looks at
    "alexnet": lambda module: module.features[-2],
    "resnet18": lambda module: module.layer4,
    "resnet50": lambda module: module.layer4,
    "vgg19": lambda module: module.features[-2],
}
OURS = {
    "SmoothGrad 50, vanilla and guided": ("smooth:50", "guided~smooth:50"),
    "integrated gradients 64": ("ig:64",),
    "Grad-CAM, vanilla and guided": ("gradcam", "vanilla", "guided"),
}


def _smooth(module: nn.Module, image: Tensor, target: Tensor, name: str) -> None:
    for method in (Saliency(module), GuidedBackprop(module)):
        own = {"abs": False} if isinstance(method, Saliency) else {}
        NoiseTunnel(method).attribute(image, target=target, nt_samples=50, stdevs=0.2, **own)


def _integrated(module: nn.Module, image: Tensor, target: Tensor, name: str) -> None:
    IntegratedGradients(module).attribute(image, target=target, n_steps=64)


def _three(module: nn.Module, image: Tensor, target: Tensor, name: str) -> None:
    LayerGradCam(module, LAST[name](module)).attribute(image, target=target, relu_attributions=True)
    Saliency(module).attribute(image, target=target, abs=False)
    GuidedBackprop(module).attribute(image, target=target)


CAPTUMS = dict(zip(OURS, (_smooth, _integrated, _three), strict=True))


def pair(name: str, methods: str, device: str = "cpu") -> tuple[Callable[[], object], Callable[[], object]]:
    """Ours and Captum's way to the same maps of one picture of 224 x 224, with Captum's usual batches."""
    torch.manual_seed(0)
    module = models.get_model(name, weights=None).eval().to(device)
    network, image = prepare(module), torch.randn(1, 3, 224, 224).to(device)

    def captum() -> None:
        with torch.no_grad():
            target = module(image).argmax(dim=1)
        CAPTUMS[methods](module, image.clone().requires_grad_(), target, name)

    return partial(attribute, network, image, methods=OURS[methods]), captum


def peak_memory(contestant: int, name: str, methods: str) -> float:
    """MiB that a process of its own takes at most for one of a `pair`, beyond what it has before it begins."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.benchmarks.methods", str(contestant), name, methods]
    return float(subprocess.check_output(command, text=True).splitlines()[-1])


def _memory(kind: str) -> int:
    """KiB of this process, now ("VmRSS") or at most since that was last forgotten ("VmHWM")."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(kind))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    chosen = pair(*sys.argv[2:])[int(sys.argv[1])]
    Path("/proc/self/clear_refs").write_text("5")  # forgets the peak
    before = _memory("VmRSS")
    chosen()
    print((_memory("VmHWM") - before) / 1024)
