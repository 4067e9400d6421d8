"""Which class a picture counts to, and that it counts once."""

import shutil

import pytest

from core.audit.collection import Folder
from core.audit.findings.asking import Asker
from core.audit.findings.table import NO_FOLDER, asked
from core.audit.run import run
from core.audit.settings import Settings
from core.audit.subject import audited
from core.networks.load import load_network
from tests.audit.made import colours, fill, picture, png

NAME = "own-0123456789abcdef"


@pytest.fixture
def spec(tmp_path):
    return colours(tmp_path, NAME)


def audit_of(photos, spec, out):
    return run(Folder(photos), [spec], Settings((NAME,)), out)


def test_a_folder_that_is_no_class_is_not_what_was_explained(spec, tmp_path):
    photos = fill(tmp_path / "photos", 3)
    (photos / "blue").rename(photos / "monday")
    (photos / "top.png").write_bytes(png(picture("red", 7)))
    table = asked(audit_of(photos, spec, tmp_path / "out"), spec)
    said = dict(zip(table.labels.tolist(), table.is_explained.tolist(), strict=True))
    assert said == {"red": True, "green": True, "monday": False, NO_FOLDER: False}


def test_without_folders_pictures_count_to_what_they_are_called(spec, tmp_path):
    (tmp_path / "photos").mkdir()
    for i, colour in enumerate(("red", "blue")):
        (tmp_path / "photos" / f"{i}.png").write_bytes(png(picture(colour, i)))
    table = asked(audit_of(tmp_path / "photos", spec, tmp_path / "out"), spec)
    assert (table.labels.tolist(), table.is_explained.all()) == (["red", "blue"], True)


def test_a_copy_of_a_file_counts_once_in_its_class(spec, tmp_path):
    photos = fill(tmp_path / "photos", 3)
    first = min((photos / "red").iterdir())
    for name in ("copy.png", "again.png"):
        shutil.copy(first, photos / "red" / name)
    shutil.copy(first, photos / "blue" / "copy.png")
    table = asked(audit_of(photos, spec, tmp_path / "out"), spec)
    assert {label: table.labels.tolist().count(label) for label in table.classes} == {"blue": 4, "green": 3, "red": 3}


def test_crops_are_of_the_pictures_with_the_most_evidence_of_all(tmp_path, monkeypatch):
    spec = colours(tmp_path, NAME, cheats=True)
    photos = fill(tmp_path / "photos", 60)
    stamped = [f"z{i:02d}.png" for i in range(20)]
    for i, name in enumerate(stamped):
        (photos / "red" / name).write_bytes(png(picture("red", 200 + i, stamped=True)))
    store, read = audit_of(photos, spec, tmp_path / "out"), []
    asker = Asker.begun(store, Folder(photos), audited(spec, store.settings, load_network), asked(store, spec))
    real = Asker._pictures
    monkeypatch.setattr(Asker, "_pictures", lambda self, seen: read.append(seen) or real(self, seen))
    assert len(asker.row("red")["crops"][0]) == 12
    (of_crops, *_) = [seen for seen in read if len(seen) == 12]
    assert {each.entry.path.removeprefix("red/") for each in of_crops} < set(stamped)
