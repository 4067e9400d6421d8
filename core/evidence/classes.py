"""Does a map depend on the class? Asked for another class of the same picture."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.evidence.finding import Figures, Finding
from core.evidence.subject import SAME, Map, Subject


@dataclass(frozen=True, slots=True, eq=False)
class OtherClass(Finding):
    """target: the most probable class but the one that is explained. likeness: of the two maps, see Subject.

    is_opposite: whether its map is the negative of the other, as of the two classes of a single output.
    """

    target: int
    map: Map
    likeness: float
    is_opposite: bool = False

    @property
    def figures(self) -> Figures:
        """In numbers."""
        return {"class": (self.target,), "likeness": (self.likeness,)}

    def says(self, label: str, names: Sequence[str]) -> str:
        """In words."""
        other = names[self.target]
        if math.isnan(self.likeness):
            return f"Asked for {other} instead of {label}, the map is the one below: compare them by eye."
        if self.is_opposite:
            return (
                f"Asked for {other} instead, each value of the map has the other sign: what speaks for {other} is what "
                f"speaks against {label}."
            )
        if self.likeness >= SAME:
            same = f"Asked for {other} instead, it gives the same map ({self.likeness:.2f})"
            return f"{same}: it does not say what speaks for {label}."
        return f"Asked for {other} instead of {label}, it gives another map ({self.likeness:.2f})."

    def maps(self, own: Map, label: str, names: Sequence[str]) -> dict[str, Map]:
        """Of both classes."""
        return {label: own, names[self.target]: self.map}


def other_class(subject: Subject, original: Map) -> OtherClass | None:
    """Ask for another class; None where there is no other."""
    order = subject.probabilities(subject.inputs)[0].argsort(descending=True).tolist()
    others = [index for index in order if index != subject.target]
    if not others:
        return None
    made = subject.map(target=others[0])
    is_opposite = bool(original.any()) and np.allclose(original, -made, rtol=1e-4, atol=1e-6 * float(abs(made).max()))
    return OtherClass(others[0], made, subject.likeness(original, made), is_opposite)
