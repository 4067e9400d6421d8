"""The command, as a person types it."""

import json

import pytest

from core.audit.__main__ import main
from tests.audit.made import fill


@pytest.fixture
def photos(tmp_path):
    return fill(tmp_path / "photos", 2)


def command(photos, tmp_path, *more):
    return [str(photos), "--networks", "efficientnet_lite0", "--out", str(tmp_path / "out"), *more]


def test_it_says_how_far_it_is_and_what_is_done(photos, tmp_path, capsys):
    assert main(command(photos, tmp_path)) == 0
    said = capsys.readouterr()
    assert "6 of 6 pictures" in said.err
    assert "6 pictures done, of which 0 could not be used" in said.err
    assert "3 classes, findings in 0" in said.err
    found = json.loads((tmp_path / "out" / "findings.json").read_text())
    assert [each["label"] for each in found] == ["blue", "green", "red"]
    assert "too few pictures" in found[0]["sentences"][0]
    assert said.out == ""


def test_it_goes_on_with_the_same_and_refuses_other_settings(photos, tmp_path, capsys):
    assert main(command(photos, tmp_path, "--no-findings")) == 0
    assert main(command(photos, tmp_path, "--no-findings")) == 0
    assert main(command(photos, tmp_path, "--seed", "1")) == 1
    assert "seed is 0, not 1" in capsys.readouterr().err


def test_where_every_picture_fails_its_status_is_two(tmp_path, capsys):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.png").write_bytes(b"no picture")
    assert main(command(tmp_path / "photos", tmp_path)) == 2
    assert "1 picture done, of which 1 could not be used" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--networks", "resnet51"], "no network called"),
        (["--networks", ","], "networks must be some"),
        (["--rules", "smooth"], "rules must be among"),
        (["--sample", "-1"], "make no sense"),
    ],
    ids=" ".join,
)
def test_what_makes_no_sense_is_one_sentence(photos, tmp_path, capsys, more, said):
    assert main([*command(photos, tmp_path), *more]) == 1
    error = capsys.readouterr().err
    assert said in error
    assert "Traceback" not in error


def test_ended_by_hand_it_says_that_it_goes_on(photos, tmp_path, capsys, monkeypatch):
    def ended(*arguments, **settings):
        raise KeyboardInterrupt

    monkeypatch.setattr("core.audit.__main__.run", ended)
    assert main(command(photos, tmp_path)) == 130
    assert "the same command goes on" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_said(photos, tmp_path, capsys):
    (tmp_path / "file").write_text("no folder")
    assert main([str(photos), "--networks", "efficientnet_lite0", "--out", str(tmp_path / "file" / "out")]) == 1
    assert "cannot be written (Not a directory)" in capsys.readouterr().err
