"""Manifests in files that strangers may have made."""

import io
import zipfile

import numpy as np
import pytest

from core import compare, load_sample
from core.errors import ManifestError
from core.export.files import npz_of
from core.export.manifest import manifest_of, to_json
from core.export.manifest.reading import MAX_BYTES
from core.ui.export.manifest import manifest_in


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
