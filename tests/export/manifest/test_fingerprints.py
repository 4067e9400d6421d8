"""Fingerprints: what they say of files and maps, and how far apart two maps are by them."""

import base64
import hashlib
from dataclasses import replace

import numpy as np
import pytest

from core.export.manifest.fingerprints import apart, map_record, samples_of, sha256_of, share, weights_record
from core.export.manifest.records import SAMPLES, WeightsRecord
from core.networks.catalogue import lookup

SPEC = lookup("alexnet")
SHAPE = (3, 4, 4)


def in_folder(folder, name):
    """The spec of a weights file of this name in this folder."""
    return replace(SPEC, weights=replace(SPEC.weights, name=name, folder=folder))


def recorded(*values):
    """The record of a map of zeros but for its first values."""
    made = np.zeros(SHAPE, np.float32)
    made.reshape(-1)[: len(values)] = values
    return map_record(made)


def test_a_weights_file_that_is_gone_has_no_hash(tmp_path):
    record = weights_record(in_folder(tmp_path, "gone.pth"))
    assert record == WeightsRecord("gone.pth", None, None, SPEC.weights.url)


def test_a_weights_file_is_hashed_again_only_when_it_changed(tmp_path, monkeypatch):
    file, hashed = tmp_path / "weights.pth", []
    digest = hashlib.file_digest
    monkeypatch.setattr(hashlib, "file_digest", lambda *given: hashed.append(given) or digest(*given))
    spec = in_folder(tmp_path, file.name)
    for content in (b"one", b"one", b"three"):
        if not file.exists() or file.read_bytes() != content:
            file.write_bytes(content)
        assert weights_record(spec).sha256 == hashlib.sha256(content).hexdigest()
    assert len(hashed) == 2


def test_a_hash_is_of_the_values_in_c_order():
    rows = np.uint8([[1, 2], [3, 4]])
    assert sha256_of(rows) == sha256_of(np.asfortranarray(rows)) == hashlib.sha256(bytes([1, 2, 3, 4])).hexdigest()


def test_maps_in_any_order_in_memory_have_one_record():
    values = np.random.default_rng(0).normal(size=(3, 8, 8)).astype(np.float32)
    assert map_record(np.asfortranarray(values)) == map_record(values.astype(">f4")) == map_record(values)


def test_a_map_is_described_by_hand():
    record = recorded(1, -4, 2)
    assert (record.shape, record.dtype) == (SHAPE, "float32")
    assert (record.min, record.max, record.magnitude) == (-4, 2, 7)


def test_samples_are_the_first_the_last_and_evenly_between():
    values = np.arange(3 * 32 * 32, dtype=np.float32).reshape(3, 32, 32)
    samples = samples_of(map_record(values))
    assert (samples[0], samples[-1]) == (0, values.max())
    assert set(np.diff(samples)) <= {11, 12, 13}  # 3071 / 256 is a little less than 12


@pytest.mark.parametrize("samples", [np.zeros(SAMPLES - 1), np.zeros(SAMPLES + 1), np.full(SAMPLES, np.inf)])
def test_samples_that_are_too_few_too_many_or_no_numbers_are_damaged(samples):
    text = base64.b64encode(samples.astype("<f4").tobytes()).decode()
    with pytest.raises(ValueError, match="samples, or values that are no numbers"):
        samples_of(replace(recorded(), samples=text))


@pytest.mark.parametrize(
    ("now", "distance"),
    [
        ((1, -4), 0),
        ((1, -3), 0.25),  # 1 of 4, the largest magnitude then; the sum: 1 of 5
        ((1, -8), 1),
        ((-4, 1), 1.25),  # the extremes and the sum are the same; the first value moved by 5
    ],
)
def test_the_distance_of_two_maps_by_hand(now, distance):
    assert apart(recorded(1, -4), recorded(*now)) == distance


def test_what_no_sample_and_no_extreme_shows_is_found_in_the_sum():
    values = np.ones((3, 64, 64), np.float32)
    values[0, 0, 0] = -2
    other = values.copy()
    other.reshape(-1)[1] = -1  # its sign, which no sample, no extreme and no sum of magnitudes shows
    assert apart(map_record(values), map_record(other)) == 0
    other.reshape(-1)[1] = 0
    assert apart(map_record(values), map_record(other)) == pytest.approx(1 / (values.size + 1))


@pytest.mark.parametrize("place", [0, 5, 1000, 3 * 64 * 64 - 1])
def test_a_single_value_that_changed_much_is_found_wherever_it_is(place):
    values = np.random.default_rng(0).normal(size=(3, 64, 64)).astype(np.float32)
    other = values.copy()
    other.reshape(-1)[place] += values.max()
    assert apart(map_record(values), map_record(other)) > 1e-5


def test_maps_of_zeros_agree_and_nothing_else_agrees_with_them():
    assert apart(recorded(), recorded()) == 0
    assert apart(recorded(), recorded(*[-0.0] * 48)) == 0
    assert apart(recorded(), recorded(*[1] * 48)) == float("inf")


def test_maps_of_different_shapes_are_infinitely_far_apart():
    assert apart(recorded(), map_record(np.zeros((3, 2, 8), np.float32))) == float("inf")


def test_of_nothing_no_change_is_no_share_and_every_change_an_infinite_one():
    assert (share(1, 4), share(0, 0), share(1e-9, 0)) == (0.25, 0, float("inf"))
