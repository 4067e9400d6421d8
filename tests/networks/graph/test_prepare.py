"""prepare: what it changes, what it leaves alone, what it refuses."""

import copy
import threading
import warnings

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torchvision import models

from core.errors import NetworkError
from core.networks.graph.prepare import prepare
from core.saliency.attribution import attribute
from tests.oracles import autograd_gradient, relative_error
from tests.toys import SmallConv, Tutorial, TwoPaths


def hooks(module: nn.Module) -> int:
    return sum(
        len(getattr(part, name))
        for part in module.modules()
        for name in ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")
    )


def test_the_callers_module_is_left_bit_identical():
    module = SmallConv().train()
    before = copy.deepcopy(module.state_dict())
    strides = {name: p.stride() for name, p in module.named_parameters()}
    network = prepare(module)
    network(torch.randn(2, 3, 8, 8))
    assert module.training
    assert hooks(module) == 0
    assert all(p.requires_grad and p.grad is None for p in module.parameters())
    assert all(module.state_dict()[name].equal(value) for name, value in before.items())
    assert {name: p.stride() for name, p in module.named_parameters()} == strides
    assert type(module.relu) is nn.ReLU


def test_it_computes_what_the_module_computes_in_eval_mode():
    module, inputs = SmallConv().double(), torch.randn(2, 3, 8, 8, dtype=torch.float64)
    expected = copy.deepcopy(module).eval()(inputs)
    torch.testing.assert_close(prepare(module.train())(inputs), expected.detach(), rtol=1e-13, atol=1e-13)


def test_parameters_that_need_not_change_are_shared_with_the_caller():
    module = SmallConv()
    network = prepare(module)
    assert network.graph.network.fc.weight.data_ptr() == module.fc.weight.data_ptr()
    assert not any(p.requires_grad for p in network.graph.parameters())


def test_batch_norm_is_folded_into_the_convolution_before_it():
    graph = prepare(SmallConv()).graph
    assert not any(isinstance(part, nn.BatchNorm2d) for part in graph.modules())


def test_batch_norm_stays_where_folding_would_not_be_exact():
    class Branch(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv, self.bn = nn.Conv2d(3, 2, 1), nn.BatchNorm2d(2)
            self.bn.running_var.fill_(4.0)

        def forward(self, x: Tensor) -> Tensor:
            x = self.conv(x)
            return (self.bn(x) + x).mean((2, 3))

    module, inputs = Branch().double().eval(), torch.randn(1, 3, 4, 4, dtype=torch.float64)
    network = prepare(module)
    assert any(isinstance(part, nn.BatchNorm2d) for part in network.graph.modules())
    torch.testing.assert_close(network(inputs), module(inputs).detach())


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_dtype_is_kept(dtype):
    network = prepare(SmallConv().to(dtype))
    assert network.dtype == dtype
    assert network(torch.randn(1, 3, 8, 8)).dtype == dtype


class Head(nn.Module):
    """A convolution, something of the caller's, and a mean over all pixels: 4 classes."""

    def __init__(self, between) -> None:
        super().__init__()
        torch.manual_seed(3)
        self.conv, self.fc, self.between = nn.Conv2d(3, 4, 3), nn.Linear(4, 4), between

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(self.between(self.conv(x)).mean((2, 3)))


def residual_in_place(y):
    return F.relu(y, inplace=True) * 2 + y  # here y is rectified, too


def forgotten_result(y):
    F.relu_(y)
    return y


def part_in_place(y):
    y[:, :2].relu_()
    return y


def hand_written_hardswish(y):
    return y * F.relu6(y + 3).div_(6)


@pytest.mark.parametrize(
    "between", [residual_in_place, forgotten_result, part_in_place, hand_written_hardswish, nn.ReLU6(inplace=True)]
)
def test_what_a_rectifier_in_place_does_to_its_input_is_kept(between):
    module, inputs = Head(between).double().eval(), torch.randn(2, 3, 8, 8, dtype=torch.float64)
    maps = attribute(prepare(module), inputs, 1, rules=("vanilla", "guided"))
    assert relative_error(maps.logits, module(inputs).detach()) < 1e-13
    targets = torch.tensor([1, 1])
    assert relative_error(maps["vanilla"], autograd_gradient(module, inputs, targets)) < 1e-13


def test_a_network_as_tutorials_write_it_is_explained_and_left_alone():
    module, inputs = Tutorial().double(), torch.randn(2, 3, 8, 8, dtype=torch.float64)
    maps = attribute(prepare(module), inputs, 0)
    assert module.calls == 0
    assert relative_error(maps["vanilla"], autograd_gradient(module, inputs, torch.tensor([0, 0]))) < 1e-13


@pytest.mark.parametrize("wrap", [nn.DataParallel, nn.Sequential])
def test_a_wrapped_network_is_the_network(wrap):
    module, inputs = SmallConv().eval(), torch.randn(1, 3, 8, 8)
    torch.testing.assert_close(prepare(wrap(module))(inputs), module(inputs).detach())


def test_it_works_in_inference_mode_and_under_autocast():
    module, inputs = SmallConv(), torch.randn(1, 3, 8, 8)
    expected = attribute(prepare(module), inputs, 0)
    with torch.inference_mode(), torch.autocast("cpu"):
        found = attribute(prepare(module), inputs * 1, 0)
    assert found["guided"].equal(expected["guided"])


def test_a_network_that_writes_into_its_input_does_not_write_into_the_callers():
    class Centres(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x.sub_(0.5).flatten(1).relu()

    inputs = torch.ones(1, 3, 1, 1)
    maps = attribute(prepare(Centres()), inputs, 0)
    prepare(Centres())(inputs)
    assert inputs.tolist() == torch.ones(1, 3, 1, 1).tolist()
    assert maps["vanilla"].flatten().tolist() == [1, 0, 0]


def test_what_cannot_be_copied_is_refused_in_a_sentence():
    class Uncopied(SmallConv):
        def __deepcopy__(self, known: object) -> None:
            raise RuntimeError("only leaf tensors can be copied")

    with pytest.raises(NetworkError, match=r"cannot be copied \(only leaf tensors"):
        prepare(Uncopied())


def test_hooks_that_tools_leave_behind_are_not_taken_over():
    module, seen = SmallConv(), []
    module.relu.register_forward_hook(lambda *args: seen.append(1))
    prepare(module)(torch.randn(1, 3, 8, 8))
    assert seen == []
    assert hooks(module) == 1


def test_a_backward_hook_left_by_another_tool_has_no_effect():
    module = TwoPaths()
    module.relu.register_full_backward_hook(lambda part, grads, outs: (grads[0] * 100,))
    network = prepare(module)
    assert hooks(network.graph) == 0
    assert hooks(module) == 1


def test_coverage_counts_calls_by_kind():
    coverage = prepare(models.mobilenet_v3_small()).coverage
    assert (coverage.gated, coverage.total) == (14, 33)
    assert coverage.kinds == (("Hardswish", 19), ("ReLU", 14))
    assert str(coverage) == "14 of 33 activations"
    assert coverage.names == "19 Hardswish, 14 ReLU"
    assert not coverage.full


def test_a_reused_rectifier_counts_once_a_call():
    coverage = prepare(SmallConv()).coverage
    assert str(coverage) == "2 of 2 rectifiers"
    assert coverage.full


def test_control_flow_on_the_data_is_refused_in_a_sentence():
    class Chooses(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x.flatten(1) if x.sum() > 0 else -x.flatten(1)

    with pytest.raises(NetworkError, match="cannot be traced"):
        prepare(Chooses())


@pytest.mark.parametrize(
    "module",
    [nn.Conv2d(3, 4, 3), nn.Sequential(nn.Conv2d(3, 4, 3), nn.AdaptiveAvgPool2d(1))],
    ids=["a convolution", "features"],
)
def test_an_output_that_is_not_one_row_a_picture_is_refused(module):
    with pytest.raises(NetworkError, match="not an image classifier: it returns a tensor of shape"):
        prepare(module)


def test_a_dictionary_of_outputs_is_refused():
    with pytest.raises(NetworkError, match="not an image classifier: it returns several outputs"):
        prepare(models.segmentation.lraspp_mobilenet_v3_large(weights=None, weights_backbone=None))


def test_preparing_one_network_does_not_disturb_another_that_is_computing():
    # torch.fx patches nn.Module for the whole process while it traces
    inputs, stop, wrong = torch.randn(1, 3, 8, 8), threading.Event(), []
    network = prepare(SmallConv())
    expected = attribute(network, inputs, 1)["guided"]

    def compute() -> None:
        try:
            while not stop.is_set():
                if not attribute(network, inputs, 1)["guided"].equal(expected):
                    wrong.append("another map")
        except Exception as error:
            wrong.append(repr(error))

    def prepare_many() -> None:
        try:
            for _ in range(20):
                assert str(prepare(models.squeezenet1_1()).coverage) == "26 of 26 rectifiers"
        except Exception as error:
            wrong.append(repr(error))

    computing = threading.Thread(target=compute)
    preparing = [threading.Thread(target=prepare_many) for _ in range(2)]
    for thread in (computing, *preparing):
        thread.start()
    for thread in preparing:
        thread.join()
    stop.set()
    computing.join()
    assert wrong == []
    assert nn.Module.__call__.__module__ == "torch.nn.modules.module"


@pytest.mark.parametrize("compiled", ["script", "trace", "export"])
def test_a_compiled_program_is_told_from_a_module(compiled):
    module, image = SmallConv().eval(), torch.zeros(1, 3, 8, 8)
    if compiled == "export":
        program = torch.export.export(module, (image,))
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            program = torch.jit.script(module) if compiled == "script" else torch.jit.trace(module, image)
    with pytest.raises(NetworkError, match=r"compiled program .* give the torch\.nn\.Module that it was made from"):
        prepare(program)
