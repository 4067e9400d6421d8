"""From a stranger's JSON to a Manifest, or to one sentence that says what is wrong with it."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from core.errors import ManifestError, MethodError
from core.evidence.table import TESTS
from core.export.manifest.fingerprints import samples_of
from core.export.manifest.records import FORMAT, VERSION, FindingRecord, Manifest, MapRecord, NetworkRecord
from core.images.framing import FITS
from core.method import Method
from core.outputs import OUTPUTS
from core.saliency.reductions import REDUCTIONS
from core.saliency.references import REFERENCES

MAX_BYTES = 4_000_000  # of the text; a comparison of eight networks needs about 60,000
MOST_NETWORKS = 200
_SHA256, _NAME = re.compile(r"[0-9a-f]{64}"), re.compile(r"[A-Za-z0-9_.:-]{1,100}")
_DEVICE, _VERSION = re.compile(r"[a-z]{1,12}(:\d{1,3})?"), re.compile(r"[A-Za-z0-9_.+-]{1,40}")
_OF = re.compile(r"[a-z ]{1,80}")
_SURROGATE = re.compile("[\ud800-\udfff]")  # no encoding has them, but JSON can
_MISSING = object()  # null is not missing: it may be meant
_WORDS = {
    str: "text", int: "a whole number", float: "a number", bool: "true or false", tuple: "a list", Mapping: "an object",
}  # fmt: skip


def read_manifest(text: str | bytes) -> Manifest:
    """Read what `to_json` wrote, from whoever sends it; bytes are UTF-8, with or without a byte order mark.

    Keys that this version does not know are ignored. Raises ManifestError for text that is too long, is no manifest,
    is damaged, was written by a newer format, or asks for what this version does not know.
    """
    if len(text) > MAX_BYTES:
        raise ManifestError(f"The file has more than {MAX_BYTES / 1e6:.0f} MB, so it is no manifest of Limelight.")
    try:
        content = json.loads(text.decode("utf-8-sig") if isinstance(text, bytes) else text)
    except (ValueError, RecursionError) as error:
        raise ManifestError("The file is not JSON, so it is no manifest of Limelight.") from error
    _check_format(content)
    manifest: Manifest = _read(Manifest, content, "")
    for fine, fact in _requirements(manifest):
        if not fine:
            raise ManifestError(f"This manifest cannot be used: {fact}.")
    return manifest


def _check_format(content: object) -> None:
    head = content.get("format") if isinstance(content, dict) else None
    if not isinstance(head, dict) or head.get("name") != FORMAT:
        raise ManifestError("This is JSON, but no manifest of Limelight.")
    number = _read(int, head.get("version"), "format.version")
    if number > VERSION:
        raise ManifestError("This manifest was written by a newer Limelight: update this one to read it.")


def _read(kind: Any, value: object, path: str) -> Any:  # noqa: ANN401
    """The value as what a field's annotation says: a dataclass, list, mapping, text or number, or None.

    A field with a default is newer than some manifests, and may be missing.
    """
    if isinstance(kind, type) and is_dataclass(kind):
        content, prefix = _of(dict, Mapping, value, path), path and f"{path}."
        hints, old = get_type_hints(kind), {field.name for field in fields(kind) if field.default is not MISSING}
        named = {name: hint for name, hint in hints.items() if name in content or name not in old}
        return kind(**{name: _read(hint, content.get(name, _MISSING), prefix + name) for name, hint in named.items()})
    origin, parts = get_origin(kind), get_args(kind)
    if origin is UnionType:
        return None if value is None else _read(parts[0], value, path)
    if origin is tuple:
        return _tuple(parts, value, path)
    if origin is Mapping:
        items = _of(dict, Mapping, value, path).items()
        return {_read(str, key, path): _read(parts[1], item, f"{path}[{i}]") for i, (key, item) in enumerate(items)}
    return _scalar(kind, value, path)


def _tuple(parts: tuple[Any, ...], value: object, path: str) -> tuple[Any, ...]:
    items = _of(list, tuple, value, path)
    if parts[-1] is Ellipsis:
        parts = parts[:1] * len(items)
    if len(items) != len(parts):
        raise _malformed(path, f"a list of {len(parts)}")
    return tuple(_read(part, item, f"{path}[{i}]") for i, (part, item) in enumerate(zip(parts, items, strict=True)))


def _scalar(kind: Any, value: object, path: str) -> Any:  # noqa: ANN401
    if kind is bool:
        return _of(bool, bool, value, path)
    accepted = (int, float) if kind is float else kind
    found = _of(accepted, kind, None if isinstance(value, bool) else value, path)
    fine = not _SURROGATE.search(found) if kind is str else abs(found) < 1e300
    if not fine:  # also Infinity, NaN, and whole numbers that no float can hold
        raise _malformed(path, _WORDS[kind])
    return kind(found)


def _of(accepted: Any, kind: Any, value: object, path: str) -> Any:  # noqa: ANN401
    if not isinstance(value, accepted):
        raise _malformed(path, _WORDS[kind])
    return value


def _malformed(path: str, expected: str) -> ManifestError:
    return ManifestError(f"This manifest cannot be used: {path} is missing or is not {expected}.")


def _requirements(manifest: Manifest) -> Iterator[tuple[bool, str]]:
    """What the types do not say: whether it holds, and the fact if it does not."""
    names = [network.name for network in manifest.networks]
    yield _is_time(manifest.created), "created is no time"
    yield _is_sha256(manifest.picture.digest), "picture.digest is no sha256"
    yield bool(_OF.fullmatch(manifest.picture.digest_of)), "picture.digest_of is no plain words"
    yield 0 < len(names) <= MOST_NETWORKS, "it holds no network, or too many"
    yield len(set(names)) == len(names), "it holds a network twice"
    yield 0 < len(set(manifest.rules)) == len(manifest.rules), "it holds no gradient, or one twice"
    yield all(map(_is_method, manifest.rules)), "it asks for a gradient that this version does not know"
    yield manifest.fit in FITS, "it asks for a fit that this version does not know"
    yield manifest.reduction in REDUCTIONS, "it asks for a reduction that this version does not know"
    yield manifest.target is None or manifest.target >= 0, "target is no class"
    yield all(map(_VERSION.fullmatch, manifest.versions.values())), "versions holds something else"
    yield (
        all(test.network in names and _is_test(test) for test in manifest.tests),
        "it holds a test that makes no sense",
    )
    for i, network in enumerate(manifest.networks):
        yield from ((fine, f"networks[{i}]{fact}") for fine, fact in _of_a_network(network, manifest.rules))


def _of_a_network(network: NetworkRecord, rules: tuple[str, ...]) -> Iterator[tuple[bool, str]]:
    yield bool(_NAME.fullmatch(network.name)), ".name is no name"
    yield bool(_DEVICE.fullmatch(network.device)), ".device is no device"
    yield network.weights.sha256 is None or _is_sha256(network.weights.sha256), ".weights.sha256 is no sha256"
    yield _is_sha256(network.seen), ".seen is no sha256"
    yield len(network.recipe.mean) == len(network.recipe.std) in (1, 3), ".recipe is of no picture"
    yield {said.outputs for said in (network.target, *network.top)} <= set(OUTPUTS), " reads its outputs as nobody does"
    yield set(network.attributions) <= set(rules), " holds a map that was not asked for"
    for made in network.attributions.values():
        yield _is_sha256(made.sha256), " holds a map whose sha256 is none"
        yield _has_samples(made), " holds a map without its samples"


def _has_samples(made: MapRecord) -> bool:
    try:
        samples_of(made)
    except ValueError:
        return False
    return True


def _is_test(record: FindingRecord) -> bool:
    known = record.source in REFERENCES or _is_method(record.source)
    return known and record.test in TESTS and record.target >= 0 and 0 <= record.seed < 2**31


def _is_method(text: str) -> bool:
    try:
        return str(Method.parse(text)) == text
    except MethodError:
        return False


def _is_sha256(text: str) -> bool:
    return _SHA256.fullmatch(text) is not None


def _is_time(text: str) -> bool:
    try:
        time = datetime.fromisoformat(text)
        return time.tzinfo is not None and bool(time.astimezone(UTC))
    except (ValueError, OverflowError):  # the latter of the first day of all, elsewhere
        return False
