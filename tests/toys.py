"""Networks small enough to check in one's head."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from core.networks.graph.prepare import prepare


class TwoPaths(nn.Module):
    """logit 0 = 2 relu(x0) - 3 relu(x1), logit 1 = relu(x1); x0, x1, x2 are the colours of one pixel.

    relu is given, so that every spelling of a rectifier can be tried.
    """

    def __init__(self, relu=nn.ReLU()) -> None:  # noqa: B008
        super().__init__()
        self.relu = relu
        self.head = nn.Linear(3, 2, bias=False)
        self.head.weight = nn.Parameter(torch.tensor([[2.0, -3.0, 0.0], [0.0, 1.0, 0.0]]))

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.relu(x.flatten(1) * 1))


class SmallConv(nn.Module):
    """Convolutions, BatchNorm with statistics, a reused rectifier, a residual sum: 4 classes, any input size."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        self.conv1, self.conv2 = nn.Conv2d(3, 8, 3, padding=1), nn.Conv2d(8, 8, 3, padding=1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(8), nn.BatchNorm2d(8)
        self.relu = nn.ReLU(inplace=True)
        self.fc = nn.Linear(8, 4)
        for tensor in (*self.parameters(), self.bn1.running_mean, self.bn2.running_mean):
            tensor.data = torch.randn(tensor.shape, generator=generator) * 0.5
        for norm in (self.bn1, self.bn2):
            norm.running_var = torch.rand(8, generator=generator) + 0.5

    def forward(self, x: Tensor) -> Tensor:
        x = self.relu(self.bn1(self.conv1(x)))
        x = self.relu(self.bn2(self.conv2(x)) + x)
        return self.fc(F.adaptive_avg_pool2d(x, 1).flatten(1))


class Tutorial(nn.Module):
    """As networks are written in tutorials: view, a flag with a default, a counter."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.fc = nn.Conv2d(3, 4, 3), nn.Linear(4 * 36, 4)
        self.register_buffer("calls", torch.zeros(()))

    def forward(self, x: Tensor, return_features: bool = False) -> Tensor:
        self.calls.add_(1)
        x = F.relu(self.conv(x))
        features = x.view(x.size(0), -1)
        return features if return_features else self.fc(features)


class Root(nn.Module):
    """Of nothing its slope is infinite."""

    def forward(self, inputs):
        return inputs.relu().mul(0).sqrt()


def small(activation, logits=None):
    """A prepared network of 1000 classes; logits: a constant that is added to all of them."""
    torch.manual_seed(0)
    layers = [nn.Conv2d(3, 4, 3, stride=8), activation, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 1000)]
    if logits is not None:
        layers[-1].bias.data.fill_(logits)
    return prepare(nn.Sequential(*layers))
