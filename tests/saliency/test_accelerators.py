"""On an accelerator a map is the one that the CPU makes. Skipped on computers that have none."""

import pytest
import torch

from core.explain import explain
from core.method import Method
from core.networks.catalogue import lookup
from core.networks.graph.prepare import prepare
from core.saliency.attribution import attribute
from core.values import Recipe
from tests.known import RECTIFIED, SMOOTH, build, picture
from tests.oracles import relative_error

pytestmark = [
    pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA on this computer"),
    pytest.mark.filterwarnings("ignore:Attempting to run cuBLAS"),  # a thread of autograd begins
]

RECIPE = Recipe(64, 64, "bilinear", (0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
METHODS = (
    "vanilla", "guided", "deconvnet", "timesinput", "smooth:6", "guided~smooth:6", "smoothsq:6", "vargrad:6",
    "ig:8", "ig:8:black", "ig:8:blur", "gradcam", "hirescam", "layercam", "guidedcam", "occlusion", "rise:50",
)  # fmt: skip


def allowed(name: str) -> tuple[str, ...]:
    return tuple(each for each in METHODS if name in RECTIFIED or not Method.parse(each).needs_rectifiers)


@pytest.mark.parametrize("name", RECTIFIED + SMOOTH)
def test_every_method_gives_the_map_of_the_cpu(name):
    network, image = prepare(build(name)), picture()
    # CUDA's Hardswish divides by a 6 that was rounded to float32, also in float64.
    tolerance = 1e-5 if name == "mobilenet_v3_small" else 1e-9
    here = attribute(network, image, 3, methods=allowed(name), recipe=RECIPE)
    there = attribute(network.to("cuda"), image, 3, methods=allowed(name), recipe=RECIPE)
    assert relative_error(there.logits.cpu(), here.logits) < tolerance
    for method in allowed(name):
        apart = (there[method].cpu() - here[method]).abs().max()
        assert apart <= tolerance * here[method].abs().max(), method  # some class activation maps are all zero


@pytest.mark.parametrize("name", RECTIFIED + SMOOTH)
def test_float32_is_not_rounded_to_tf32(name):
    """TF32 errs by 3e-4 and more. A rectifier at the very edge may still turn and move the map, not the logits."""
    network, image = prepare(build(name, torch.float32)), picture(dtype=torch.float32)
    here, there = (attribute(each, image, 3, methods=("vanilla",)) for each in (network, network.to("cuda")))
    assert relative_error(there.logits.cpu(), here.logits) < 1e-5
    if name in SMOOTH:
        assert relative_error(there["vanilla"].cpu(), here["vanilla"]) < 1e-4


@pytest.mark.parametrize("name", ["resnet18", "vit"])
def test_it_is_the_same_each_time_but_for_the_order_of_sums(name):
    network, image = prepare(build(name, torch.float32)), picture(dtype=torch.float32)
    network = network.to("cuda")
    one, other = (attribute(network, image, 3, methods=allowed(name), recipe=RECIPE) for _ in range(2))
    for method in allowed(name):
        assert (other[method] - one[method]).abs().max() <= 1e-4 * one[method].abs().max(), method


def test_without_memory_the_cpu_answers_and_it_is_said(cat, network):
    on_gpu = network.to("cuda")
    torch.cuda.empty_cache()
    held = torch.cuda.memory_allocated() / torch.cuda.get_device_properties(0).total_memory
    try:
        torch.cuda.set_per_process_memory_fraction(held + 1e-6)
        (short,) = explain(cat, lookup("efficientnet_lite0"), on_gpu)
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)
    assert (short.device, short.notices) == (
        "cpu", ("EfficientNet-Lite0 ran out of memory on the GPU and was computed on the CPU.",),
    )  # fmt: skip
    (again,) = explain(cat, lookup("efficientnet_lite0"), on_gpu)
    assert (again.device, again.notices) == ("cuda", ())
