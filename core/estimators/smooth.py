"""SmoothGrad and its kin: the gradient's mean, mean square or variance among noisy copies of the picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from core.estimators.kinds import About, Number, generator

if TYPE_CHECKING:
    from torch import Tensor

_NAMES = {"mean": "smooth", "square": "smoothsq", "variance": "vargrad"}


@dataclass(frozen=True, slots=True)
class Smooth:
    """samples: noisy copies. spread: the noise's standard deviation, as a share of the input's own range.

    keep: "mean" of the gradients (SmoothGrad), "square" (the mean of their squares), or "variance" (divided by the
    number of samples). The usual 50 and 0.05 are not the paper's 25 and 0.15, two runs of which hardly agree.
    """

    samples: int = 50
    spread: float = 0.05
    seed: int = 0
    keep: str = "mean"

    def __post_init__(self) -> None:
        if self.keep not in _NAMES:
            raise ValueError(f"keep must be one of {', '.join(_NAMES)}, not {self.keep!r}.")

    @property
    def name(self) -> str:
        return _NAMES[self.keep]

    @property
    def baseline(self) -> None:
        return None

    @property
    def adds_up(self) -> bool:
        return False

    @property
    def count(self) -> int:
        return self.samples

    @property
    def needs_squares(self) -> bool:
        return self.keep != "mean"

    @property
    def points_key(self) -> object:
        return self.samples, self.spread, self.seed

    def points(self, image: Tensor, baseline: Tensor) -> Iterator[tuple[Tensor, float]]:
        """Endless; each sample's noise is drawn for itself, in float32 on the CPU."""
        import torch

        drawn, sigma = generator(self.seed), self.spread * float(image.max() - image.min())
        while True:
            noise = torch.randn(image.shape, generator=drawn, dtype=torch.float32)
            yield image + sigma * noise.to(image), 1.0

    def finish(self, moments: Tensor, weight: float, image: Tensor, baseline: Tensor) -> Tensor:
        mean = moments[0] / weight
        if self.keep == "mean":
            return mean
        square = moments[1] / weight
        return square if self.keep == "square" else (square - mean * mean).clamp(min=0)


_SETTLED = 0.7  # below, another seed gives another map


def _halves(agreement: float) -> str:
    return f"halves agree {agreement:.2f}" + (": not converged" if agreement < _SETTLED else "")


_SEED = Number("seed", "Seed of the noise", 0, 999, 1)


def _parameters(least: int) -> tuple[Number, ...]:
    return (
        Number("samples", "Samples", least, 200, 1),
        Number("spread", "Noise, as a share of the range", 0.01, 0.5, 0.01),
        _SEED,
    )


_COST = "as many forward and backward passes as samples"
ABOUT_SMOOTH = About(
    title="SmoothGrad",
    short="SmoothGrad",
    make=Smooth,
    unit="logit / σ",
    question="What of the gradient stays, when the picture is shaken a little?",
    formula="mean of g(x + e), e ~ N(0, (spread · range)²)",
    cost=_COST,
    caution="SmoothGrad is the sharper the more noise it averages over: below 0.7 its two halves do not agree yet. "
    "Under noise that nobody sees, the same samples drawn, its likeness to itself is 0.80, where vanilla's is 0.48.",
    source="Smilkov et al. 2017",
    paper="1706.03825",
    parameters=_parameters(1),
    rules=None,
    counts="samples",
    grows="samples",
    says=_halves,
)
ABOUT_SQUARES = About(
    title="SmoothGrad squared",
    short="SmoothGrad²",
    make=partial(Smooth, keep="square"),
    unit="(logit / σ)²",
    question="Where is the gradient large, whatever its sign, when the picture is shaken a little?",
    formula="mean of g(x + e)², e ~ N(0, (spread · range)²)",
    cost=_COST,
    caution="SmoothGrad² has lost the sign. It is steady partly because it knows little: with what the network knows "
    "about classes erased it stays alike (0.84).",
    source="Hooker et al. 2019",
    paper="1806.10758",
    symbol="Σ g²",
    parameters=_parameters(1),
    rules=None,
    counts="samples",
    grows="samples",
    says=_halves,
    is_signed=False,
    reduces="sum",
    is_linear=False,
)
ABOUT_VARIANCE = About(
    title="VarGrad",
    short="VarGrad",
    make=partial(Smooth, keep="variance"),
    unit="(logit / σ)²",
    question="Where does the gradient change most, when the picture is shaken a little?",
    formula="mean of g(x + e)² − (mean of g(x + e))²",
    cost=_COST,
    caution="VarGrad is large where the gradient is unsteady, also where its mean is nothing; with what the network "
    "knows about classes erased it stays alike (0.85).",
    source="Adebayo et al. 2018",
    paper="1810.03307",
    symbol="Σ var g",
    parameters=_parameters(2),  # one sample has no variance
    rules=None,
    counts="samples",
    grows="samples",
    says=_halves,
    is_signed=False,
    reduces="sum",
    is_linear=False,
)
