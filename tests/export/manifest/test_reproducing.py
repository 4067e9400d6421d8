"""The numbers agree when a comparison is made again, and what does not agree is said."""

import hashlib
import io
import os
from dataclasses import replace
from importlib.resources import files
from types import MappingProxyType

import numpy as np
import pytest
import torch

from core.errors import ManifestError, UnknownNetwork, WeightsMissing
from core.explain import compare
from core.explanation import Comparison
from core.export.files import npz_of
from core.export.manifest import check, manifest_of, read_manifest, reproduce, to_json
from core.export.manifest.reproducing import question_of
from core.images import decode_image
from core.networks.catalogue import lookup, resolve
from core.question import Question
from tests.export.manifest.conftest import NAME
from tests.networks.made_weights import random_state, write_random_weights
from tests.selecting import select

SMALL = "squeezenet1_1"
TITLE = "EfficientNet-Lite0"
OWN = "own-0123456789abcdef"


def there_and_back(comparison, view=MappingProxyType({}), lookup=resolve):
    return read_manifest(to_json(manifest_of(comparison, "chelsea", view, lookup=lookup)))


def with_network(manifest, **changes):
    """The manifest with something of its only network changed."""
    return replace(manifest, networks=(replace(manifest.networks[0], **changes),))


def altered(comparison, change):
    """The comparison with another guided map: change works on a copy of its values, in place."""
    explanation = comparison.explanations[0]
    values = explanation.attributions["guided"].copy()
    change(values)
    maps = MappingProxyType({**explanation.attributions, "guided": values})
    return Comparison(comparison.picture, (replace(explanation, attributions=maps),))


def test_the_numbers_of_a_comparison_made_again_agree(manifest, cat, comparison):
    again = reproduce(manifest, cat, device="cpu")
    assert again.differences == ()
    assert again.agreement == "2 of 2 maps agree, bit for bit."
    for rule in ("vanilla", "guided"):
        assert np.array_equal(again.comparison[NAME, rule].attribution, comparison[NAME, rule].attribution)


def test_an_archive_holds_the_very_numbers_and_the_manifest_to_check_them(comparison, written):
    with np.load(io.BytesIO(npz_of(comparison, written)), allow_pickle=False) as arrays:
        manifest = read_manifest(arrays["manifest.json"].tobytes())
        for rule in ("vanilla", "guided"):
            values = arrays[f"{NAME}/{rule}"]
            assert values.tobytes() == comparison[NAME, rule].attribution.tobytes()
            assert hashlib.sha256(values).hexdigest() == manifest.networks[0].attributions[rule].sha256
    assert check(manifest, comparison).differences == ()


@pytest.mark.usefixtures("loaded")
def test_class_fit_and_rules_come_back(cat):
    first = compare(cat, [NAME], ("deconvnet",), 207, fit="pad", device="cpu")
    again = reproduce(there_and_back(first, select(target=207, fit="pad").to_query()), cat, "cpu")
    (explanation,) = again.comparison.explanations
    assert again.differences == ()
    assert explanation.target.index == 207
    assert list(explanation.attributions) == ["deconvnet"]
    assert explanation.framing == first.explanations[0].framing


@pytest.mark.usefixtures("loaded")
def test_other_methods_come_back_bit_for_bit(cat):
    asked = ("vanilla", "gradcam@14x14", "ig:8:black", "guided~smooth:4:0.05:7")
    first = compare(cat, [NAME], asked, device="cpu")
    again = reproduce(there_and_back(first, {"rules": ",".join(asked)}), cat, "cpu")
    assert again.differences == ()
    assert again.agreement == "4 of 4 maps agree, bit for bit."
    assert list(again.comparison.explanations[0].attributions) == list(asked)


def test_another_picture_is_refused_before_anything_is_computed(manifest, monkeypatch, cat):
    monkeypatch.setattr("core.export.manifest.reproducing.answer", None)
    other = replace(cat, digest=cat.digest[:-1] + ("0" if cat.digest[-1] != "0" else "1"))
    with pytest.raises(ManifestError, match=r"another picture than the manifest's.*the very file"):
        reproduce(manifest, other)
    stripped = replace(other, digest_of="the picture without patient data")
    with pytest.raises(ManifestError, match=r"\(of the picture without patient data\), not .*decode_image\(anonymous"):
        reproduce(manifest, stripped)


def test_one_byte_of_the_picture_makes_it_another(manifest, comparison):
    data = (files("skimage") / "data" / "chelsea.png").read_bytes()
    same, other = decode_image(data), decode_image(data + b"\0")
    assert check(manifest, Comparison(same, comparison.explanations)).differences == ()
    with pytest.raises(ManifestError, match="another picture"):
        check(manifest, Comparison(other, comparison.explanations))


@pytest.fixture(scope="module")
def weights(checkpoints):
    """The weights file of a small network, with random values."""
    return write_random_weights(SMALL, checkpoints)


@pytest.fixture(scope="module")
def of_small_network(weights, cat):
    """The manifest of a comparison by those weights."""
    return there_and_back(compare(cat, [SMALL], ("vanilla",), device="cpu"))


@pytest.fixture
def rewrite(weights):
    """A function that gives the weights file other bytes; beside it and then moved there, since it may be mapped."""
    before, other = weights.read_bytes(), weights.with_suffix(".new")

    def write(data):
        other.write_bytes(data)
        os.replace(other, weights)

    yield write
    write(before)


def test_one_byte_of_the_weights_is_noticed(of_small_network, cat, weights, rewrite):
    data = bytearray(weights.read_bytes())
    first = data.index(random_state(SMALL)["features.0.weight"].numpy().tobytes())
    data[first + 3] ^= 0x80  # the sign of the first weight
    rewrite(data)
    differences = reproduce(of_small_network, cat, "cpu").differences
    assert differences[0].startswith("SqueezeNet 1.1: the weights file is another one (sha256 ")
    assert any("vanilla: the maps differ by up to" in difference for difference in differences[1:])


def test_a_byte_of_the_weights_file_that_changes_no_number_is_noticed_too(of_small_network, cat, weights, rewrite):
    rewrite(weights.read_bytes() + b"\0")
    again = reproduce(of_small_network, cat, "cpu")
    assert len(again.differences) == 1
    assert "weights file is another one" in again.differences[0]
    assert again.agreement.startswith("1 of 1 maps agree")


def test_weights_that_are_not_here_are_a_sentence(of_small_network, cat, weights, rewrite):
    weights.unlink()
    with pytest.raises(WeightsMissing, match=r"SqueezeNet 1\.1"):
        reproduce(of_small_network, cat, "cpu")


def test_one_byte_of_the_numbers_is_noticed(manifest, comparison):
    def flip_an_exponent(values):
        values.view(np.uint8).reshape(-1)[4 * 70_001 + 3] ^= 0x40

    again = check(manifest, altered(comparison, flip_an_exponent))
    assert len(again.differences) == 1
    assert again.differences[0].startswith(f"{TITLE}, guided: the maps differ by up to ")
    assert again.agreement == "1 of 2 maps agree, bit for bit."


def test_the_last_bit_of_a_number_agrees_but_not_bit_for_bit(manifest, comparison):
    def flip_the_last_bit(values):
        values.view(np.uint8).reshape(-1)[4 * 70_001] ^= 1

    again = check(manifest, altered(comparison, flip_the_last_bit))
    assert again.differences == ()
    assert again.agreement == "2 of 2 maps agree: 1 of them not bit for bit, but within 1e-05 of the largest value."


@pytest.mark.parametrize(("size", "agrees"), [(1e-7, True), (5e-6, True), (3e-5, False), (1e-2, False)])
def test_rounding_agrees_and_more_does_not(manifest, comparison, size, agrees):
    def stretch(values):
        values *= np.float32(1 + size)

    again = check(manifest, altered(comparison, stretch))
    assert (again.differences == ()) == agrees


def test_a_difference_is_measured_by_the_largest_value(manifest, comparison):
    def halve(values):
        values /= 2

    assert "differ by up to 5.0e-01 of" in check(manifest, altered(comparison, halve)).differences[0]


def test_other_versions_are_named_but_not_streamlits(manifest, comparison):
    other = replace(manifest, versions={**manifest.versions, "torch": "1.0", "streamlit": "1.0"})
    (difference,) = check(other, comparison).differences
    assert difference == f"The versions differ: torch {torch.__version__} (was 1.0)."


def test_a_version_that_was_not_written_is_unknown(manifest, comparison):
    (difference,) = check(replace(manifest, versions={}), comparison).differences
    assert "pillow" in difference
    assert "(was unknown)" in difference


def test_another_device_is_named_and_does_not_hide_that_the_maps_agree(manifest, comparison):
    again = check(with_network(manifest, device="cuda:0"), comparison)
    assert again.differences == (f"{TITLE} was computed on cpu, not on cuda:0.",)
    assert again.agreement == "2 of 2 maps agree, bit for bit."


def test_weights_that_had_no_hash_cannot_be_compared(manifest, comparison):
    weights = replace(manifest.networks[0].weights, sha256=None)
    (difference,) = check(with_network(manifest, weights=weights), comparison).differences
    assert difference.startswith(f"{TITLE}: the weights cannot be compared")


def test_another_preparation_of_the_picture_is_named(manifest, comparison):
    recipe = replace(manifest.networks[0].recipe, interpolation="bilinear")
    (difference,) = check(with_network(manifest, recipe=recipe), comparison).differences
    assert difference == f"{TITLE}: the picture is resized, cropped or normalised in another way."


def test_other_pixels_from_the_same_file_are_named(manifest, comparison):
    (difference,) = check(with_network(manifest, seen="0" * 64), comparison).differences
    assert "decoded or resized differently" in difference


def test_another_class_is_named_instead_of_its_maps(manifest, comparison):
    target, second = manifest.networks[0].top[:2]
    (difference,) = check(with_network(manifest, target=second), comparison).differences
    assert difference == f"{TITLE}: another class is explained, {target.name} ({target.index}, was {second.index})."


def test_other_scores_are_named(manifest, comparison):
    target = manifest.networks[0].target
    other = with_network(manifest, target=replace(target, logit=target.logit * 1.01))
    (difference,) = check(other, comparison).differences
    assert difference == f"{TITLE}: the scores differ by up to 9.9e-03 of the largest logit."


def test_a_network_that_is_missing_is_named(manifest, comparison):
    other = replace(manifest.networks[0], name="alexnet")
    again = check(replace(manifest, networks=(*manifest.networks, other)), comparison)
    assert again.differences == ("AlexNet is not in this comparison.",)
    assert again.agreement == "2 of 4 maps agree, bit for bit."


def test_a_map_that_is_refused_now_is_named(manifest, comparison):
    explanation = comparison.explanations[0]
    only = MappingProxyType({"vanilla": explanation.attributions["vanilla"]})
    refusing = replace(explanation, attributions=only, refused=MappingProxyType({"guided": "No ReLU."}))
    (difference,) = check(manifest, Comparison(comparison.picture, (refusing,))).differences
    assert difference == f"{TITLE}, guided: there is no map any more."


def test_a_map_that_was_refused_then_is_named(manifest, comparison):
    maps = manifest.networks[0].attributions
    other = with_network(manifest, attributions={"vanilla": maps["vanilla"]}, refused={"guided": "No ReLU."})
    (difference,) = check(other, comparison).differences
    assert difference == f"{TITLE}, guided: there was no map."


def test_a_map_of_another_size_is_named(manifest, comparison):
    maps = manifest.networks[0].attributions
    other = with_network(manifest, attributions={**maps, "guided": replace(maps["guided"], shape=(3, 112, 112))})
    (difference,) = check(other, comparison).differences
    assert difference == f"{TITLE}, guided: the map is 224 pixels wide, and was 112."


def test_a_network_that_nobody_knows_is_a_sentence(manifest, cat):
    with pytest.raises(UnknownNetwork, match="alexnot"):
        reproduce(with_network(manifest, name="alexnot"), cat)


@pytest.mark.usefixtures("loaded")
def test_a_checkpoint_of_ones_own_is_made_again_by_whoever_knows_it(cat):
    own = replace(lookup(NAME), name=OWN, title="Mine")
    manifest = there_and_back(compare(cat, [own], ("vanilla",)), lookup={OWN: own}.__getitem__)
    again = reproduce(manifest, cat, lookup={OWN: own}.__getitem__)
    assert again.differences == ()
    assert again.comparison[OWN, "vanilla"].target.name == "tiger cat"


def test_a_manifest_of_the_first_page_as_it_was_still_means_its_one_network(manifest):
    old = replace(manifest, view={})  # what the view of the default was, when that was one network
    assert old.query == {"networks": NAME}
    assert question_of(old) == Question((NAME,))


def test_every_field_of_a_question_comes_back_from_its_manifest(cat, comparison):
    asked = select(target=comparison.explanations[0].target.index, rules=("guided",)).question
    manifest = there_and_back(comparison, select(target=asked.targets.indices[0], rules=("guided",)).to_query())
    assert replace(question_of(manifest), rules=asked.rules) == asked
