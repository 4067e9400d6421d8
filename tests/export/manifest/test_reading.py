"""A manifest may come from anybody: it is read in full, or refused in a sentence."""

import base64
import json
from copy import deepcopy

import numpy as np
import pytest

from core.errors import ManifestError
from core.export.manifest import read_manifest, to_json
from core.export.manifest.reading import MAX_BYTES
from core.selection import Selection
from tests.export.manifest.conftest import NAME
from tests.selecting import select

GONE = object()
NEWER = ("digest_of", "idle", "outputs", "squash", "tests")  # keys that older manifests do not have
JUNK = (None, True, -1, 10**400, 1e308, "", "?", "\ud800", [], [1], {}, {"a": "b"})


def changed(written, path, value):
    """The JSON with one value replaced, or without it if it is GONE; path: keys and indices, with dots between."""
    copy = deepcopy(written)
    *way, last = [int(step) if step.isdecimal() else step for step in path.split(".")]
    part = copy
    for step in way:
        part = part[step]
    if value is GONE:
        del part[last]
    else:
        part[last] = value
    return json.dumps(copy)


def paths(part, before=()):
    """Every path of a JSON value, in the writing of `changed`."""
    items = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for step, inner in items:
        path = (*before, str(step))
        yield ".".join(path)
        yield from paths(inner, path)


def test_all_that_is_needed_comes_back(manifest, written, cat, comparison):
    (network,), (explanation,) = manifest.networks, comparison.explanations
    assert manifest.picture.digest == cat.digest
    assert (network.name, network.target, network.top) == (NAME, explanation.target, explanation.top)
    assert network.coverage == explanation.coverage
    assert network.framing.offset == explanation.framing.offset
    assert network.weights.sha256 == written["networks"][0]["weights"]["sha256"]
    assert network.attributions["guided"].max == comparison[NAME, "guided"].attribution.max()
    assert (manifest.rules, manifest.target, manifest.fit, manifest.reduction) == (
        ("vanilla", "guided"), None, "crop", "max_abs",
    )  # fmt: skip


def test_the_view_leads_back_to_the_selection(written):
    chosen = select(networks=("vgg19",), rules=("guided",), target=207, show="overlay", opacity=0.5)
    read = read_manifest(changed(written, "view", chosen.to_query()))
    assert Selection.from_query(read.view) == chosen


@pytest.mark.parametrize("encode", [str.encode, lambda text: text.encode("utf-8-sig"), str])
def test_text_is_read_as_bytes_are_with_and_without_a_byte_order_mark(written, manifest, encode):
    assert read_manifest(encode(to_json(written))) == manifest


def test_keys_that_are_not_known_are_ignored(written, manifest):
    copy = deepcopy(written)
    for part in (copy, copy["format"], copy["picture"], copy["networks"][0], copy["networks"][0]["weights"]):
        part["added by a later version"] = {"what": ["ever"]}
    assert read_manifest(json.dumps(copy)) == manifest


def test_a_newer_format_is_refused_and_says_so(written):
    with pytest.raises(ManifestError, match="newer Limelight: update"):
        read_manifest(changed(written, "format.version", 2))


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("", "not JSON"),
        ("limelight", "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        (b"\x89PNG\r\n", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ('{"format": ' + "9" * 5000, "not JSON"),
        ("null", "no manifest"),
        ("[]", "no manifest"),
        ("{}", "no manifest"),
        ('{"format": {"name": "another", "version": 1}}', "no manifest"),
        ('{"format": {"name": "limelight-comparison"}}', r"format\.version is missing or is not a whole number"),
        ('{"format": {"name": "limelight-comparison", "version": 1}}', "created is missing or is not text"),
        (" " * (MAX_BYTES + 1), "more than 4 MB"),
    ],
)
def test_what_is_no_manifest_is_refused_in_a_sentence(text, fact):
    with pytest.raises(ManifestError, match=fact) as caught:
        read_manifest(text)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    ("path", "value", "fact"),
    [
        ("created", "yesterday", "created is no time"),
        ("created", "0001-01-01T00:00:00+14:00", "created is no time"),  # in UTC there is no such day
        ("created", "2026-02-03T04:05:06", "created is no time"),
        ("picture.digest", "ABC", "picture.digest is no sha256"),
        ("picture.digest_of", "<b>", "picture.digest_of is no plain words"),
        ("picture.size", [451], r"picture\.size is missing or is not a list of 2"),
        ("networks", [], "no network, or too many"),
        ("networks", {}, "networks is missing or is not a list"),
        ("rules", [], "no gradient, or one twice"),
        ("rules", ["vanilla", "vanilla"], "no gradient, or one twice"),
        ("rules", ["vanilla", "guided", "newest"], "gradient that this version does not know"),
        ("rules", ["vanilla"], r"networks\[0\] holds a map that was not asked for"),
        ("target", -1, "target is no class"),
        ("target", 1.5, "target is missing or is not a whole number"),
        ("target", True, "target is missing or is not a whole number"),
        ("fit", "stretch", "fit that this version does not know"),
        ("reduction", "mean", "reduction that this version does not know"),
        ("versions.torch", "<b>2</b>", "versions holds something else"),
        ("view", {"class": 3}, r"view\[0\] is missing or is not text"),
        ("networks.0.name", "../../etc/passwd", r"networks\[0\]\.name is no name"),
        ("networks.0.title", "\ud800", r"networks\[0\]\.title is missing or is not text"),
        ("networks.0.device", "**cpu**", r"networks\[0\]\.device is no device"),
        ("networks.0.seen", "0", r"networks\[0\]\.seen is no sha256"),
        ("networks.0.weights.sha256", "0", r"networks\[0\]\.weights\.sha256 is no sha256"),
        ("networks.0.weights.bytes", "many", r"networks\[0\]\.weights\.bytes is missing or is not a whole number"),
        ("networks.0.top.2.logit", "9", r"networks\[0\]\.top\[2\]\.logit is missing or is not a number"),
        ("networks.0.target.logit", 10**400, r"target\.logit is missing or is not a number"),
        ("networks.0.target.logit", float("nan"), r"target\.logit is missing or is not a number"),
        ("networks.0.attributions.guided.max", float("inf"), r"attributions\[1\]\.max is missing"),
        ("networks.0.attributions.guided.sha256", "0", "a map whose sha256 is none"),
        ("networks.0.attributions.guided.samples", "", "a map without its samples"),
        ("networks.0.attributions.guided.samples", "é", "a map without its samples"),
        ("networks.0.attributions.guided.samples", "A", "a map without its samples"),
        (
            "networks.0.attributions.guided.samples",
            base64.b64encode(np.full(257, np.nan, "<f4")).decode(),
            "a map without its samples",
        ),
    ],
)
def test_what_is_malformed_is_named_in_a_sentence(written, path, value, fact):
    with pytest.raises(ManifestError, match=fact) as caught:
        read_manifest(changed(written, path, value))
    assert str(caught.value).startswith("This manifest cannot be used: ")


def test_a_network_twice_is_refused(written):
    with pytest.raises(ManifestError, match="a network twice"):
        read_manifest(changed(written, "networks", written["networks"] * 2))


def test_whole_numbers_do_where_numbers_are_expected(written):
    assert read_manifest(changed(written, "networks.0.target.logit", 9)).networks[0].target.logit == 9.0


def test_weights_without_a_hash_are_read(written):
    assert read_manifest(changed(written, "networks.0.weights.sha256", None)).networks[0].weights.sha256 is None


def test_whatever_stands_in_the_place_of_anything_it_is_read_or_refused(written):
    refused = 0
    for path in paths(written):
        for value in JUNK:
            try:
                read_manifest(changed(written, path, value))
            except ManifestError:
                refused += 1
    assert refused > 300


def test_whatever_is_missing_it_is_refused(written):
    mappings = ("versions", "view", "networks.0.attributions")  # their keys are not of the format
    required = [path for path in paths(written) if path.rpartition(".")[0] not in mappings]
    required = [path for path in required if not path.rpartition(".")[2].isdecimal()]
    required = [path for path in required if path.rpartition(".")[2] not in NEWER]
    assert len(required) > 60
    for path in required:
        with pytest.raises(ManifestError):
            read_manifest(changed(written, path, GONE))


def test_a_manifest_that_says_nothing_of_outputs_is_one_of_softmax(written):
    (network,) = read_manifest(changed(written, "networks.0.target.outputs", GONE)).networks
    assert network.target.outputs == "softmax"
    with pytest.raises(ManifestError, match="reads its outputs as nobody does"):
        read_manifest(changed(written, "networks.0.top.1.outputs", "argmax"))
