"""The question: all that decides what is computed. How the answer is shown is core.view."""

from dataclasses import dataclass, replace

from core.rules import DEFAULT_RULES
from core.targets import Targets, TopK

MOST_NETWORKS, MOST_CLASSES, MOST_METHODS = 8, 8, 8
DEFAULT_NETWORKS = ("efficientnet_lite0", "efficientnet_lite1", "efficientnet_lite2")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a picture; with its digest and the weights' version, the key of every answer that is kept.

    networks: their names, in the order shown. rules: the methods, as their canonical texts; those of core.rules are the
    plain backward rules, others are in core.method. targets: the classes that each network explains. against: the class
    that they are contrasted with: what is differentiated is then the difference of two logits. fit: what part of the
    picture a network sees, see core.images.framing.
    """

    networks: tuple[str, ...] = DEFAULT_NETWORKS
    rules: tuple[str, ...] = DEFAULT_RULES
    targets: Targets = TopK()
    against: int | None = None
    fit: str = "crop"

    def of(self, network: str) -> "Question":
        """The same asked of one network alone."""
        return replace(self, networks=(network,))
