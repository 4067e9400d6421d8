"""Does a map add up? To the difference of two scores that its method promises, where it promises one.

Also known as completeness (Sundararajan et al. 2017, arXiv:1703.01365).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from core.estimators.kinds import Sampled
from core.evidence.finding import Figures, Finding
from core.evidence.subject import Map, OfMethod, Subject
from core.saliency.baselines import baseline_of


@dataclass(frozen=True, slots=True)
class AddingUp(Finding):
    """share: of the score's difference between the picture and the method's baseline, what the map's sum is.

    NaN where there is no difference.
    """

    share: float

    @property
    def figures(self) -> Figures:
        """In numbers."""
        return {"share": (self.share,)}

    def says(self, label: str, names: Sequence[str]) -> str:
        """In words."""
        if math.isnan(self.share):
            return "The picture has the score of the empty one: there is no difference to add up to."
        return f"Its parts add up to {100 * self.share:.0f} % of the difference that they should explain."


def adding_up(subject: Subject, original: Map) -> AddingUp | None:
    """None of a method that promises no sum."""
    estimator = subject.method.estimator if isinstance(subject, OfMethod) else None
    if not isinstance(estimator, Sampled) or not estimator.adds_up or estimator.baseline is None:
        return None
    image = subject.inputs[0].to(subject.network.device, subject.network.dtype)
    both = torch.stack([image, baseline_of(estimator.baseline, image, subject.recipe)])
    score, nothing = subject.network(both)[:, subject.target].cpu().double().tolist()
    difference = score - nothing
    return AddingUp(float(original.sum(dtype="float64")) / difference if difference else math.nan)
