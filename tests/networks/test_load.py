"""From a name to a prepared network: who is asked, and for what."""

import pytest

from core.errors import NetworkError, UnknownNetwork
from core.networks import load
from core.networks.catalogue import lookup
from core.networks.graph.prepare import prepare
from tests.toys import SmallConv

NETWORK = prepare(SmallConv())


@pytest.fixture(autouse=True)
def asked(monkeypatch):
    """The specs whose prepared networks were asked for."""
    specs = []
    monkeypatch.setattr(load, "load_prepared", lambda spec: specs.append(spec) or NETWORK)
    return specs


def test_a_name_and_what_it_stands_for_load_the_same(asked):
    assert load.load_network("alexnet", "cpu") is load.load_network(lookup("alexnet"), "cpu") is NETWORK
    assert asked == [lookup("alexnet")] * 2


def test_the_network_is_moved_to_the_device(monkeypatch):
    monkeypatch.setattr(load, "choose_device", lambda device: {"auto": "meta"}[device])
    assert load.load_network("alexnet").device.type == "meta"


@pytest.mark.parametrize(
    ("name", "device", "error"), [("alexnot", "cpu", UnknownNetwork), ("alexnet", "", NetworkError)]
)
def test_neither_an_unknown_name_nor_an_unknown_device_gives_a_network(name, device, error):
    with pytest.raises(error):
        load.load_network(name, device)
