"""A network as an audit asks it: loaded, with the layer of its evidence and the rules that mean something for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from core.audit.settings import Settings
from core.errors import AuditError, LayerUnavailable
from core.explain import understood
from core.networks.catalogue import NetworkSpec
from core.networks.graph.layers import Layer, layer_of
from core.networks.graph.network import Network
from core.networks.load import load_network
from core.rules import RULES


@dataclass(frozen=True, slots=True)
class Audited:
    """spec, network: what both are understood as. rules: those of the settings that mean something for it.

    layer: the last that still knows places, whose channels say the evidence; None if there is none.
    """

    spec: NetworkSpec
    network: Network = field(repr=False)
    rules: tuple[str, ...]
    layer: Layer | None


Load = Callable[[NetworkSpec], Network]


def audited(spec: NetworkSpec, settings: Settings, load: Load = load_network) -> Audited:
    """A network for an audit, loaded. Raises NetworkError."""
    spec, network = understood(spec, load(spec))
    rules = tuple(rule for rule in settings.rules if network.coverage.gated or not RULES[rule].needs_rectifiers)
    try:
        layer = layer_of(network, spec.recipe.crop, spec.recipe.crop, None)
    except LayerUnavailable:
        layer = None
    return Audited(spec, network, rules, layer)


def of_names(specs: Sequence[NetworkSpec], settings: Settings) -> tuple[NetworkSpec, ...]:
    """The specs of the settings' networks, in their order. Raises AuditError for one that is not given."""
    by_name = {spec.name: spec for spec in specs}
    for name in settings.networks:
        if name not in by_name:
            raise AuditError(f"The network {name} of this audit is not given: name it as before.")
    return tuple(by_name[name] for name in settings.networks)
