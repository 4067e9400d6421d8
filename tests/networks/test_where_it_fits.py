"""What an accelerator has no memory for is done by the CPU, once, and nothing else is."""

import weakref
from dataclasses import dataclass, replace

import numpy as np
import pytest
import torch

from core.audit.findings.looking import probabilities
from core.audit.settings import Settings
from core.audit.subject import audited
from core.errors import NetworkError
from core.examine import examine
from core.explain import explain, predict
from core.networks import load
from core.networks.catalogue import lookup
from core.networks.devices import where_it_fits

SPEC = lookup("efficientnet_lite0")
NO_MEMORY = torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")


class Short:
    """A network on a GPU that has no memory left: asked of anything it fails, but it has its like on the CPU."""

    device, dtype, ending = torch.device("cuda"), torch.float32, None

    def __init__(self, network):
        self._network, self.coverage, self.graph = network, network.coverage, network.graph
        self.asked = 0

    def __call__(self, inputs):
        self.asked += 1
        raise NO_MEMORY

    def to(self, device):
        assert device == "cpu"
        return self._network


@dataclass(frozen=True)
class On:
    """Something on a device."""

    device: torch.device

    def to(self, device):
        return On(torch.device(device))


GPU, CPU = On(torch.device("cuda")), On(torch.device("cpu"))


def test_what_fits_is_done_where_it_is():
    assert where_it_fits(GPU, lambda on: on.device.type) == ("cuda", GPU)


@pytest.mark.parametrize("error", [NO_MEMORY, RuntimeError("MPS backend out of memory (MPS allocated: 1.00 GB)")])
def test_what_does_not_fit_is_done_once_more_on_the_cpu(error):
    asked = []

    def work(on):
        asked.append(on)
        if on == GPU:
            raise error
        return "done"

    assert where_it_fits(GPU, work) == ("done", CPU)
    assert asked == [GPU, CPU]


@pytest.mark.parametrize(("on", "error"), [(GPU, RuntimeError("an illegal memory access")), (CPU, NO_MEMORY)])
def test_other_failures_are_not_tried_again(on, error):
    asked = []

    def work(on):
        asked.append(on)
        raise error

    with pytest.raises(RuntimeError) as raised:
        where_it_fits(on, work)
    assert raised.value is error
    assert asked == [on]


def test_what_was_computed_before_it_failed_is_let_go_of_first():
    """Else the second try would find as little memory as the first left."""
    held = []

    def work(on):
        large = np.zeros(10)
        if on == GPU:
            held.append(weakref.ref(large))
            raise torch.OutOfMemoryError("CUDA out of memory")
        return held[0]()

    assert where_it_fits(GPU, work) == (None, CPU)


def test_predictions_tests_of_maps_and_an_audits_questions_are_answered_all_the_same(cat, network):
    short = Short(network)
    assert predict(cat, SPEC, short) == predict(cat, SPEC, network)
    (explained,) = explain(cat, SPEC, network)
    found, here = (examine("class", explained, "vanilla", SPEC, each, cat, "crop") for each in (short, network))
    assert (found.target, found.likeness) == (here.target, here.likeness)
    subject = audited(SPEC, Settings(("efficientnet_lite0",)), lambda spec: network)
    seen = [replace(cat, pixels=explained.seen)]
    ours, theirs = (
        probabilities(replace(subject, network=each), seen, [282], batch=1)(None) for each in (short, network)
    )
    assert ours.tolist() == theirs.tolist()
    assert short.asked >= 2


class Full:
    """A network that fits on no accelerator."""

    device = torch.device("cpu")

    def to(self, device):
        if device.type != "cpu":
            raise NO_MEMORY
        return self


def test_a_network_that_does_not_fit_stays_on_the_cpu_and_the_log_says_so(monkeypatch, caplog):
    full = Full()
    monkeypatch.setattr(load, "load_prepared", lambda spec: full)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert load.load_network("alexnet") is full
    assert "AlexNet stays on the CPU: the GPU has no room for it" in caplog.text
    assert load.load_network("alexnet", "cpu") is full
    with pytest.raises(NetworkError, match="The GPU has no room for AlexNet: free some of its memory"):
        load.load_network("alexnet", "cuda")
