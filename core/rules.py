"""The backward rules: what a rectifier does with the cotangent on its way back. A rule is a row of this table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to go backwards through a rectifier, and what a reader should know of the maps that it makes.

    title, short: its name, in full and in one word. backward: (cotangent, was_active) -> cotangent, where was_active
    (bool, of the same shape) is whether the rectifier let its input through as it was. words: the same in words.
    needs_rectifiers: whether it is the plain gradient, and so says nothing new, where there are none. is_gradient:
    whether it is the derivative itself, so that the map of a difference of two logits is the difference of their maps.
    class_specific: whether its maps can be trusted to depend on the class. caution: what its maps cannot say.
    source: who proposed it; paper: its number at arXiv.
    """

    title: str
    short: str
    backward: Callable[[Tensor, Tensor], Tensor]
    words: str
    needs_rectifiers: bool
    is_gradient: bool
    class_specific: bool
    caution: str
    source: str
    paper: str


def _gradient(cotangent: Tensor, was_active: Tensor) -> Tensor:
    return cotangent * was_active


def _guided(cotangent: Tensor, was_active: Tensor) -> Tensor:
    return cotangent.clamp(min=0) * was_active


def _deconvnet(cotangent: Tensor, was_active: Tensor) -> Tensor:
    return cotangent.clamp(min=0)


RULES: dict[str, Rule] = {
    "vanilla": Rule(
        title="Vanilla gradient",
        short="vanilla",
        backward=_gradient,
        words="*g* where the rectifier was active: the true gradient",
        needs_rectifiers=False,
        is_gradient=True,
        class_specific=True,
        caution="Vanilla is how the score reacts to tiny changes of each pixel, not how much a pixel contributed; "
        "under noise that nobody sees its likeness to itself is 0.48.",
        source="Simonyan, Vedaldi, Zisserman 2014",
        paper="1312.6034",
    ),
    "guided": Rule(
        title="Guided backprop",
        short="guided",
        backward=_guided,
        words="*g* where the rectifier was active and *g* is positive",
        needs_rectifiers=True,
        is_gradient=False,
        class_specific=False,  # Nie et al. 2018, arXiv:1805.07039
        caution="Guided hardly knows the class: with what the network knows about classes erased its map stays the "
        "same (1.00), and so it does for another class (1.00).",
        source="Springenberg et al. 2015, section 3.4",
        paper="1412.6806",
    ),
    "deconvnet": Rule(
        title="Deconvnet",
        short="deconvnet",
        backward=_deconvnet,
        words="*g* where *g* is positive",
        needs_rectifiers=True,
        is_gradient=False,
        class_specific=False,  # Nie et al. 2018, arXiv:1805.07039
        caution="Deconvnet ignores which rectifiers were active: with what the network knows about classes erased its "
        "map stays the same (1.00), and without max-pooling it is one map for every photo.",
        source="Zeiler and Fergus 2014, section 2.1",
        paper="1311.2901",
    ),
}
DEFAULT_RULES = ("vanilla", "guided")


def applicable(rules: tuple[str, ...], *, has_rectifiers: bool) -> tuple[str, ...]:
    """Those of the rules that mean something in a network with rectifiers, or without any."""
    return tuple(rule for rule in rules if has_rectifiers or not RULES[rule].needs_rectifiers)
