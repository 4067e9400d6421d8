"""An audit from the beginning to the end, broken off, gone on with, and with pictures that are none."""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from PIL import Image

from core import compare, decode_image, lookup
from core.audit.collection import Folder, Zip
from core.audit.run import run
from core.audit.settings import Settings
from core.audit.store import opened
from core.errors import AuditError
from tests.audit.made import fill

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def asked(spec):
    return Settings((spec.name,))


@pytest.fixture(scope="module")
def finished(pictures, spec, asked, tmp_path_factory):
    return run(Folder(pictures), [spec], asked, tmp_path_factory.mktemp("audit") / "out")


def rows_of(store):
    return store.rows().to_table().drop_columns("seconds").sort_by([("network", "ascending"), ("picture", "ascending")])


def test_every_picture_is_a_row_with_what_the_network_says(finished, spec):
    rows = finished.rows().to_table().to_pylist()
    assert len(rows) == 90
    assert len({row["path"] for row in rows}) == 90
    for row in rows:
        assert row["folder"] == row["name"] == row["path"].split("/")[0]  # it tells colours, and all are told
        assert spec.categories[row["label"]] == row["folder"]
        assert row["explained"] == row["label"] == row["target"]
        assert row["probability"] == row["probability_label"]
        assert (row["error"], row["rows"], row["columns"]) == ("", 8, 8)
        assert sum(row["evidence"]) == pytest.approx(1, abs=2e-3)
        assert len(row["digest"]) == 64
    assert finished.about["counts"] == {"done": 90, "failed": 0}
    assert finished.about["found"] == 90


def test_a_row_says_what_compare_says(tmp_path):
    Image.open(io.BytesIO(_cat())).save(tmp_path / "cat.png")
    store = run(Folder(tmp_path), [_lite()], Settings(("efficientnet_lite0",)), tmp_path / "out")
    (row,) = store.rows().to_table().to_pylist()
    found = compare(decode_image((tmp_path / "cat.png").read_bytes()), "efficientnet_lite0").explanations[0]
    assert row["target"] == found.target.index
    assert row["probability"] == pytest.approx(found.target.probability, rel=1e-5)


def _lite():
    return lookup("efficientnet_lite0")


def _cat():
    return (files("skimage") / "data" / "chelsea.png").read_bytes()


def test_thumbnails_are_there_once_a_picture(finished):
    table = finished.thumbnails().to_table().to_pylist()
    assert sorted(row["picture"] for row in table) == list(range(90))
    assert Image.open(io.BytesIO(table[0]["webp"])).size == (64, 64)


def test_the_folder_holds_what_repeats_it_and_no_path_of_the_machine(finished, pictures, spec):
    about = json.loads((finished.root / "audit.json").read_text())
    assert about["settings"]["networks"] == [spec.name]
    assert about["collection"] == pictures.name
    assert set(about["versions"]) >= {"torch", "numpy", "pillow"}
    for file in finished.root.rglob("*"):
        if file.is_file():
            assert str(pictures.parent).encode() not in file.read_bytes(), file
    assert not (finished.root / "parts").exists()
    assert not list(finished.root.rglob("*.part"))


def test_again_with_the_same_folder_asks_nothing_anew(finished, pictures, spec, asked, monkeypatch):
    monkeypatch.setattr("core.audit.run.audited", None)
    assert run(Folder(pictures), [spec], asked, finished.root).about == finished.about


def test_other_settings_are_refused_with_what_differs(finished, pictures, spec, asked):
    with pytest.raises(AuditError, match=r"other settings \(sample is 200, not 50\)"):
        run(Folder(pictures), [spec], replace(asked, sample=50), finished.root)


def test_a_folder_of_something_else_is_left_alone(pictures, spec, asked, tmp_path):
    (tmp_path / "thesis.txt").write_text("dear")
    with pytest.raises(AuditError, match="not empty"):
        run(Folder(pictures), [spec], asked, tmp_path)
    assert [each.name for each in tmp_path.iterdir() if not each.name.startswith(".")] == ["thesis.txt"]


def test_a_zip_gives_the_same_rows_as_its_folder(finished, pictures, spec, asked, tmp_path):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for path in pictures.rglob("*.png"):
            archive.write(path, path.relative_to(pictures))
    store = run(Zip(tmp_path / "all.zip"), [spec], asked, tmp_path / "out")
    assert rows_of(store).equals(rows_of(finished))


def test_broken_off_at_any_part_it_goes_on_and_gives_the_same(finished, pictures, spec, asked, tmp_path):
    class Enough(Exception):
        pass

    def watch(progress):
        seen.append(progress.done)
        if len(seen) == 20:  # after the first part of 64 pictures
            raise Enough

    seen = []
    with pytest.raises(Enough):
        run(Folder(pictures), [spec], asked, tmp_path / "out", watch)
    left = opened(tmp_path / "out")
    assert not left.is_complete
    assert left.rows().count_rows() == 64  # what is done can be read
    seen.clear()
    again = run(Folder(pictures), [spec], asked, tmp_path / "out", seen.append)
    assert seen[0].done == 64
    assert rows_of(again).equals(rows_of(finished))


def test_a_part_that_was_not_finished_is_done_again(pictures, spec, asked, finished, tmp_path):
    class Enough(Exception):
        pass

    def watch(progress):
        if progress.done == 80:
            raise Enough

    with pytest.raises(Enough):
        run(Folder(pictures), [spec], asked, tmp_path / "out", watch)
    (rows,) = (tmp_path / "out" / "parts").glob("rows-*.parquet")
    rows.write_bytes(rows.read_bytes()[:-100])  # as a computer that lost its power may leave it
    (tmp_path / "out" / "parts" / "rows-x.parquet.0123.part").write_bytes(b"half")
    again = run(Folder(pictures), [spec], asked, tmp_path / "out")
    assert rows_of(again).equals(rows_of(finished))
    assert not list((tmp_path / "out").rglob("*.part"))


def test_broken_off_while_it_merges_nothing_is_twice(pictures, spec, asked, finished, tmp_path, monkeypatch):
    from core.audit.store import Store

    def broken(self):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Store, "tidy", broken)  # all is merged and said, and the parts are still there
        with pytest.raises(KeyboardInterrupt):
            run(Folder(pictures), [spec], asked, tmp_path / "out")
    assert list((tmp_path / "out" / "parts").iterdir())
    assert rows_of(opened(tmp_path / "out")).equals(rows_of(finished))
    again = run(Folder(pictures), [spec], asked, tmp_path / "out")
    assert rows_of(again).equals(rows_of(finished))
    assert not (tmp_path / "out" / "parts").exists()


def test_killed_at_any_moment_nothing_is_lost_or_doubled(tmp_path):
    photos = fill(tmp_path / "photos", 24)
    command = [sys.executable, "-m", "core.audit", str(photos), "--networks", "efficientnet_lite0", "--out"]
    command += [str(tmp_path / "out"), "--batch", "4", "--threads", "1", "--rules", "vanilla", "--no-findings"]
    parts = tmp_path / "out" / "parts"
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        while not list(parts.glob("rows-*.parquet")):
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
    assert 64 <= opened(tmp_path / "out").rows().count_rows() < 72
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "72 pictures done" in ended.stderr
    paths = opened(tmp_path / "out").rows().to_table()["path"].to_pylist()
    assert len(paths) == len(set(paths)) == 72


def test_two_at_once_in_one_folder_are_refused(pictures, spec, asked, tmp_path):
    def watch(progress):
        with pytest.raises(AuditError, match="Another audit is writing"):
            run(Folder(pictures), [spec], asked, tmp_path / "out")

    run(Folder(pictures), [spec], replace(asked, sample=1), tmp_path / "out", watch)


def test_a_bad_picture_is_a_row_with_its_sentence_and_the_others_are_whole(pictures, spec, asked, finished, tmp_path):
    photos = shutil.copytree(pictures, tmp_path / "photos")
    (photos / "red" / "bad.png").write_bytes(b"<html>not here</html>")
    (photos / "red" / "empty.png").write_bytes(b"")
    store = run(Folder(photos), [spec], asked, tmp_path / "out")
    by_path = {row["path"]: row for row in store.rows().to_table().to_pylist()}
    assert len(by_path) == 92
    assert by_path["red/bad.png"]["error"].startswith("This is a web page")
    assert by_path["red/empty.png"]["error"].startswith("The file is empty")
    assert by_path["red/empty.png"]["target"] is None
    assert store.about["counts"] == {"done": 92, "failed": 2}
    for row in finished.rows().to_table().to_pylist():
        other = by_path[row["path"]]
        assert row["logit"] == pytest.approx(other["logit"], rel=1e-5)
        np.testing.assert_allclose(row["evidence"], other["evidence"], atol=1e-3)


def test_more_failures_than_allowed_end_it_and_what_was_done_stays(pictures, spec, asked, tmp_path):
    photos = shutil.copytree(pictures, tmp_path / "photos")
    for i in range(3):
        (photos / "red" / f"bad {i}.png").write_bytes(b"none")
    with pytest.raises(AuditError, match="3 pictures could not be used, more than --limit-errors allows"):
        run(Folder(photos), [spec], asked, tmp_path / "out", limit=2)
    store = run(Folder(photos), [spec], asked, tmp_path / "out", limit=3)
    assert store.about["counts"] == {"done": 93, "failed": 3}


def test_a_folder_that_changes_meanwhile_gives_rows(pictures, spec, asked, tmp_path):
    photos = shutil.copytree(pictures, tmp_path / "photos")

    class Changing(Folder):
        def entries(self):
            found = super().entries()
            shutil.rmtree(self.root / "green")
            (self.root / "red" / "000.png").write_bytes(b"other")
            (self.root / "red" / "new.png").write_bytes(b"new")
            return found

    store = run(Changing(photos), [spec], asked, tmp_path / "out")
    errors = {row["path"]: row["error"] for row in store.rows().to_table().to_pylist() if row["error"]}
    assert len(errors) == 31
    assert {text for path, text in errors.items() if path.startswith("green")} == {
        "The file is not there any more: it was moved or deleted while the audit ran."
    }


def test_whole_gradients_are_kept_where_wanted(pictures, spec, asked, tmp_path):
    store = run(Folder(pictures), [spec], replace(asked, sample=2, maps=True), tmp_path / "out")
    (file,) = (store.root / "maps").glob("*.npz")
    with np.load(file) as maps:
        assert maps[f"{spec.name}|vanilla"].shape == (6, 3, 64, 64)
        assert maps[f"{spec.name}|vanilla|pictures"].tolist() == list(range(6))


def test_an_empty_folder_is_said(spec, asked, tmp_path):
    (tmp_path / "none").mkdir()
    with pytest.raises(AuditError, match="no pictures in none"):
        run(Folder(tmp_path / "none"), [spec], asked, tmp_path / "out")


def test_rows_files_are_merged_in_the_order_of_numbers(finished):
    (file,) = (finished.root / "rows").iterdir()
    numbers = pq.read_table(file)["picture"].to_pylist()
    assert numbers == sorted(numbers)


def test_an_audit_of_other_pictures_is_refused_and_one_that_changed_a_little_goes_on(pictures, spec, asked, tmp_path):
    photos = shutil.copytree(pictures, tmp_path / "photos")
    before = run(Folder(photos), [spec], asked, tmp_path / "out")
    shutil.rmtree(photos / "green")
    (photos / "red" / "new.png").write_bytes((photos / "red" / "000.png").read_bytes())
    after = run(Folder(photos), [spec], asked, tmp_path / "out")
    assert (before.changed, after.changed) == (0, 31)
    assert after.entries() == before.entries()
    (tmp_path / "others").mkdir()
    (tmp_path / "others" / "a.png").write_bytes((photos / "red" / "000.png").read_bytes())
    with pytest.raises(AuditError, match=r"audit of other pictures \(photos\)"):
        run(Folder(tmp_path / "others"), [spec], asked, tmp_path / "out")


def test_pictures_that_were_written_to_since_are_said(pictures, spec, asked, tmp_path):
    photos, later = shutil.copytree(pictures, tmp_path / "photos"), time.time() + 60
    assert run(Folder(photos), [spec], asked, tmp_path / "out").changed == 0
    assert run(Folder(photos), [spec], asked, tmp_path / "out").changed == 0
    first, second, *_ = sorted(photos.rglob("*.png"))
    first.write_bytes(second.read_bytes() + b" ")  # of another size
    os.utime(second, (later, later))
    assert run(Folder(photos), [spec], asked, tmp_path / "out").changed == 2
