"""On an accelerator a map is the one that the CPU makes. Skipped on computers that have none."""

from contextlib import contextmanager

import numpy as np
import pytest
import torch

from core.audit.measure import measure
from core.audit.settings import Settings
from core.audit.subject import audited
from core.errors import NetworkError
from core.examine import examine
from core.explain import explain, predict
from core.images.framing import frame
from core.images.samples import load_sample
from core.method import Method
from core.networks.catalogue import lookup
from core.networks.graph.prepare import prepare
from core.networks.load import load_network
from core.question import Question
from core.runtime.memory import give_back
from core.saliency.attribution import attribute
from core.values import Recipe
from tests.known import RECTIFIED, SIDE, SMOOTH, build, picture
from tests.oracles import relative_error

pytestmark = [
    pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA on this computer"),
    pytest.mark.filterwarnings("ignore:Attempting to run cuBLAS"),  # a thread of autograd begins
]

SPEC = lookup("efficientnet_lite0")
RECIPE = Recipe(64, 64, "bilinear", (0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
METHODS = (
    "vanilla", "guided", "deconvnet", "timesinput", "smooth:6", "guided~smooth:6", "smoothsq:6", "vargrad:6",
    "ig:8", "ig:8:black", "ig:8:blur", "gradcam", "hirescam", "layercam", "guidedcam", "occlusion", "rise:50",
)  # fmt: skip


@pytest.fixture(autouse=True)
def with_it(monkeypatch):
    """All other tests do without."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)


def allowed(name: str) -> tuple[str, ...]:
    return tuple(each for each in METHODS if name in RECTIFIED or not Method.parse(each).needs_rectifiers)


@pytest.mark.parametrize("name", RECTIFIED + SMOOTH)
def test_every_method_gives_the_map_of_the_cpu(name):
    # On a picture of 64 pixels GoogLeNet's last pooling sees nothing but equal values, and any of them is the largest.
    network, image = prepare(build(name)), picture(128 if name == "googlenet" else SIDE)
    # CUDA's Hardswish divides by a 6 that was rounded to float32, also in float64.
    # Near a black picture its normalisation makes much of that.
    tolerance = 1e-3 if name == "mobilenet_v3_small" else 1e-9
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
    assert relative_error(there.logits.cpu(), here.logits) < 5e-5
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
    with without_memory():
        (short,) = explain(cat, SPEC, on_gpu)
    assert (short.device, short.notices) == (
        "cpu", ("EfficientNet-Lite0 ran out of memory on the GPU and was computed on the CPU.",),
    )  # fmt: skip
    (again,) = explain(cat, SPEC, on_gpu)
    assert (again.device, again.notices) == ("cuda", ())


def test_without_memory_a_prediction_and_a_test_of_a_map_are_made_by_the_cpu_too(cat, network):
    on_gpu = network.to("cuda")
    (explained,) = explain(cat, SPEC, on_gpu)
    with without_memory():
        short = predict(cat, SPEC, on_gpu)
        found = examine("weights", explained, "vanilla", SPEC, on_gpu, cat, "crop")
    here = examine("weights", explained, "vanilla", SPEC, network, cat, "crop")
    assert short.logit == pytest.approx(predict(cat, SPEC, network).logit, rel=1e-6)
    assert [stage.probability for stage in found.stages] == pytest.approx([stage.probability for stage in here.stages])
    assert found.stages[0].likeness == pytest.approx(here.stages[0].likeness, abs=1e-3)


def test_a_network_for_which_there_is_no_memory_stays_on_the_cpu(caplog):
    with without_memory():
        assert load_network("efficientnet_lite0").device.type == "cpu"
        with pytest.raises(NetworkError, match="no room for EfficientNet-Lite0"):
            load_network("efficientnet_lite0", "cuda")
    assert "EfficientNet-Lite0 stays on the CPU" in caplog.text
    assert load_network("efficientnet_lite0").device.type == "cuda"


def test_what_is_free_is_given_back(cat, network):
    on_gpu = network.to("cuda")
    explain(cat, SPEC, on_gpu, Question(rules=("smooth:25",)))
    kept = torch.cuda.memory_reserved()
    give_back()
    assert torch.cuda.memory_reserved() < kept


def test_an_audit_says_the_same(cat, network):
    """Classes, and shares to the half precision in which rows keep them."""
    settings, pictures = Settings(("efficientnet_lite0",)), [cat, load_sample("coffee"), load_sample("astronaut")]
    inputs = np.stack([frame(picture, SPEC.recipe)[0] for picture in pictures])
    here, there = (
        measure(audited(SPEC, settings, lambda spec, on=on: on), inputs, [282, None, None])[0]
        for on in (network, network.to("cuda"))
    )
    for one, other in zip(here, there, strict=True):
        assert (other.target, other.explained) == (one.target, one.explained)
        assert other.probability == pytest.approx(one.probability, rel=1e-5)
        np.testing.assert_allclose(other.evidence.astype(float), one.evidence.astype(float), rtol=2e-3, atol=1e-6)
        for rule in ("vanilla", "guided"):
            np.testing.assert_allclose(other.maps[rule].astype(float), one.maps[rule].astype(float), atol=1e-3)


@contextmanager
def without_memory():
    """All that is free on the GPU is forbidden or taken, so that whatever is asked for next does not fit."""
    torch.cuda.empty_cache()
    torch.cuda.set_per_process_memory_fraction(
        torch.cuda.memory_reserved() / torch.cuda.get_device_properties(0).total_memory
    )
    try:
        taken = list(gaps())
        yield
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)
    del taken


def gaps():
    """What there is room for between all that is held, the largest first."""
    size = 2**24
    while size:
        try:
            yield torch.empty(size, dtype=torch.uint8, device="cuda")
        except torch.OutOfMemoryError:
            size //= 2
