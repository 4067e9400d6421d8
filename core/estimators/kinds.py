"""What an estimator is, as data: its row for readers, and what the engine asks of each kind of it.

Pages draw rows before torch is there, so here and in the estimators it is imported where it computes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    import torch
    from torch import Tensor

BASELINES = ("grey", "black", "white", "blur")  # see core.saliency.baselines


@dataclass(frozen=True, slots=True)
class Number:
    """A parameter that is a number. name: the field's; least, most, step: what a reader may choose."""

    name: str
    label: str
    least: float
    most: float
    step: float


@dataclass(frozen=True, slots=True)
class Choice:
    """A parameter that is one of a few words. name: the field's."""

    name: str
    label: str
    options: tuple[str, ...]


Parameter = Number | Choice


@dataclass(frozen=True, slots=True)
class About:
    """An estimator's row: all that a page says of it and builds from it.

    title, short: its name, in full and in brief; as they are joined to a rule's, such as "guided SmoothGrad". make:
    its value with usual parameters. parameters: those that may be chosen, in the order of its text. rules: the
    backward rules that it may be combined with, None for all, and refusal: why not the others. unit: of its values, σ
    is what the input was divided by. has_colours: whether it tells the three colours apart. is_signed: whether its
    values have a sign that says something; None: as the reduction says. reduces: the one reduction that means
    something, None if each does. looks_at_layer: whether it has a map a place of a layer. is_linear: whether the map
    of a difference of two logits is the difference of their maps. symbol: of its values, "" if it is the reduction's.
    backward: the rules that it goes backwards by, None for the one that it is combined with. says: what a panel says of
    a map, given the run's check (see core.saliency.sampling), "" if nothing. zero: what it means to be zero everywhere.
    counts: what its samples are called. grows: the parameter that says how many, where the first of more samples are
    the same, so that a run may be gone on with and one that is left early is a whole one of fewer; "" if not so.
    question, formula, cost, caution: in words. source, paper: who proposed it, and its number at arXiv ("" if none).
    """

    title: str
    short: str
    make: Callable[[], Estimator]
    unit: str
    question: str
    formula: str
    cost: str
    caution: str
    source: str
    paper: str
    symbol: str = ""
    parameters: tuple[Parameter, ...] = ()
    rules: tuple[str, ...] | None = ("vanilla",)
    refusal: str = ""
    has_colours: bool = True
    is_signed: bool | None = None
    reduces: str | None = None
    looks_at_layer: bool = False
    is_linear: bool = True
    backward: tuple[str, ...] | None = None
    counts: str = ""
    grows: str = ""
    says: Callable[[float], str] = lambda check: ""
    zero: str = "no small change of a pixel changes this score (saturated, or the class never fires)"


class Estimator(Protocol):
    """A frozen value. name: its key in the table."""

    @property
    def name(self) -> str: ...


class AtPicture(Estimator, Protocol):
    """An estimator by the gradients at the picture itself, which it shares with all others of this kind."""

    def at_picture(
        self, rule: str, gradients: Mapping[str, Tensor], inputs: Tensor, layer: tuple[Tensor, Tensor] | None
    ) -> Tensor:
        """The map. gradients: by backward rule, (..., channels, height, width). layer: a layer's values and their
        gradients, (..., channels, rows, columns), where its row says that it looks at one."""


@runtime_checkable
class Sampled(Estimator, Protocol):
    """An estimator by gradients at many points: a weighted sum of them, or of their squares."""

    @property
    def baseline(self) -> str | None:
        """The name of the picture that it begins at, see core.saliency.baselines; None for no other than the given."""

    @property
    def count(self) -> int:
        """Of points."""

    @property
    def needs_squares(self) -> bool: ...

    @property
    def points_key(self) -> object:
        """The same for estimators that differentiate at the same points, and so can share them."""

    def points(self, image: Tensor, baseline: Tensor) -> Iterator[tuple[Tensor, float]]:
        """Each point, (channels, height, width), and its weight; image and baseline of the same shape."""

    @property
    def adds_up(self) -> bool:
        """Whether the map's sum should be the score's difference; else its check is how far two halves agree."""

    def finish(self, moments: Tensor, weight: float, image: Tensor, baseline: Tensor) -> Tensor:
        """The map, float64, of Σ w g and Σ w g² (2, ..., channels, height, width) and Σ w."""


@runtime_checkable
class Probed(Estimator, Protocol):
    """An estimator by outputs alone, for pictures of which some is hidden."""

    @property
    def baseline(self) -> str:
        """The name of the picture that shows through where it is hidden."""

    @property
    def uses_probability(self) -> bool:
        """Whether the score is the probability; else the logit."""

    def count(self, height: int, width: int) -> int:
        """Of hidden pictures."""

    def masks(self, height: int, width: int) -> Iterator[Tensor]:
        """What each hides, (height, width), from 0 (all is shown) to 1 (hidden)."""

    def finish(self, sums: ProbeSums) -> Tensor:
        """The map, (..., height, width) float64."""


@dataclass(slots=True)
class ProbeSums:
    """Running sums over hidden pictures: Σ mask (height, width), Σ score (...,), Σ score · mask (..., height, width).

    whole: the score of the picture itself, (...,). count: how many. All float64.
    """

    masks: Tensor
    scores: Tensor
    products: Tensor
    whole: Tensor
    count: int = 0

    @classmethod
    def start(cls, whole: Tensor, height: int, width: int) -> ProbeSums:
        """Nothing yet, for scores of the shape of `whole`."""
        whole = whole.double()
        return cls(
            whole.new_zeros(height, width),
            whole.new_zeros(whole.shape),
            whole.new_zeros(*whole.shape, height, width),
            whole,
        )

    def add(self, scores: Tensor, masks: Tensor) -> None:
        """Some hidden pictures: scores (..., N), masks (N, height, width)."""
        scores, masks = scores.double(), masks.double()
        self.masks += masks.sum(0)
        self.scores += scores.sum(-1)
        self.products += (scores @ masks.flatten(1)).unflatten(-1, masks.shape[1:])
        self.count += len(masks)


def generator(seed: int) -> torch.Generator:
    """Random numbers of the CPU's own, so that a map is the same on every device; nobody else's are touched."""
    import torch

    return torch.Generator().manual_seed(seed)


def checked(value: Any, parameter: Parameter) -> Any:  # noqa: ANN401
    """A parameter's value, or ValueError with a sentence."""
    if isinstance(parameter, Choice):
        if value not in parameter.options:
            raise ValueError(f"{parameter.label} must be one of {', '.join(parameter.options)}, not {value!r}.")
    elif not parameter.least <= value <= parameter.most:
        raise ValueError(f"{parameter.label} must be from {parameter.least:g} to {parameter.most:g}, not {value:g}.")
    return value
