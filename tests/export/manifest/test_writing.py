"""A manifest says what was computed, from what, and by what."""

import hashlib
import json
import platform
import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import numpy as np
import pytest

from core.errors import ManifestError, UnknownNetwork
from core.explanation import Comparison
from core.export.manifest import manifest_of, read_manifest, to_json, writing
from core.images.framing import frame
from core.networks.catalogue import lookup
from core.networks.weights.places import weights_path
from tests.export.manifest.conftest import NAME
from tests.selecting import select
from tests.ui.made import explained

OWN = "own-0123456789abcdef"


def made(cat, fit="crop", **given):
    """A comparison of one explanation made by hand, but for its framing."""
    _, framing = frame(cat, lookup(NAME).recipe, fit)
    return Comparison(cat, (explained(NAME, framing=framing, **given),))


def test_it_is_plain_json(written):
    assert json.loads(to_json(written)) == written
    assert to_json(written).isascii()


def test_the_picture_is_named_by_its_bytes(written, cat):
    assert written["picture"] == {
        "digest": cat.digest, "size": list(cat.size), "source": "chelsea", "digest_of": "the file",
    }  # fmt: skip


def test_of_a_picture_without_patient_data_it_says_that_the_digest_is_of_that(cat):
    stripped = replace(cat, digest_of="the picture without patient data")
    view = select(target=281).to_query()
    manifest = read_manifest(to_json(manifest_of(made(stripped), "upload-1", view)))
    assert manifest.picture.digest_of == "the picture without patient data"


def test_the_weights_are_named_by_all_their_bytes(written):
    path = weights_path(lookup(NAME))
    assert written["networks"][0]["weights"] == {
        "file": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "bytes": path.stat().st_size,
        "url": lookup(NAME).weights.url,
    }


@pytest.mark.parametrize("rule", ["vanilla", "guided"])
def test_a_map_is_named_by_its_bytes_and_described_by_its_values(written, comparison, rule):
    recorded, values = written["networks"][0]["attributions"][rule], comparison[NAME, rule].attribution
    assert recorded["shape"] == [3, 224, 224]
    assert recorded["dtype"] == "float32"
    assert recorded["sha256"] == hashlib.sha256(b"".join(values.astype("<f4"))).hexdigest()
    assert (recorded["min"], recorded["max"]) == (values.min(), values.max())
    assert recorded["magnitude"] == pytest.approx(np.abs(values.astype(np.float64)).sum())


def test_it_says_how_the_picture_was_prepared(written, comparison):
    network, framing = written["networks"][0], comparison.explanations[0].framing
    assert network["framing"] == {"side": 224, "scale": list(framing.scale), "offset": list(framing.offset)}
    assert network["recipe"]["interpolation"] == "bicubic"
    assert network["seen"] == hashlib.sha256(comparison.explanations[0].seen.tobytes()).hexdigest()


def test_it_says_what_the_network_said(written, comparison):
    network, explanation = written["networks"][0], comparison.explanations[0]
    assert [prediction["name"] for prediction in network["top"]] == [each.name for each in explanation.top]
    assert network["target"] == network["top"][0]
    assert network["target"]["logit"] == explanation.target.logit
    assert network["coverage"]["gated"] == network["coverage"]["total"] == 33
    assert network["device"] == "cpu"


def test_what_was_asked_for_is_in_it_and_the_view_too(cat):
    view = select(target=281, reduction="l2", colours="gray").to_query()
    written = manifest_of(made(cat), "https://example.com/cat.jpg", view)
    assert (written["target"], written["fit"], written["reduction"]) == (281, "crop", "l2")
    assert written["view"] == view
    assert written["picture"]["source"] == "https://example.com/cat.jpg"
    assert written["rules"] == ["vanilla", "guided"]


@pytest.mark.parametrize("fit", ["crop", "squash", "pad"])
def test_every_fit_is_recognised(cat, fit):
    assert manifest_of(made(cat, fit), "chelsea", {"fit": fit})["fit"] == fit


def test_a_refused_rule_is_there_with_its_reason(cat):
    maps = {"vanilla": np.ones((3, 4, 4), np.float32)}
    written = manifest_of(made(cat, maps=maps, refused={"guided": "It has no ReLU."}), "chelsea", {})
    assert written["rules"] == ["vanilla", "guided"]
    assert written["networks"][0]["refused"] == {"guided": "It has no ReLU."}


def test_it_says_when_it_was_written(cat):
    at = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
    assert manifest_of(made(cat), "chelsea", {}, created=at)["created"] == "2026-02-03T04:05:06+00:00"
    before = datetime.now(UTC).replace(microsecond=0)
    now = datetime.fromisoformat(manifest_of(made(cat), "chelsea", {})["created"])
    assert before <= now <= datetime.now(UTC)


def test_it_names_limelights_version_and_those_of_the_libraries(written):
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())["project"]
    assert written["versions"]["limelight"] == project["version"]
    assert written["versions"]["python"] == platform.python_version()
    assert set(written["versions"]) >= {"torch", "torchvision", "numpy", "pillow", "streamlit"}


def test_streamlit_is_left_out_where_it_is_not_installed(monkeypatch):
    def installed(name):
        if name == "streamlit":
            raise PackageNotFoundError(name)
        return "1.0"

    monkeypatch.setattr(writing, "version", installed)
    assert "streamlit" not in writing.versions()


@pytest.mark.parametrize(
    ("view", "fact"),
    [({"class": "207"}, "indices=.207,.*explains 281"), ({"fit": "pad"}, "not made with fit 'pad'")],
)
def test_a_view_of_another_comparison_is_a_mistake(cat, view, fact):
    with pytest.raises(ValueError, match=fact):
        manifest_of(made(cat), "chelsea", view)


def test_a_comparison_of_nothing_is_a_mistake(cat):
    with pytest.raises(ValueError, match="nothing"):
        manifest_of(Comparison(cat, ()), "chelsea", {})


@pytest.mark.parametrize("value", [np.inf, np.nan])
def test_maps_that_are_no_numbers_are_refused_in_a_sentence(cat, value):
    maps = {"vanilla": np.full((3, 4, 4), value, np.float32)}
    with pytest.raises(ManifestError, match="vanilla map of Efficientnet_Lite0 holds infinities"):
        manifest_of(made(cat, maps=maps), "chelsea", {})


def test_a_checkpoint_of_ones_own_is_found_by_whoever_knows_it(cat):
    own = replace(lookup(NAME), name=OWN)
    comparison = Comparison(cat, (replace(made(cat).explanations[0], network=OWN, title="Mine"),))
    with pytest.raises(UnknownNetwork):
        manifest_of(comparison, "chelsea", {})
    written = manifest_of(comparison, "chelsea", {}, lookup={OWN: own}.__getitem__)
    assert read_manifest(to_json(written)).networks[0].title == "Mine"


def test_two_networks_are_two_records_in_their_order(cat, comparison):
    second = replace(comparison.explanations[0], network="alexnet", title="AlexNet")
    written = manifest_of(Comparison(cat, (*comparison.explanations, second)), "chelsea", {})
    assert [network["name"] for network in written["networks"]] == [NAME, "alexnet"]
