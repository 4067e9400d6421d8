"""Paths as people type or paste them."""

from pathlib import Path

import pytest

from core.networks.checkpoints.typed_path import typed_path


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("/runs/best.pth", "/runs/best.pth"),
        ("  /runs/best.pth\n", "/runs/best.pth"),
        ('"/my runs/best.pth"', "/my runs/best.pth"),
        ("'/my runs/best.pth'", "/my runs/best.pth"),
        ("“/my runs/best.pth”", "/my runs/best.pth"),
        ('"/runs/best.pth', '"/runs/best.pth'),
        ("file:///my%20runs/best.pth", "/my runs/best.pth"),
        ("FILE://localhost/runs/best.pth", "/runs/best.pth"),
        ('"file:///runs/best.pth"', "/runs/best.pth"),
        ("file:///C:/runs/best.pth", "C:/runs/best.pth"),
        ("/runs/100%25.pth", "/runs/100%25.pth"),
        ('"', '"'),
        ("", "."),
    ],
)
def test_the_path_is_the_one_that_is_meant(text, path):
    assert typed_path(text) == Path(path)


def test_a_tilde_is_home(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert typed_path("'~/best.pth'") == tmp_path / "best.pth"
