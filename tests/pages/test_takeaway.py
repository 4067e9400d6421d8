"""Taking a comparison away and bringing it back, as the page's logic has it; files themselves are in tests/e2e."""

import json

import pytest
import torch

from core import compare, decode_image, load_sample
from core.export.files import npz_of
from core.export.manifest import manifest_of, to_json
from core.ui.export.files import exported
from core.ui.figure.columns import Column
from tests.networks.made_weights import write_random_weights
from tests.pages.opening import HOME, errors, has, open_app, png, query, title, upload, widget
from tests.selecting import select
from tests.ui.made import column, explained, gradient


def said(app):
    return " ".join(text.value for text in (*app.markdown, *app.caption, *app.info))


def made(picture="chelsea", image=None, **more):
    """A manifest of EfficientNet-Lite0 explaining a picture, as JSON."""
    selection, target = select(picture=picture, **more), more.get("target")
    question = selection.question
    comparison = compare(image or load_sample(picture), question.networks, question.rules, target)
    return comparison, manifest_of(comparison, picture, selection.to_query())


def load(app, data, name="limelight.json"):
    return app.file_uploader(key="manifest_file").set_value((name, data, "application/json")).run()


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


@pytest.mark.parametrize("kind", ["json", "npz"])
def test_a_manifest_brings_its_comparison_back_and_every_map_agrees(kind, computed):
    comparison, manifest = made("coffee", rules=("guided",), target=504, reduction="l2")
    data = to_json(manifest).encode() if kind == "json" else npz_of(comparison, manifest)
    app = load(open_app(ask="export"), data, f"limelight.{kind}")
    assert not app.exception
    assert errors(app) == []
    assert query(app) == {"picture": "coffee", "rules": "guided", "class": "504", "reduction": "l2", "ask": "export"}
    assert widget(app, "reduction").value == "l2"
    assert "Espresso" in title(app)
    assert "**1 of 1 maps agree, bit for bit" in said(app)
    assert computed.networks == ["efficientnet_lite0"] * 2  # the first page's, and this one's: nothing a second time


def test_what_changes_after_it_was_loaded_is_said_and_it_can_be_closed():
    app = load(open_app(ask="export"), to_json(made("coffee")[1]).encode())
    assert "2 of 2 maps agree" in said(app)
    widget(app, "rules").set_value(["guided"]).run()
    assert "1 of 2 maps agree" in said(app)
    assert "there is no map any more" in said(app)
    widget(app, "manifest_close").click().run()
    assert "maps agree" not in said(app)
    assert query(app) == {"picture": "coffee", "rules": "guided", "ask": "export"}


def test_another_picture_than_the_manifests_is_said():
    app = load(open_app(ask="export"), to_json(made("coffee")[1]).encode())
    widget(app, "sample").set_value("rocket").run()
    assert any("another picture than the manifest" in error for error in errors(app))


def test_a_manifest_of_an_upload_says_which_file_it_needs_and_is_checked_when_it_comes():
    data = png("blue")
    picture = decode_image(data)
    name = f"upload-{picture.digest[:16]}"
    app = load(open_app(ask="export"), to_json(made(name, picture)[1]).encode())
    assert query(app)["picture"] == name
    assert ["uploads stay with the person" in error for error in errors(app)] == [True]
    assert f"300 × 200 px, sha256 {picture.digest[:16]}" in said(app)
    upload(app, data, "blue.png")
    assert errors(app) == []
    assert "2 of 2 maps agree, bit for bit" in said(app)


def test_a_manifest_survives_a_visit_to_another_page():
    app = load(open_app(ask="export"), to_json(made("coffee")[1]).encode())
    app.switch_page("pages/Methods.py").run()
    app.switch_page(HOME).run()
    assert "2 of 2 maps agree" in said(app)


def test_a_network_that_is_missing_here_is_named_and_the_rest_is_checked(tmp_path, monkeypatch):
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(torch.hub, "_hub_dir", str(tmp_path / "elsewhere"))
        write_random_weights("squeezenet1_1", tmp_path / "elsewhere" / "checkpoints")
        manifest = made("coffee", networks=("efficientnet_lite0", "squeezenet1_1"), rules=("guided",))[1]
    app = load(open_app(ask="export"), to_json(manifest).encode())
    assert not app.exception
    assert "1 of 2 maps agree" in said(app)
    assert "SqueezeNet 1\\.1 is not in this comparison" in said(app)


def test_a_strangers_manifest_changes_nothing_or_only_what_makes_sense():
    app = open_app(ask="export")
    load(app, b"hello")
    assert ["not JSON" in error for error in errors(app)] == [True]
    assert query(app) == {"ask": "export"}
    manifest = json.loads(to_json(made("coffee")[1]))
    manifest["view"] |= {"networks": "nonsense", "opacity": "nan", "evil": "<b>"}
    manifest["versions"]["limelight"] = "9.9"
    load(app, json.dumps(manifest).encode())
    assert not app.exception
    assert errors(app) == []
    assert query(app) == {"picture": "coffee", "ask": "export"}
    assert "The versions differ" in said(app)
