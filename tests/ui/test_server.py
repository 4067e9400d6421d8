"""The server's start: what the first page asks is answered before anybody comes, and its owner's browser is opened."""

import os
import sys
import tempfile
import time
from dataclasses import replace

import pytest

from core import answering, pictures, selection
from core.networks.catalogue import lookup
from core.selection import Selection
from core.ui import server
from tests.e2e.conftest import start_server


def test_what_the_first_page_asks_is_answered_of_the_networks_that_are_here(computed, monkeypatch):
    first = Selection()
    asked = replace(first.question, networks=("vgg19", *first.question.networks))  # whose weights are not here
    monkeypatch.setattr(selection, "Selection", lambda: replace(first, question=asked))
    server.prepare()
    assert tuple(computed.networks) == first.question.networks
    picture = pictures.sample(first.picture)
    assert all(answering.is_ready(first.question, lookup(name), picture) for name in first.question.networks)


def test_what_readers_gave_to_a_server_that_was_killed_is_cleared_up(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left = tmp_path / "limelight-left"
    left.mkdir()
    (left / ".lock").touch()
    server.prepare()
    assert not left.exists()


def until(holds, seconds=60):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.skipif(sys.platform != "linux", reason="xdg-open is stood in for by a shell script")
def test_a_server_begins_without_a_visitor_opens_one_browser_and_ends_when_told_to(tmp_path):
    browser = tmp_path / "xdg-open"
    browser.write_text(f'#!/bin/sh\necho "$1" >> "{tmp_path}/opened"\n')
    browser.chmod(0o755)
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "credentials.toml").write_text('[general]\nemail = ""\n')  # as after the first start
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    process, address = start_server(tmp_path, STREAMLIT_SERVER_HEADLESS="false", PATH=path, HOME=str(tmp_path))
    try:
        until(lambda: len(list(tmp_path.glob("cache/prepared/*.pt"))) == len(Selection().question.networks))
        assert (tmp_path / "opened").read_text() == f"{address}\n"
    finally:
        process.terminate()
    assert process.wait(timeout=20) == 0  # else it would leave files of readers behind
    (log,) = tmp_path.glob("server-*.log")
    assert "Traceback" not in log.read_text()
