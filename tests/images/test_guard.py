"""Which addresses count as public, however they are written and whatever a name resolves to."""

import socket
from collections.abc import Callable

import pytest
import requests

from core.errors import FetchError
from core.images import guard
from core.images.guard import GuardedAdapter, check_site, is_public

PUBLIC = ["8.8.8.8", "93.184.216.34", "1.1.1.1", "2606:2800:220:1::1", "2a00:1450:4001:830::200e"]
NOT_PUBLIC = [
    *("0.0.0.0", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254"),
    *("168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
    *("192.0.0.8", "192.0.0.192", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.1"),
    *("224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "::127.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:8.8.8.8"),
    *("64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "5f00::1", "3ffe::1", "3fff::1"),
    *("2001::1", "2001:0:7f00:1::1", "2001:2::1", "2001:10::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::"),
    *("2002:808:808::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "2606:2800:220:1::1%eth0"),
    *("fec0::1", "ff02::1", "ff0e::1"),
    *("", "localhost", "0x7f.1", "2130706433", "017700000001", "127.1", "1.2.3.4.5", "[::1]", " 8.8.8.8"),
]


def resolving(*answers: list[str]) -> Callable[..., list[tuple]]:
    """A getaddrinfo that gives one list of addresses after another, and then the last one again."""
    rest = list(answers)

    def getaddrinfo(host: str, port: int, **_: object) -> list[tuple]:
        addresses = rest.pop(0) if len(rest) > 1 else rest[0]
        family = {True: socket.AF_INET6, False: socket.AF_INET}
        return [(family[":" in each], socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]

    return getaddrinfo


def pinned(url: str) -> str:
    """The address a request to `url` would be sent to; nothing is connected."""
    request = requests.Request("GET", url).prepare()
    adapter = GuardedAdapter(url.split(":")[0], on_connect=lambda _: None)
    host, _ = adapter.build_connection_pool_key_attributes(request, verify=True)
    return host["host"]


@pytest.fixture(autouse=True)
def switch_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LIMELIGHT_TEST_LOOPBACK", raising=False)


@pytest.fixture
def switch_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIMELIGHT_TEST_LOOPBACK", "1")


@pytest.mark.parametrize("address", PUBLIC)
def test_ordinary_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_special_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("spelling", ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "017700000001", "::1", "0"])
def test_no_spelling_of_this_computer_is_let_through(spelling: str) -> None:
    with pytest.raises(FetchError, match="Only public web addresses are allowed"):
        check_site("http", spelling, None)


@pytest.mark.parametrize("address", ["10.0.0.1", "169.254.169.254", "::ffff:10.0.0.1", "64:ff9b::a00:1"])
def test_a_name_that_resolves_to_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolving([address]))
    with pytest.raises(FetchError, match="Only public web addresses are allowed"):
        check_site("https", "innocent.example", None)


@pytest.mark.parametrize("answers", [["93.184.216.34", "10.0.0.1"], ["10.0.0.1", "93.184.216.34"], []])
def test_one_private_answer_among_public_ones_is_enough_to_refuse(
    monkeypatch: pytest.MonkeyPatch, answers: list[str]
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolving(answers))
    with pytest.raises(FetchError, match="Only public web addresses are allowed"):
        check_site("https", "mixed.example", None)


def test_the_connection_goes_to_the_address_that_was_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolving(["93.184.216.34"]))
    assert pinned("https://example.com/cat.jpg") == "93.184.216.34"


@pytest.mark.parametrize("second", ["127.0.0.1", "168.63.129.16", "fec0::1"])
def test_a_name_that_changes_its_mind_between_two_questions_is_refused(
    monkeypatch: pytest.MonkeyPatch, second: str
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolving(["93.184.216.34"], [second]))
    with pytest.raises(FetchError, match="Only public web addresses are allowed"):
        pinned("http://rebinding.example/cat.jpg")


def test_the_name_is_kept_for_the_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolving(["93.184.216.34"]))
    request = requests.Request("GET", "https://example.com/cat.jpg").prepare()
    adapter = GuardedAdapter("https", on_connect=lambda _: None)
    _, pool = adapter.build_connection_pool_key_attributes(request, verify=True)
    assert (pool["assert_hostname"], pool["server_hostname"]) == ("example.com", "example.com")
    assert request.headers["Host"] == "example.com"


@pytest.mark.parametrize(("scheme", "port"), [("http", None), ("http", 80), ("https", None), ("https", 443)])
def test_the_usual_ports_may_be_written_out(monkeypatch: pytest.MonkeyPatch, scheme: str, port: int | None) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolving(["93.184.216.34"]))
    check_site(scheme, "example.com", port)


@pytest.mark.parametrize(("scheme", "port"), [("http", 443), ("https", 80), ("http", 8080), ("https", 22)])
def test_other_ports_are_refused(monkeypatch: pytest.MonkeyPatch, scheme: str, port: int | None) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolving(["93.184.216.34"]))
    with pytest.raises(FetchError, match="remove the port number"):
        check_site(scheme, "example.com", port)


def test_a_private_address_gets_the_same_sentence_on_any_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolving(["10.0.0.1"]))
    with pytest.raises(FetchError, match="Only public web addresses are allowed"):
        check_site("http", "innocent.example", 22)


@pytest.mark.parametrize("trouble", [socket.gaierror("no such name"), TimeoutError(), UnicodeError("label too long")])
def test_a_name_that_does_not_resolve_is_probably_a_typing_mistake(
    monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    def getaddrinfo(*_: object, **__: object) -> None:
        raise trouble

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with pytest.raises(FetchError, match="No site with that name"):
        check_site("https", "exmaple.invalid", None)


@pytest.mark.usefixtures("switch_on")
@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1"])
def test_the_switch_admits_loopback_on_any_port(address: str) -> None:
    check_site("http", address, 8123)


@pytest.mark.usefixtures("switch_on")
@pytest.mark.parametrize("address", sorted(set(NOT_PUBLIC[:45]) - {"127.0.0.1", "127.255.255.254", "::1"}))
def test_the_switch_admits_nothing_else(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolving([address]))
    with pytest.raises(FetchError, match="Only public web addresses are allowed"):
        check_site("http", "innocent.example", 80)


@pytest.mark.usefixtures("switch_on")
def test_the_switch_does_not_open_other_ports_of_public_sites(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolving(["93.184.216.34", "127.0.0.1"]))
    with pytest.raises(FetchError, match="remove the port number"):
        check_site("http", "mixed.example", 8080)


@pytest.mark.parametrize("value", ["", "0", "true", "yes"])
def test_only_the_value_1_turns_the_switch_on(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("LIMELIGHT_TEST_LOOPBACK", value)
    assert not guard.loopback_admitted()
