"""What a network's outputs mean: how its owner makes probabilities of them. A meaning is a row of this table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True)
class Outputs:
    """One way to read logits.

    title: as its owner would say it. probabilities: (..., classes) logits -> probabilities of the same shape.
    is_said: whether somebody said so; else a screen shows logits, which are true in any case.
    """

    title: str
    probabilities: Callable[[Tensor], Tensor]
    is_said: bool = True


def _softmax(logits: Tensor) -> Tensor:
    return logits.softmax(-1)


OUTPUTS: dict[str, Outputs] = {
    "softmax": Outputs("One of the classes (softmax)", _softmax),
    "sigmoid": Outputs("Each by itself (sigmoid)", lambda logits: logits.sigmoid()),
    "assumed": Outputs("Not said: softmax is assumed, logits are shown", _softmax, is_said=False),
}
