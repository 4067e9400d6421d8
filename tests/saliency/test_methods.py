"""Every method against Captum, or against its definition written out, in float64."""

import threading

import pytest
import torch
import torch.nn.functional as F
from captum.attr import (
    GuidedGradCam,
    InputXGradient,
    IntegratedGradients,
    LayerGradCam,
    NoiseTunnel,
    Occlusion,
    Saliency,
)  # fmt: skip
from torch import nn

from core.errors import LayerUnavailable, MethodError, RuleUnavailable
from core.estimators.cam import enlarged
from core.estimators.rise import Rise
from core.estimators.smooth import Smooth
from core.method import Method
from core.networks.graph.prepare import prepare
from core.saliency.attribution import attribute
from core.saliency.sampling import Pace
from core.targets import TopK
from core.values import Recipe
from tests.oracles import relative_error

RECIPE = Recipe(32, 32, "bilinear", (0.4, 0.5, 0.6), (0.2, 0.25, 0.3))
SIDE = 32


def module(seed=3):
    """Two convolutions, pooled: smooth enough for every oracle, and every operation in one small place."""
    torch.manual_seed(seed)
    return nn.Sequential(
        nn.Conv2d(3, 6, 3, 2, 1), nn.ReLU(inplace=True), nn.Conv2d(6, 8, 3, 2, 1), nn.ReLU(), nn.Conv2d(8, 8, 1),
        nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(32, 5),
    ).double()  # fmt: skip


def picture(seed=0, count=1):
    return torch.randn(count, 3, SIDE, SIDE, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def noises(image, samples, spread, seed=0):
    drawn = torch.Generator().manual_seed(seed)
    sigma = spread * (image.max() - image.min())
    return torch.stack([torch.randn(image.shape, generator=drawn).double() * sigma for _ in range(samples)])


@pytest.mark.parametrize(
    ("text", "kind"),
    [("smooth:6:0.1", "smoothgrad"), ("smoothsq:6:0.1", "smoothgrad_sq"), ("vargrad:6:0.1", "vargrad")],
)
def test_smoothgrad_and_its_kin_equal_captums_with_the_same_noise(text, kind, monkeypatch):
    own, image = module(), picture()
    noise = noises(image[0], 6, 0.1)
    monkeypatch.setattr(torch, "normal", lambda mean, std, **_: noise.reshape(std.shape))
    expected = NoiseTunnel(Saliency(own)).attribute(image, target=2, abs=False, nt_type=kind, nt_samples=6, stdevs=1.0)
    monkeypatch.undo()
    maps = attribute(prepare(own), image, 2, methods=text)
    assert relative_error(maps[text], expected) < 1e-12


def test_guided_smoothgrad_is_the_mean_of_guided_maps_of_the_noisy_pictures():
    network, image = prepare(module()), picture()
    maps = attribute(network, image, 1, methods=("guided~smooth:5", "smooth:5"))
    noisy = image + noises(image[0], 5, 0.05)
    each = attribute(network, noisy, 1)
    assert relative_error(maps["guided~smooth:5"], each["guided"].mean(0, keepdim=True)) < 1e-12
    assert relative_error(maps["smooth:5"], each["vanilla"].mean(0, keepdim=True)) < 1e-12


@pytest.mark.parametrize("baseline", ["grey", "black", "white"])
def test_integrated_gradients_equal_captums(baseline):
    own, image = module(), picture()
    value = {"grey": None, "black": 0.0, "white": 1.0}[baseline]
    mean, std = (torch.tensor(each, dtype=torch.float64).view(1, 3, 1, 1) for each in (RECIPE.mean, RECIPE.std))
    start = torch.zeros_like(image) if value is None else ((value - mean) / std).expand_as(image)
    expected = IntegratedGradients(own).attribute(image, start, target=0, n_steps=16)
    text = f"ig:16:{baseline}" if baseline != "grey" else "ig:16"
    maps = attribute(prepare(own), image, 0, methods=text, recipe=RECIPE)
    assert relative_error(maps[text], expected) < 1e-7  # Captum's steps are of float32
    difference = (own(image) - own(start))[0, 0].detach()
    assert float(maps.checks[text]) == pytest.approx(float(maps[text].sum() / difference), rel=1e-9)


def test_integrated_gradients_of_a_smooth_network_add_up_exactly():
    torch.manual_seed(0)
    smooth = nn.Sequential(nn.Conv2d(3, 4, 3, 2), nn.Softplus(), nn.Flatten(), nn.Linear(900, 3)).double()
    maps = attribute(prepare(smooth), picture(), 0, methods="ig")
    assert float(maps.checks["ig"]) == pytest.approx(1, abs=1e-9)


def test_input_times_gradient_equals_captums():
    own, image = module(), picture()
    expected = InputXGradient(own).attribute(image.clone().requires_grad_(), target=4).detach()
    assert relative_error(attribute(prepare(own), image, 4, methods="timesinput")["timesinput"], expected) < 1e-12


@pytest.mark.parametrize("layer", [None, "16x16"])  # the second is rectified in place
def test_grad_cam_equals_captums_at_every_layer(layer):
    own, image = module(), picture()
    text = "gradcam" if layer is None else f"gradcam@{layer}"
    captums = LayerGradCam(own, own[5] if layer is None else own[1])
    expected = captums.attribute(image, target=1, relu_attributions=True).detach()
    assert relative_error(attribute(prepare(own), image, 1, methods=text)[text], expected) < 1e-12


@pytest.mark.filterwarnings("ignore:Setting backward hooks")
def test_guided_grad_cam_equals_captums():
    own, image = module(), picture()
    own[1] = nn.ReLU()  # Captum's hooks cannot see through one in place
    expected = GuidedGradCam(own, own[5]).attribute(
        image.clone().requires_grad_(), target=1, interpolate_mode="bilinear"
    )
    assert relative_error(attribute(prepare(own), image, 1, methods="guidedcam")["guidedcam"], expected) < 1e-12


def test_the_other_class_activation_maps_are_what_their_papers_say():
    own, image = module(), picture()
    maps = attribute(prepare(own), image, 3, methods=("hirescam", "layercam"))
    values = own[:6](image).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(own[6:](values)[0, 3], values)
    assert relative_error(maps["hirescam"], (gradient * values).sum(1, keepdim=True).clamp(min=0)) < 1e-12
    assert relative_error(maps["layercam"], (gradient.clamp(min=0) * values).sum(1, keepdim=True).clamp(min=0)) < 1e-12


def test_a_class_activation_map_of_an_average_is_the_classifiers_own_map():
    torch.manual_seed(1)
    own = nn.Sequential(
        nn.Conv2d(3, 8, 3, 4), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 3)
    ).double()
    maps = attribute(prepare(own), picture(), 0, methods=("gradcam", "hirescam"))
    values = own[:2](picture())
    by_hand = (own[4].weight[0, :, None, None] * values[0]).sum(0).clamp(min=0) / values.shape[-1] ** 2
    assert relative_error(maps["gradcam"][0, 0], by_hand.detach()) < 1e-12
    assert relative_error(maps["hirescam"], maps["gradcam"]) < 1e-12


@pytest.mark.parametrize(("window", "stride"), [(8, 4), (12, 8), (10, 7)])
def test_occlusion_equals_captums(window, stride):
    own, image = module(), picture()
    expected = Occlusion(own).attribute(image, (3, window, window), (3, stride, stride), target=2)[:, :1]
    text = str(Method(estimator=type(Method.parse("occlusion").estimator)(window, stride)))
    maps = attribute(prepare(own), image, 2, methods=text)
    assert relative_error(maps[text], expected) < 1e-6  # Captum's sums are of float32


def test_rise_is_its_loop_less_the_mean():
    own, image, rise = module(), picture(), Rise(50, 4)
    maps = attribute(prepare(own), image, 2, methods="rise:50:4")
    seen = [1 - mask.double() for mask, _ in zip(rise.masks(SIDE, SIDE), range(50), strict=False)]
    scores = [float(own(image * mask).detach().softmax(1)[0, 2]) for mask in seen]
    by_hand = sum(score * mask for score, mask in zip(scores, seen, strict=True)) / (50 * 0.5) - sum(scores) / 50
    assert relative_error(maps["rise:50:4"][0, 0], by_hand) < 1e-12


ALL = ("vanilla", "guided", "timesinput", "smooth:5", "guided~vargrad:5", "ig:8", "gradcam", "layercam", "guidedcam",
       "occlusion:16:8", "rise:50")  # fmt: skip


def test_a_batch_classes_and_other_methods_change_nothing():
    network, images = prepare(module()), picture(1, 2)
    together = attribute(network, images, torch.tensor([[0, 1], [2, 3], [4, 0]]), methods=ALL)
    for method in ALL:
        for k, n in ((0, 0), (1, 1), (2, 1)):
            alone = attribute(network, images[n : n + 1], int(together.targets[k, n]), methods=method)
            assert torch.allclose(together[method][k, n], alone[method][0], rtol=1e-11, atol=1e-14)


def test_threads_and_other_peoples_random_numbers_do_not_change_a_bit():
    network, image, found = prepare(module().float()), picture().float(), []
    torch.manual_seed(7)
    state = torch.get_rng_state()
    threads = [
        threading.Thread(target=lambda: found.append(attribute(network, image, 0, methods=ALL))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert torch.equal(torch.get_rng_state(), state)
    for other in found[1:]:
        assert all(torch.equal(found[0][method], other[method]) for method in ALL)


@pytest.mark.parametrize("method", ["timesinput", "smooth:5", "ig:8", "occlusion:16:8", "rise:50"])
def test_a_contrast_of_a_linear_method_is_the_difference_of_its_maps(method):
    network, image = prepare(module()), picture()
    assert Method.parse(method).about.is_linear
    both = attribute(network, image, torch.tensor([[0], [1]]), methods=method)[method]
    contrast = attribute(network, image, 0, against=1, methods=method)[method]
    assert relative_error(contrast, both[0] - both[1]) < 1e-11


def test_the_target_is_decided_by_the_picture_itself():
    network, image = prepare(module()), picture()
    top = int(network(image).argmax())
    texts = ("smooth:5:0.5", "occlusion:16:8")
    assert all(
        torch.equal(attribute(network, image, methods=text)[text], attribute(network, image, top, methods=text)[text])
        for text in texts
    )
    assert attribute(network, image, TopK(2), methods="smooth:5").targets[0].tolist() == [top]


def test_more_samples_agree_better_with_themselves():
    network, image = prepare(module()), picture()
    few, many = (
        float(attribute(network, image, 0, methods=f"smooth:{n}:0.3").checks[f"smooth:{n}:0.3"]) for n in (4, 120)
    )
    assert 0 < few < many < 1
    assert not attribute(network, image, 0, methods="gradcam").checks


def test_halves_that_contradict_each_other_are_no_number_beyond_minus_one():
    found = attribute(prepare(module(5)), picture(4), 0, methods="smooth:2:0.5").checks["smooth:2:0.5"]
    assert -1 <= float(found) <= 1


def test_work_that_is_left_ends_after_the_batch():
    def leave(done, total):
        assert (done, total) == (4, 50)
        raise InterruptedError

    with pytest.raises(InterruptedError):
        attribute(prepare(module()), picture(), 0, methods="smooth", pace=Pace(leave))


def test_what_means_nothing_is_refused():
    smooth = prepare(nn.Sequential(nn.Conv2d(3, 4, 3, 2), nn.SiLU(), nn.Flatten(), nn.Linear(900, 3)))
    image = picture().float()
    for method in ("guided~smooth", "guidedcam", "deconvnet"):
        with pytest.raises(RuleUnavailable):
            attribute(smooth, image, 0, methods=method)
    with pytest.raises(MethodError, match="grey already"):
        attribute(prepare(module()), torch.zeros(1, 3, SIDE, SIDE), 0, methods="ig")
    with pytest.raises(ValueError, match="recipe"):
        attribute(prepare(module()), picture(), 0, methods="ig:16:black")
    with pytest.raises(LayerUnavailable):
        attribute(prepare(module()), picture(), 0, methods="gradcam@5x5")


def test_enlarging_is_between_the_middles_of_cells():
    grid = torch.rand(2, 1, 3, 5, generator=torch.Generator().manual_seed(0))
    assert torch.equal(enlarged(grid, 12, 20), F.interpolate(grid, (12, 20), mode="bilinear", align_corners=False))


def test_squares_and_variance_are_never_below_zero():
    maps = attribute(prepare(module().float()), picture().float(), 0, methods=("smoothsq:3", "vargrad:3"))
    assert all(float(maps[each].min()) >= 0 for each in maps.rules)
    assert Smooth(keep="variance").needs_squares
