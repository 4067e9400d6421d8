"""The findings of an audit from end to end: what a cheat leans on, and nothing in an honest network."""

import pytest

from core.audit.collection import Folder
from core.audit.findings import find as module
from core.audit.findings.covering import shared
from core.audit.findings.find import find, findings_of, shown
from core.audit.run import run
from core.audit.settings import Settings
from core.audit.store import alone, opened
from core.errors import AuditError
from tests.audit.made import colours, fill, picture, png

CHEAT, HONEST = "own-000000000000cea7", "own-0000000000000000"


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    return Folder(fill(tmp_path_factory.mktemp("photos"), 40, stamped=2))


@pytest.fixture(scope="module")
def specs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("weights")
    return [colours(folder, CHEAT, cheats=True), colours(folder, HONEST)]


@pytest.fixture(scope="module")
def store(photos, specs, tmp_path_factory):
    store = run(photos, specs, Settings((CHEAT, HONEST)), tmp_path_factory.mktemp("audit") / "out")
    find(store, photos, specs)
    return store


def test_the_stamp_is_found_in_the_cheat_alone(store):
    found = findings_of(store)
    assert [(each.network, each.label) for each in found] == [
        (name, colour) for name in (CHEAT, HONEST) for colour in ("blue", "green", "red")
    ]
    (reds,) = [each for each in found if each.findings]
    assert (reds.network, reds.label, reds.pictures) == (CHEAT, "red", 40)
    (finding,) = reds.findings
    region = finding.suspect.region
    assert (region.left, region.top, region.right, region.bottom) == (0, 0.75, 0.375, 1)  # exactly the stamp
    assert shared(finding.place, region) > 0.7 * 0.25 * 0.375
    assert finding.covered.low > 0
    assert finding.covered.pictures == 40
    assert finding.exchanged.low > 1
    assert not finding.exchanged.mirrored
    assert finding.exchanged.pictures == pytest.approx(20, abs=2)  # those that bear it
    assert finding.likeness.within == pytest.approx(20 * 19 / (40 * 39), abs=0.05)  # half of them are stamped
    assert next(reds.sentences()).startswith("**red** leans on the lower left. Exchanged with")


def test_a_few_without_it_are_control_enough(specs, tmp_path):
    photos = Folder(fill(tmp_path / "photos", 60, stamped=1))
    for i in range(0, 60, 4):
        (photos.root / "red" / f"{i:03d}.png").write_bytes(png(picture("red", i)))
    store = run(photos, specs[:1], Settings((CHEAT,)), tmp_path / "out")
    (reds,) = [each for each in find(store, photos, specs[:1]) if each.findings]
    assert reds.label == "red"
    assert not any(finding.exchanged.mirrored for finding in reds.findings)


def test_the_pixels_tell_it_of_both_since_they_ask_no_network(store):
    told = [each.label for each in findings_of(store) if each.is_told_by_pixels]
    assert told.count("red") == 2


def test_there_is_something_to_look_at(store):
    seen = shown(store, CHEAT, "red")
    assert len(seen["crops"]) == len(next(each for each in findings_of(store) if each.label == "red").regions)
    assert len(seen["crops"][0]) == 12
    assert all(crop.startswith(b"RIFF") for crop in seen["crops"][0])
    assert seen["mean_picture"].startswith(b"RIFF")
    assert len(seen["mean_evidence"]) == seen["rows"] * seen["columns"] == 64
    assert len(seen["pictures"]) == len(seen["x"]) == len(seen["y"]) == len(seen["group"])


def test_again_nothing_is_asked_anew(store, photos, specs, monkeypatch):
    monkeypatch.setattr(module, "audited", None)
    before = (store.root / "findings.json").read_bytes()
    assert find(store, photos, specs) == findings_of(store)
    assert (store.root / "findings.json").read_bytes() == before


def test_it_waits_for_nobody_who_writes_to_the_same_audit(store, photos, specs):
    with alone(store.root), pytest.raises(AuditError, match="Another audit is writing"):
        find(store, photos, specs)


def test_broken_off_it_goes_on_and_finds_the_same(store, photos, specs, tmp_path):
    class Enough(Exception):
        pass

    def watch(progress):
        if progress.done == 2:
            raise Enough

    other = run(photos, specs, Settings((CHEAT, HONEST)), tmp_path / "out")
    with pytest.raises(Enough):
        find(other, photos, specs, watch)
    seen = []
    find(other, photos, specs, seen.append)
    assert seen[0].done == 2
    assert (other.root / "findings.json").read_bytes() == (store.root / "findings.json").read_bytes()


def test_without_folders_pictures_count_to_what_they_are_called(photos, specs, tmp_path):
    settings = Settings((HONEST,), labels="none", sample=0)
    other = run(photos, specs[1:], settings, tmp_path / "out")
    found = find(other, photos, specs[1:])
    assert {each.label for each in found} == {"red", "green", "blue"}
    assert sum(each.pictures for each in found) == 120


def test_pictures_that_went_away_since_are_left_out(photos, specs, tmp_path):
    other = run(photos, specs[:1], Settings((CHEAT,)), tmp_path / "out")
    found = find(other, Folder(tmp_path), specs[:1])
    assert not any(each.findings for each in found)
    assert all(each.covered is each.exchanged is None for one in found for each in one.regions)


def test_an_unfinished_audit_has_no_findings(photos, specs, tmp_path):
    class Enough(Exception):
        pass

    def watch(progress):
        raise Enough

    with pytest.raises(Enough):
        run(photos, specs, Settings((CHEAT, HONEST)), tmp_path / "out", watch)
    with pytest.raises(AuditError, match="not finished"):
        find(opened(tmp_path / "out"), photos, specs)
