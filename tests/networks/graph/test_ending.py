"""A network that ends in a softmax or a sigmoid is differentiated before it, however that is spelled."""

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from core.networks.graph.prepare import prepare
from core.saliency.attribution import attribute
from tests.toys import SmallConv


class Ended(nn.Module):
    """A network, and a last step after it."""

    def __init__(self, end) -> None:
        super().__init__()
        self.body, self.end = SmallConv(), end

    def forward(self, x: Tensor) -> Tensor:
        return self.end(self.body(x))


SOFTMAX = {
    "nn.Softmax(1)": nn.Softmax(1),
    "nn.Softmax(-1)": nn.Softmax(-1),
    "nn.LogSoftmax(1)": nn.LogSoftmax(1),
    "F.softmax(x, 1)": lambda x: F.softmax(x, 1),
    "F.softmax(x, dim=-1)": lambda x: F.softmax(x, dim=-1),
    "F.log_softmax(input=x, dim=1)": lambda x: F.log_softmax(input=x, dim=1),
    "torch.softmax(x, 1)": lambda x: torch.softmax(x, 1),
    "x.softmax(1)": lambda x: x.softmax(1),
    "x.log_softmax(dim=-1)": lambda x: x.log_softmax(dim=-1),
}
SIGMOID = {
    "nn.Sigmoid()": nn.Sigmoid(),
    "nn.LogSigmoid()": nn.LogSigmoid(),
    "torch.sigmoid(x)": torch.sigmoid,
    "F.sigmoid(x)": F.sigmoid,
    "F.logsigmoid(x)": F.logsigmoid,
    "torch.special.expit(x)": torch.special.expit,
    "x.sigmoid()": lambda x: x.sigmoid(),
    "x.sigmoid_()": lambda x: x.sigmoid_(),
}


@pytest.fixture
def inputs():
    return torch.randn(2, 3, 8, 8, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("spelled", [*SOFTMAX, *SIGMOID])
def test_what_is_explained_is_the_score_before_it(spelled, inputs):
    plain, network = prepare(SmallConv()), prepare(Ended((SOFTMAX | SIGMOID)[spelled]))
    assert network.ending is not None
    assert network.ending.outputs == ("softmax" if spelled in SOFTMAX else "sigmoid")
    assert network(inputs).equal(plain(inputs))
    assert attribute(network, inputs, 1)["guided"].equal(attribute(plain, inputs, 1)["guided"])
    assert network.coverage == plain.coverage


@pytest.mark.parametrize(
    "end",
    [
        nn.Identity(),
        nn.Softmax(0),
        lambda x: F.softmax(x, dim=0),
        lambda x: x.softmax(1) * 2,
        lambda x: x * x.sigmoid(),
        nn.Sequential(nn.Softmax(1), nn.Linear(4, 4)),
    ],
    ids=["nothing", "over pictures", "over pictures, as a function", "scaled", "SiLU", "inside"],
)
def test_what_is_no_such_end_stays(end, inputs):
    module = Ended(end).eval()
    network = prepare(module)
    assert network.ending is None
    torch.testing.assert_close(network(inputs), module(inputs).detach())


def test_of_two_ends_the_last_is_cut(inputs):
    network = prepare(Ended(nn.Sequential(nn.Softmax(1), nn.LogSoftmax(1))))
    assert network.ending is not None
    assert network.ending.title == "a log-softmax"
    assert network(inputs).sum(1).tolist() == pytest.approx([1, 1])
