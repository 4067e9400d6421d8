"""Manifests: in files that strangers may have made, and what loading one brings back."""

import hashlib
import io
import json
import zipfile

import numpy as np
import pytest
import torch

from core import compare, decode_image, load_sample
from core.errors import ManifestError
from core.export.files import npz_of
from core.export.manifest import manifest_of, to_json
from core.export.manifest.reading import MAX_BYTES
from core.images.apart.ask import anonymous
from core.ui.export.manifest import manifest_in
from tests.images.apart.made_pictures import dicom
from tests.networks.made_weights import write_random_weights
from tests.opening import HOME, captions, errors, open_app, png, query, title, upload, widget
from tests.selecting import select


@pytest.fixture(scope="module")
def made():
    comparison = compare(load_sample("chelsea"), ["efficientnet_lite0"], rules=("guided",))
    return comparison, manifest_of(comparison, "chelsea", {"rules": "guided"})


def test_a_manifest_is_found_in_its_own_file_and_in_an_npz(made):
    comparison, manifest = made
    from_json, from_npz = manifest_in(to_json(manifest).encode()), manifest_in(npz_of(comparison, manifest))
    assert from_json == from_npz
    assert from_json.view == {"rules": "guided"}


def zipped(name, content):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def npy(array, **how):
    buffer = io.BytesIO()
    np.save(buffer, array, **how)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "not JSON"),
        (b"{}", "no manifest"),
        (b"\x89PNG....", "not JSON"),
        (b"PK\x03\x04 nothing", "no manifest"),
        (zipped("other.npy", b""), "no manifest"),
        (zipped("manifest.json.npy", b"{}"), "no manifest"),
        (zipped("manifest.json.npy", npy(np.frombuffer(b"[1]", np.uint8))), "no manifest"),
        (zipped("manifest.json.npy", npy(np.array([{"a": 1}], object), allow_pickle=True)), "not JSON"),
        (zipped("manifest.json.npy", npy(np.zeros(MAX_BYTES * 3, np.uint8))), "more than|not JSON"),
    ],
)
def test_a_file_without_a_manifest_is_refused_in_a_sentence(data, sentence):
    with pytest.raises(ManifestError, match=sentence):
        manifest_in(data)


def said(app):
    return " ".join(text.value for text in (*app.markdown, *app.caption, *app.info))


def compared(picture="chelsea", image=None, **more):
    """A manifest of EfficientNet-Lite0 explaining a picture, as JSON."""
    selection, target = select(picture=picture, **more), more.get("target")
    question = selection.question
    comparison = compare(image or load_sample(picture), question.networks, question.rules, target)
    return comparison, manifest_of(comparison, picture, selection.to_query())


def load(app, data, name="limelight.json"):
    return app.file_uploader(key="manifest_file").set_value((name, data, "application/json")).run()


@pytest.mark.parametrize("kind", ["json", "npz"])
def test_a_manifest_brings_its_comparison_back_and_every_map_agrees(kind, computed):
    comparison, manifest = compared("coffee", rules=("guided",), target=504, reduction="l2")
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
    app = load(open_app(ask="export"), to_json(compared("coffee")[1]).encode())
    assert "2 of 2 maps agree" in said(app)
    widget(app, "rules").set_value(["guided"]).run()
    assert "1 of 2 maps agree" in said(app)
    assert "there is no map any more" in said(app)
    widget(app, "manifest_close").click().run()
    assert "maps agree" not in said(app)
    assert query(app) == {"picture": "coffee", "rules": "guided", "ask": "export"}


def test_networks_may_come_in_another_order(tmp_path):
    write_random_weights("squeezenet1_1", tmp_path / "hub" / "checkpoints")
    _, manifest = compared(networks=("squeezenet1_1", "efficientnet_lite0"), rules=("vanilla",))
    app = load(open_app(ask="export"), to_json(manifest).encode())
    assert "2 of 2 maps agree" in said(app)
    assert "This is the comparison of the manifest" in captions(app)


def test_what_the_page_shows_beyond_a_manifest_is_not_called_its_comparison():
    app = load(open_app(ask="export"), to_json(compared("coffee")[1]).encode())
    assert "This is the comparison of the manifest, made on" in captions(app)
    widget(app, "reduction").set_value("sum").run()
    assert "2 of 2 maps agree" in said(app)
    assert "This is the comparison" not in captions(app)
    assert "it shows more, or shows it otherwise" in captions(app)


def test_another_picture_than_the_manifests_is_said():
    app = load(open_app(ask="export"), to_json(compared("coffee")[1]).encode())
    widget(app, "sample").set_value("rocket").run()
    assert any("another picture than the manifest" in error for error in errors(app))


def test_a_manifest_of_a_patients_file_names_it_by_the_digest_that_its_owner_can_check():
    data = dicom(np.arange(300 * 200, dtype=np.uint16).reshape(200, 300), BitsStored=16)
    picture, digest = decode_image(anonymous(data)), hashlib.sha256(data).hexdigest()
    app = load(open_app(ask="export"), to_json(compared(f"upload-{digest[:16]}", picture)[1]).encode())
    assert f"300 × 200 px as shown, sha256 {digest[:16]}…" in said(app)
    upload(app, data, "radiograph.dcm")
    assert errors(app) == []
    assert "2 of 2 maps agree, bit for bit" in said(app)


def test_a_manifest_of_an_upload_says_which_file_it_needs_and_is_checked_when_it_comes():
    data = png("blue")
    picture = decode_image(data)
    name = f"upload-{picture.digest[:16]}"
    app = load(open_app(ask="export"), to_json(compared(name, picture)[1]).encode())
    assert query(app)["picture"] == name
    assert ["uploads end with the visit" in error for error in errors(app)] == [True]
    assert f"300 × 200 px as shown, sha256 {picture.digest[:16]}" in said(app)
    upload(app, data, "blue.png")
    assert errors(app) == []
    assert "2 of 2 maps agree, bit for bit" in said(app)


def test_a_manifest_survives_a_visit_to_another_page():
    app = load(open_app(ask="export"), to_json(compared("coffee")[1]).encode())
    app.switch_page("pages/Methods.py").run()
    app.switch_page(HOME).run()
    assert "2 of 2 maps agree" in said(app)


def test_a_network_that_is_missing_here_is_named_and_the_rest_is_checked(tmp_path, monkeypatch):
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(torch.hub, "_hub_dir", str(tmp_path / "elsewhere"))
        write_random_weights("squeezenet1_1", tmp_path / "elsewhere" / "checkpoints")
        manifest = compared("coffee", networks=("efficientnet_lite0", "squeezenet1_1"), rules=("guided",))[1]
    app = load(open_app(ask="export"), to_json(manifest).encode())
    assert not app.exception
    assert "1 of 2 maps agree" in said(app)
    assert "SqueezeNet 1\\.1 is not in this comparison" in said(app)


def test_a_strangers_manifest_changes_nothing_or_only_what_makes_sense():
    app = open_app(ask="export")
    load(app, b"hello")
    assert ["not JSON" in error for error in errors(app)] == [True]
    assert query(app) == {"ask": "export"}
    manifest = json.loads(to_json(compared("coffee")[1]))
    manifest["view"] |= {"networks": "nonsense", "opacity": "nan", "evil": "<b>"}
    manifest["versions"]["limelight"] = "9.9"
    load(app, json.dumps(manifest).encode())
    assert not app.exception
    assert errors(app) == []
    assert query(app) == {"picture": "coffee", "ask": "export"}
    assert "The versions differ" in said(app)
