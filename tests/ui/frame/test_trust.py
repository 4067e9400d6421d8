"""Whom this server trusts: by default only somebody who certainly sits at it."""

from types import SimpleNamespace

import pytest
from streamlit.runtime.context import StreamlitHeaders

from core.ui.frame import trust

HERE = "http://localhost:8501/Models"


@pytest.fixture
def visit(monkeypatch):
    """Make a visit: what the server listens on, the address in the visitor's browser, and a header beside the host."""
    monkeypatch.delenv("LIMELIGHT_TRUSTED", raising=False)

    def arrive(listens="localhost", url=HERE, header="Host"):
        context = SimpleNamespace(url=url, headers=StreamlitHeaders([("Host", "localhost"), (header, "1.2.3.4")]))
        options = {"server.address": listens}
        monkeypatch.setattr(trust, "st", SimpleNamespace(get_option=options.__getitem__, context=context))

    return arrive


@pytest.mark.parametrize("listens", ["localhost", "127.0.0.1", "::1"])
@pytest.mark.parametrize("url", [HERE, "http://127.0.0.1:8501", "http://[::1]:8501/", "https://LOCALHOST/"])
def test_who_sits_at_a_server_that_only_they_can_reach_is_local(visit, listens, url):
    visit(listens, url)
    assert trust.is_local()
    assert trust.is_trusted()


@pytest.mark.parametrize("listens", [None, "", "0.0.0.0", "::", "192.168.0.7", "example.com"])
def test_a_server_that_others_can_reach_trusts_nobody(visit, listens):
    visit(listens)
    assert not trust.is_local()
    assert not trust.is_trusted()


@pytest.mark.parametrize(
    "url",
    [
        None, "", "localhost", "http://evil.example/", "http://localhost.evil.example/", "http://localhost@evil.example/",
        "http://evil.example/localhost", "http://evil.example#localhost", "http://192.168.0.7:8501/",
    ],
)  # fmt: skip
def test_a_visitor_whose_address_is_another_host_is_not_local(visit, url):
    visit(url=url)
    assert not trust.is_local()


@pytest.mark.parametrize("header", ["Forwarded", "X-Forwarded-For", "X-Real-IP", "x-real-ip", "x-forwarded-for"])
def test_who_comes_through_a_proxy_is_not_local(visit, header):
    visit(header=header)
    assert not trust.is_local()


@pytest.mark.parametrize("switch", ["0", "false", "No", "OFF", " off "])
def test_a_switch_that_is_off_holds_for_the_owner_too(visit, monkeypatch, switch):
    visit()
    monkeypatch.setenv("LIMELIGHT_TRUSTED", switch)
    assert not trust.is_trusted()


def test_a_switch_that_is_on_trusts_all_visitors_without_making_them_local(visit, monkeypatch):
    visit("0.0.0.0", "http://example.com/")
    monkeypatch.setenv("LIMELIGHT_TRUSTED", "1")
    assert trust.is_trusted()
    assert not trust.is_local()


def test_a_blank_switch_is_none(visit, monkeypatch):
    monkeypatch.setenv("LIMELIGHT_TRUSTED", "  ")
    visit("0.0.0.0")
    assert not trust.is_trusted()
    visit()
    assert trust.is_trusted()
