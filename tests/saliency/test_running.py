"""Methods of many samples: the same together as alone, on any thread, and in several goes as in one."""

import threading
from itertools import count

import pytest
import torch
from torch import nn

from core.errors import LayerUnavailable, MethodError, RuleUnavailable
from core.method import Method
from core.networks.graph.prepare import prepare
from core.saliency import sampling
from core.saliency.attribution import attribute
from core.saliency.sampling import Pace
from core.targets import TopK
from tests.estimators.made import SIDE, module, picture
from tests.oracles import relative_error

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


def test_in_several_goes_it_is_the_same_as_in_one():
    network, image, runs = prepare(module().float()), picture().float(), {}
    texts = ("smooth:8", "guided~smooth:8", "ig:12", "occlusion:8:4", "rise:52")
    looks = [attribute(network, image, 0, methods=texts, pace=Pace(runs=runs, upto=upto)) for upto in (4, 8)]
    assert looks[0].samples == {
        "smooth:8": (4, 8), "guided~smooth:8": (4, 8), "ig:12": (4, 12), "occlusion:8:4": (4, 49), "rise:52": (4, 52),
    }  # fmt: skip
    assert set(looks[1].samples) == {"ig:12", "occlusion:8:4", "rise:52"}
    whole, once = (attribute(network, image, 0, methods=texts, pace=pace) for pace in (Pace(runs=runs), None))
    assert not whole.samples
    for text in texts:
        assert torch.equal(whole[text], once[text]), text
        assert torch.equal(whole.checks[text].nan_to_num(), once.checks[text].nan_to_num()), text


def test_the_first_of_more_samples_are_those_of_fewer():
    network, image, runs = prepare(module()), picture(), {}
    few = attribute(network, image, 0, methods="vargrad:4", pace=Pace(runs=runs))
    look = attribute(network, image, 0, methods="vargrad:40", pace=Pace(runs=runs, upto=4))
    assert torch.equal(look["vargrad:40"], few["vargrad:4"])
    more = attribute(network, image, 0, methods="vargrad:40", pace=Pace(runs=runs))
    assert relative_error(more["vargrad:40"], attribute(network, image, 0, methods="vargrad:40")["vargrad:40"]) < 1e-12
    again = attribute(network, image, 0, methods="vargrad:4", pace=Pace(runs=runs))  # the run is beyond it by now
    assert torch.equal(again["vargrad:4"], few["vargrad:4"])


def test_what_other_parameters_or_rules_have_begun_is_not_gone_on_with():
    network, image, runs = prepare(module()), picture(), {}
    for text in ("smooth:4", "smooth:4:0.2", "smooth:4:0.05:1", "guided~smooth:4", "smoothsq:4", "ig:8", "ig:12"):
        maps = attribute(network, image, 0, methods=text, pace=Pace(runs=runs))
        assert torch.equal(maps[text], attribute(network, image, 0, methods=text)[text]), text
    assert len(runs) == 7


def test_nothing_is_shared_by_calls_that_do_not_say_so():
    network = prepare(module())
    one, other = (attribute(network, picture(seed), 0, methods="smooth:4") for seed in (0, 1))
    assert relative_error(one["smooth:4"], other["smooth:4"]) > 0.01


@pytest.mark.parametrize("method", ["smooth:12", "ig:12", "rise:50"])
def test_a_batch_that_fails_is_not_left_out_when_its_run_is_asked_for_again(monkeypatch, method):
    """As where an accelerator has no memory for it, and the CPU goes on."""
    network, runs, calls = prepare(module()), {}, count()
    inputs = picture()
    whole = attribute(network, inputs, 0, methods=(method,))[method]
    for where, name in ((sampling, "differentiate"), (sampling.ProbeRun, "_scored")):
        real = getattr(where, name)

        def failing(*given, real=real):
            if next(calls) == 2:
                raise torch.OutOfMemoryError("no memory")
            return real(*given)

        monkeypatch.setattr(where, name, failing)
    monkeypatch.setattr(sampling, "batch_for", lambda device: 4)
    with pytest.raises(torch.OutOfMemoryError):
        attribute(network, inputs, 0, methods=(method,), pace=Pace(runs=runs))
    assert runs == {}
    again = attribute(network, inputs, 0, methods=(method,), pace=Pace(runs=runs))[method]
    torch.testing.assert_close(again, whole, rtol=1e-5, atol=1e-7)


def test_the_same_method_by_fewer_and_by_more_samples_are_two_maps():
    network, image = prepare(module()), picture()
    methods = ("smooth:5", "guided~smooth:5", "smooth:9", "guided~smooth:9", "smooth:12", "rise:50", "rise:60")
    together = attribute(network, image, 0, methods=methods)
    for method in methods:
        alone = attribute(network, image, 0, methods=method)
        torch.testing.assert_close(together[method], alone[method], rtol=1e-11, atol=1e-14)
        assert torch.equal(together.checks[method].isnan(), alone.checks[method].isnan())
        torch.testing.assert_close(together.checks[method], alone.checks[method], equal_nan=True)
    assert together.samples == {}


def test_looks_at_the_same_method_by_fewer_and_by_more_samples_end_as_each_alone():
    network, image, runs = prepare(module()), picture(), {}
    for upto in (2, 4, 6, 8, None):
        together = attribute(network, image, 0, methods=("smooth:5", "smooth:9"), pace=Pace(runs=runs, upto=upto))
    for method in ("smooth:5", "smooth:9"):
        alone = attribute(network, image, 0, methods=method)[method]
        torch.testing.assert_close(together[method], alone, rtol=1e-11, atol=1e-14)
