"""The Audit page: who may give what, what was found, and a row that opens on Compare."""

import io
import shutil
import time
import zipfile

import pytest

from core.audit.collection import Folder
from core.audit.findings.find import find, findings_of
from core.audit.questions import as_csv
from core.audit.run import run
from core.audit.settings import Settings
from core.selection import Selection
from core.ui.audit import source, table
from tests.audit.made import colours, fill, picture, png
from tests.opening import captions, errors, has, open_app, widget

PAGE = "pages/Audit.py"
CHEAT, HONEST = "own-000000000000cea7", "own-0000000000000000"


@pytest.fixture(scope="module")
def audit(tmp_path_factory):
    """A finished audit, the folder of its pictures, and its networks."""
    photos = fill(tmp_path_factory.mktemp("photos"), 24, stamped=2)
    (photos / "red" / "bad.png").write_bytes(b"none")
    weights = tmp_path_factory.mktemp("weights")
    specs = {spec.name: spec for spec in (colours(weights, CHEAT, cheats=True), colours(weights, HONEST))}
    store = run(Folder(photos), list(specs.values()), Settings(tuple(specs)), tmp_path_factory.mktemp("audit") / "out")
    find(store, Folder(photos), list(specs.values()))
    return store, photos, specs


@pytest.fixture
def trusted(monkeypatch):
    monkeypatch.setenv("LIMELIGHT_TRUSTED", "1")


def opened(audit, *, with_pictures=True, **address):
    store, photos, specs = audit
    app = open_app(PAGE, **address)
    app.session_state["own_networks"] = dict(specs)
    widget(app, "audit_source").set_value("open").run()
    widget(app, "audit_path").set_value(f'"{store.root}"')
    if with_pictures:
        widget(app, "audit_pictures").set_value(str(photos))
    return widget(app, "audit_open").click().run()


def said(app):
    return " ".join(each.value for each in app.markdown)


def test_strangers_may_have_the_demonstration_and_give_files_but_read_no_folder():
    app = open_app(PAGE)
    assert list(widget(app, "audit_source").options) == ["Demonstration", "Your pictures"]
    assert "240 drawn scenes" in captions(app)
    assert "Folders of this computer are not read" in captions(app)


def test_a_finding_is_said_with_its_crops_and_of_the_other_network_there_is_none(audit, trusted):
    app = opened(audit)
    assert not app.exception
    assert {each.label: each.value for each in app.metric} == {
        "Pictures": "73", "Not usable": "1", "Classes asked": "6", "Findings": "1",
    }  # fmt: skip
    assert "**red** leans on the lower left. Exchanged with" in said(app)
    crops = [each.proto.body for each in app.get("html") if "lime-crops" in each.proto.body]
    assert crops[0].count("<img") == 12
    assert 'alt="Crop 1 of red"' in crops[0]
    widget(app, "audit_network").set_value(HONEST).run()
    assert "leans on the lower left." not in said(app)
    assert any("0 classes with findings" in each.value for each in app.subheader)


def test_the_table_is_filtered_and_sorted(audit, trusted):
    app = opened(audit)
    (table,) = app.dataframe
    assert len(table.value) == 72
    widget(app, "audit_kind").set_value("failed").run()
    (row,) = app.dataframe[0].value.to_dict("records")
    assert row["path"] == "red/bad.png"
    assert row["error"].startswith("This is")
    widget(app, "audit_kind").set_value("all").run()
    widget(app, "audit_label").set_value("blue").run()
    widget(app, "audit_order").set_value("unsure").run()
    shown = app.dataframe[0].value
    assert set(shown["folder"]) == {"blue"}
    assert shown["probability"].is_monotonic_increasing


def test_without_its_pictures_it_says_how_to_compare(audit, trusted):
    assert "Open the audit with the folder of its pictures" in captions(opened(audit, with_pictures=False))


def test_an_audit_is_opened_beside_its_own_pictures_alone(audit, trusted, tmp_path):
    store, photos, specs = audit
    shutil.copytree(photos, tmp_path / "copied", copy_function=shutil.copy)  # with times of now
    assert not opened((store, tmp_path / "copied", specs)).warning
    (tmp_path / "copied" / "red" / "bad.png").unlink()
    next((tmp_path / "copied" / "blue").iterdir()).write_bytes(b"another one")
    (warning,) = opened((store, tmp_path / "copied", specs)).warning
    assert warning.value.startswith("2 of its pictures are gone or of another size")
    app = opened((store, photos / "red", specs))
    assert errors(app) == [
        f"These are not the pictures of this audit, which is of 73 pictures in {photos.name}: choose those, or leave "
        "them out."
    ]
    assert not app.dataframe


@pytest.mark.parametrize(
    ("path", "problem"), [("", "Type the path"), ("/nowhere/here", "here holds no audit"), ("photos", "holds no audit")]
)
def test_what_is_no_audit_is_said(audit, trusted, path, problem):
    app = open_app(PAGE)
    widget(app, "audit_source").set_value("open").run()
    widget(app, "audit_path").set_value(str(audit[1]) if path == "photos" else path)
    widget(app, "audit_open").click().run()
    assert problem in errors(app)[0]


def test_whoever_lost_the_servers_trust_meanwhile_opens_nothing(audit, trusted, monkeypatch):
    app = open_app(PAGE)
    widget(app, "audit_source").set_value("open").run()
    widget(app, "audit_path").set_value(str(audit[0].root))
    monkeypatch.setenv("LIMELIGHT_TRUSTED", "0")
    widget(app, "audit_open").click().run()
    assert "Folders of this computer are not read" in errors(app)[0]
    assert not app.metric


def test_a_running_audit_is_ended_by_nothing_but_stop(audit, trusted, monkeypatch):
    begun = []

    class Slow:
        has_ended, share, said, store, problem = False, 0.5, "1 of 2 pictures", None, ""

        def __init__(self, *asked):
            begun.append(self)

        def stop(self):
            self.has_ended = True

    monkeypatch.setattr(source, "Job", Slow)
    app = open_app(PAGE)
    widget(app, "audit_begin").click().run()
    assert widget(app, "audit_begin").disabled
    in_haste(widget(app, "audit_begin")).run()
    widget(app, "audit_source").set_value("open").run()
    widget(app, "audit_path").set_value(str(audit[0].root))
    assert widget(app, "audit_open").disabled
    in_haste(widget(app, "audit_open")).run()
    (job,) = begun
    assert app.session_state["audit_job"] is job
    job.stop()
    widget(app.run(), "audit_open").click().run()
    assert app.session_state["audit_job"] is None
    assert app.metric


def test_given_files_are_audited(tmp_path):
    app = open_app(PAGE)
    app.session_state["own_networks"] = {CHEAT: colours(tmp_path, CHEAT)}
    widget(app, "audit_source").set_value("files").run()
    widget(app, "audit_networks").set_value([CHEAT])
    widget(app, "audit_begin").click().run()
    assert errors(app) == ["Give some pictures first."]
    files = [(f"{i}.png", png(picture("red", i)), "image/png") for i in range(3)]
    app.file_uploader(key="audit_files").set_value(files)  # in haste: the page was not drawn with them
    widget(app, "audit_networks").set_value([CHEAT])
    audit_to_the_end(app)
    assert {each.label: each.value for each in app.metric}["Pictures"] == "3"
    assert "fewer than 20 pictures, which is too few" in captions(app)


def in_haste(button):
    """Clicked before the page says that it is disabled."""
    button.proto.disabled = False
    return button.click()


def audit_to_the_end(app):
    """Begin, wait, and give what it found."""
    widget(app, "audit_begin").click().run()
    job = app.session_state["audit_job"]
    while not job.has_ended:
        time.sleep(0.05)
    app.run()
    assert not app.exception
    assert errors(app) == []
    return job.store


def test_too_many_files_are_refused_with_the_limit(monkeypatch):
    monkeypatch.setattr(source, "MOST_FILES", 1)
    app = open_app(PAGE)
    widget(app, "audit_source").set_value("files").run()
    app.file_uploader(key="audit_files").set_value(
        [(f"{i}.png", png(picture("red", i)), "image/png") for i in range(2)]
    )
    app.run()
    widget(app, "audit_begin").click().run()
    assert "At most 1 picture and 100 MB are taken at once" in errors(app)[0]


def test_a_given_zip_has_labels_and_what_is_none_is_said(tmp_path, audit):
    """Anybody may give one, so that an audit with labels needs no folder of the server's."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        for path in sorted(audit[1].rglob("*.png")):
            made.write(path, path.relative_to(audit[1]))
    app = open_app(PAGE)
    app.session_state["own_networks"] = {CHEAT: colours(tmp_path, CHEAT)}
    widget(app, "audit_source").set_value("files").run()
    widget(app, "audit_networks").set_value([CHEAT])
    app.file_uploader(key="audit_files").set_value([("photos.zip", b"no zip", "application/zip")])
    widget(app, "audit_begin").click().run()
    assert errors(app) == ["photos.zip is no zip archive that can be read: make it anew."]
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()
    app.file_uploader(key="audit_files").set_value([("empty.zip", empty.getvalue(), "application/zip")])
    widget(app, "audit_begin").click().run()
    assert errors(app) == ["There are no pictures in what you gave: give others, or a zip with some in it."]
    app.file_uploader(key="audit_files").set_value([("photos.zip", archive.getvalue(), "application/zip")])
    assert {each.label for each in findings_of(audit_to_the_end(app))} >= {"red", "green", "blue"}


def test_no_network_is_said(trusted, audit):
    app = open_app(PAGE)
    widget(app, "audit_source").set_value("folder").run()
    widget(app, "audit_folder").set_value(str(audit[1]))
    widget(app, "audit_networks").set_value([])
    widget(app, "audit_begin").click().run()
    assert errors(app) == ["Choose a network first."]
    assert not has(app, "audit_stop")


def test_rows_are_a_table_for_other_programs(audit):
    lines = as_csv(audit[0]).decode().splitlines()
    assert len(lines) == 1 + 2 * 73
    assert "evidence" not in lines[0]
    assert "vanilla" not in lines[0]
    assert lines[0].endswith(',"outputs"')
    assert all(line.endswith(',"softmax"') for line in lines[1:])
    assert lines[0].startswith('"picture","path","folder","digest","network"')


def test_pictures_that_changed_since_are_said_and_in_no_folder_of_ones_own_audited_anew(audit, trusted, tmp_path):
    _, _, specs = audit
    photos = fill(tmp_path / "photos", 3)

    def audited(out):
        app.switch_page(PAGE).run()
        widget(app, "audit_source").set_value("folder").run()
        widget(app, "audit_folder").set_value(str(photos))
        widget(app, "audit_networks").set_value([HONEST])
        widget(app, "audit_out").set_value(out)
        store = audit_to_the_end(app)
        return [warning.value for warning in app.warning], store.root

    app = open_app(PAGE)
    app.session_state["own_networks"] = dict(specs)
    named, (nothing, first) = str(tmp_path / "out"), audited("")
    assert nothing == []
    assert audited(named)[0] == []
    changed = next(photos.rglob("*.png"))
    changed.write_bytes(changed.read_bytes() + b" ")
    (warned,), _ = audited(named)
    assert warned.startswith("1 picture came, went or changed since this audit was begun")
    nothing, second = audited("")
    assert (nothing, second != first) == ([], True)


@pytest.fixture
def ticked(monkeypatch):
    """The first row of a table."""
    real = table.st.dataframe

    def with_tick(*arguments, **given):
        real(*arguments, **given)
        return {"selection": {"rows": [0]}}

    monkeypatch.setattr(table.st, "dataframe", with_tick)


def test_a_row_opens_as_the_audit_asked(audit, trusted, ticked, monkeypatch):
    app = opened(audit, networks="alexnet", fit="pad", window="3,9")
    gone_to = []
    monkeypatch.setattr(table.st, "switch_page", lambda page, query_params: gone_to.append(query_params))
    widget(app, "audit_compare").click().run()
    assert errors(app) == []
    (asked,) = map(Selection.from_query, gone_to)
    assert asked.question.networks == (CHEAT, HONEST)
    assert (asked.question.fit, asked.window) == ("crop", None)


def test_a_row_of_a_network_that_is_not_in_this_session_says_so(audit, trusted, ticked):
    app = opened((audit[0], audit[1], {}))
    widget(app, "audit_compare").click().run()
    assert not app.exception
    assert "files end with the visit that loaded them" in errors(app)[0]
