"""Taking a comparison away: what is in the files, and what they are called; the clicks are in tests/e2e."""

from core import load_sample
from core.ui.export.files import exported
from core.ui.figure.columns import Column
from tests.opening import has, open_app
from tests.ui.made import column, explained, gradient


def said(app):
    return " ".join(text.value for text in (*app.markdown, *app.caption, *app.info))


def test_what_is_taken_is_what_is_asked_for_and_finite():
    broken = explained("vgg19", maps={"vanilla": gradient(float("inf")), "guided": gradient()})
    waiting = Column("resnet18", "ResNet-18", message="Waiting…")
    columns = [column("alexnet"), Column("vgg19", "VGG-19", explanation=broken), waiting]
    both = exported(columns, ("vanilla", "guided"), load_sample("chelsea"))
    assert [each.network for each in both.explanations] == ["alexnet"]
    guided = exported(columns, ("guided",), load_sample("chelsea"))
    assert [(each.network, list(each.attributions)) for each in guided.explanations] == [
        ("alexnet", ["guided"]), ("vgg19", ["guided"]),
    ]  # fmt: skip


def test_every_file_is_offered_by_a_name_that_says_what_it_is():
    app = open_app(ask="export")
    assert not app.exception
    assert [button.label for button in app.get("download_button")] == [
        "Web page, HTML", "Maps, NPZ", "Manifest, JSON", "Predictions, CSV",
    ]  # fmt: skip


def test_without_a_map_there_is_nothing_to_take_and_a_manifest_can_still_be_loaded():
    app = open_app(ask="export", networks="alexnet")  # whose weights are missing
    assert not app.exception
    assert len(app.get("download_button")) == 0
    assert "nothing to take away until a map is here" in said(app)
    assert has(app, "manifest_file")
