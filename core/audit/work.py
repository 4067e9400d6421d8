"""The work that is left of an audit, as one value: whoever does it, this machine or a cluster, is given the same."""

from collections.abc import Callable
from dataclasses import dataclass

from core.audit.collection import Collection
from core.audit.part import Breathe
from core.audit.plan import Part
from core.audit.store import Store
from core.networks.catalogue import NetworkSpec


@dataclass(frozen=True, slots=True)
class Work:
    """store: where parts are written, and the settings. parts: those that are not done, in their order.

    specs: of the settings' networks, in their order. breathe: is told of pictures that are done; may raise.
    """

    store: Store
    parts: tuple[Part, ...]
    collection: Collection
    specs: tuple[NetworkSpec, ...]
    breathe: Breathe


Doer = Callable[[Work], None]  # does all parts; whatever it raises, what was written stays
