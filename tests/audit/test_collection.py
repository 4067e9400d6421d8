"""Pictures in a folder, in a zip, given; and what hostile ones do not do."""

import os
import pickle
import zipfile
from pathlib import Path

import pytest

from core.audit.collection import Entry, Folder, Uploads, Zip, collection_at, is_inside
from core.errors import AuditError, ImageError
from core.images.decode import MAX_BYTES


@pytest.fixture
def folder(tmp_path):
    for name in ("train/horse/b.jpg", "train/horse/a.PNG", "tree/c.webp", "d.dcm", "notes.txt", ".hidden/e.png"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return tmp_path


def zipped(path, members, **settings):
    with zipfile.ZipFile(path, "w", **settings) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_a_folders_pictures_are_called_by_the_folder_they_lie_in(folder):
    entries, others = Folder(folder).entries()
    assert [(entry.path, entry.label) for entry in entries] == [
        ("d.dcm", ""),
        ("train/horse/a.PNG", "horse"),
        ("train/horse/b.jpg", "horse"),
        ("tree/c.webp", "tree"),
    ]
    assert others == 1  # the notes; what is hidden is not counted
    assert Folder(folder).read("tree/c.webp") == b"tree/c.webp"


def test_a_zip_says_the_same_as_its_folder(folder, tmp_path_factory):
    paths = ("train/horse/b.jpg", "train/horse/a.PNG", "tree/c.webp", "d.dcm", "notes.txt")
    made = zipped(tmp_path_factory.mktemp("zip") / "all.zip", {path: path for path in paths})
    assert collection_at(made).entries() == collection_at(folder).entries()
    assert collection_at(made).read("tree/c.webp") == b"tree/c.webp"
    assert (collection_at(made).name, collection_at(folder).name) == ("all.zip", folder.name)


def test_what_leads_out_of_a_zip_is_passed_over(tmp_path):
    names = ("../a.png", "/etc/b.png", "c/../../d.png", "C:/e.png", "f\\..\\g.png", "__MACOSX/h.png", "good/i.png")
    found, others = Zip(zipped(tmp_path / "bad.zip", dict.fromkeys(names, "x"))).entries()
    assert [entry.path for entry in found] == ["good/i.png"]
    assert others == 6


@pytest.mark.parametrize("path", ["../a", "a/../b", "/a", "C:/a", "a\\b", "a\0b"])
def test_a_path_that_leads_elsewhere_is_not_read(tmp_path, path):
    assert not is_inside(path)
    with pytest.raises(ImageError, match="not there any more"):
        Folder(tmp_path).read(path)


def test_a_file_that_went_away_or_may_not_be_read_or_is_none_is_told(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "dangling.png").symlink_to(tmp_path / "nothing.png")
    entries, _ = Folder(tmp_path).entries()
    assert Entry("dangling.png", 0) in entries
    others = {"pipe.png": "no ordinary", "folder.png": "ordinary|cannot be read", "gone.png": "not there"}
    for path, said in others.items():
        with pytest.raises(ImageError, match=said):
            Folder(tmp_path).read(path)


def test_a_file_that_is_too_large_is_not_read_whole(tmp_path):
    with (tmp_path / "large.png").open("wb") as file:
        file.truncate(3 * MAX_BYTES)
    with pytest.raises(ImageError, match=r"has 45\.0 MB and at most 15 MB"):
        Folder(tmp_path).read("large.png")
    made = zipped(tmp_path / "large.zip", {"large.png": b"\0" * (2 * MAX_BYTES)}, compression=zipfile.ZIP_DEFLATED)
    with pytest.raises(ImageError, match=r"has 30\.0 MB and at most 15 MB"):
        Zip(made).read("large.png")


def test_a_bomb_is_refused_before_anything_is_unpacked(tmp_path):
    members = {f"{i}.png": b"\0" * MAX_BYTES for i in range(10)}
    made = zipped(tmp_path / "bomb.zip", members, compression=zipfile.ZIP_DEFLATED)
    with pytest.raises(AuditError, match="far more than its size"):
        Zip(made)


def test_a_damaged_or_encrypted_member_is_told_and_the_others_are_read(tmp_path):
    made = zipped(tmp_path / "all.zip", {"a.png": b"a" * 100, "b.png": b"b" * 100})
    data = bytearray(made.read_bytes())
    data[data.index(b"a" * 100)] ^= 1
    made.write_bytes(data)
    with pytest.raises(ImageError, match="damaged"):
        Zip(made).read("a.png")
    assert Zip(made).read("b.png") == b"b" * 100
    flags = bytearray(zipped(tmp_path / "locked.zip", {"a.png": b"a"}).read_bytes())
    flags[flags.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "locked.zip").write_bytes(flags)
    with pytest.raises(ImageError, match="encrypted"):
        Zip(tmp_path / "locked.zip").read("a.png")


def test_what_is_no_collection_is_said(tmp_path):
    (tmp_path / "a.txt").write_text("no zip")
    with pytest.raises(AuditError, match=r"a\.txt is no zip"):
        collection_at(tmp_path / "a.txt")
    with pytest.raises(AuditError, match="no folder and no file called b"):
        collection_at(tmp_path / "b")


def test_given_files_are_a_collection_too():
    given = Uploads({"b.png": b"b", "a.png": b"aa"})
    assert given.entries() == ((Entry("a.png", 2), Entry("b.png", 1)), 0)
    assert given.read("a.png") == b"aa"
    with pytest.raises(ImageError):
        given.read("c.png")


def test_a_given_zip_is_a_folder_of_its_name(tmp_path):
    data = zipped(tmp_path / "all.zip", {"top.png": "t", "horse/a.png": "h", "notes.txt": "n"}).read_bytes()
    (tmp_path / "all.zip").unlink()  # it is held, not looked up
    given = Uploads({"b.png": b"b"}, {"photos": Zip(Path("photos.zip"), data)})
    entries, others = given.entries()
    assert [(entry.path, entry.label) for entry in entries] == [
        ("b.png", ""), ("photos/horse/a.png", "horse"), ("photos/top.png", "photos")
    ]  # fmt: skip
    assert others == 1
    assert [given.read(entry.path) for entry in entries] == [b"b", b"h", b"t"]
    for path in ("photos/gone.png", "other/top.png", "photos"):
        with pytest.raises(ImageError, match="not there any more"):
            given.read(path)
    again = pickle.loads(pickle.dumps(given.zips["photos"]))
    assert again.read("top.png") == b"t"
    assert again.is_there()
