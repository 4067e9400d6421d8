"""The format: manifests that are on people's disks have these keys."""

from dataclasses import fields

import pytest

from core.export.manifest.records import (
    FramingRecord,
    Manifest,
    MapRecord,
    NetworkRecord,
    PictureRecord,
    WeightsRecord,
)
from core.networks.coverage import Coverage
from core.values import Prediction, Recipe

WRITTEN = {
    Manifest: "created picture networks rules target fit reduction versions view",
    PictureRecord: "digest size source",
    NetworkRecord: "name title weights recipe framing seen target top coverage device refused attributions",
    WeightsRecord: "file sha256 bytes url",
    FramingRecord: "side scale offset",
    MapRecord: "shape dtype sha256 min max magnitude samples",
    Recipe: "resize crop interpolation mean std",
    Prediction: "index name logit probability",
    Coverage: "gated total kinds idle",
}


@pytest.mark.parametrize("record", WRITTEN, ids=lambda record: record.__name__)
def test_what_was_written_before_can_still_be_found(record):
    assert set(WRITTEN[record].split()) <= {field.name for field in fields(record)}


def of_networks(*names, view):
    """A manifest of which only the networks' names and the view matter."""
    picture = PictureRecord("0" * 64, (1, 1), "chelsea")
    weights, framing = WeightsRecord("file", None, None, ""), FramingRecord(1, (1, 1), (0, 0))
    recipe, target = Recipe(1, 1, "bilinear", (0, 0, 0), (1, 1, 1)), Prediction(0, "tench", 0, 1)
    rest = (weights, recipe, framing, "", target, (target,), Coverage(0, 0, ()), "cpu", {}, {})
    networks = tuple(NetworkRecord(name, name.title(), *rest) for name in names)
    return Manifest("2026-02-03T04:05:06+00:00", picture, networks, (), None, "crop", "max_abs", {}, view)


def test_the_address_is_the_view():
    assert of_networks("vgg19", view={"networks": "alexnet"}).query == {"networks": "alexnet"}


def test_of_an_empty_view_the_address_names_the_networks_in_their_order():
    assert of_networks("vgg19", "alexnet", view={}).query == {"networks": "vgg19,alexnet"}
