"""From a manifest back to the comparison, and what is not the same."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from core.errors import ManifestError
from core.examine import Examined
from core.explain import answer
from core.explanation import Comparison
from core.export.manifest.examining import FindingsAgain, examined_again
from core.export.manifest.fingerprints import apart, share
from core.export.manifest.records import Manifest, NetworkRecord
from core.export.manifest.writing import finding_record, record_of, versions
from core.networks.catalogue import NetworkSpec, resolve
from core.question import Question
from core.selection import Selection
from core.targets import target_of
from core.values import Picture

TOLERANCE = 1e-5  # of the largest value: what float32 leaves open between processors, and no more

Lookup = Callable[[str], NetworkSpec]


@dataclass(frozen=True, slots=True)
class Reproduction:
    """A comparison that was made again.

    agreement: one sentence on how many maps agree with the manifest, and whether bit for bit. differences: one
    sentence each on what is not the same; none if everything is, or if maps and scores differ by no more than
    TOLERANCE.
    """

    comparison: Comparison
    agreement: str
    differences: tuple[str, ...]


def reproduce(manifest: Manifest, picture: Picture, device: str = "auto", lookup: Lookup = resolve) -> Reproduction:
    """Make the comparison of a manifest again, from the same picture, and check it.

    lookup: from a network's name to its spec, for names that the catalogue does not know. Raises ManifestError
    for another picture, NetworkError as `explain` does.
    """
    _require_picture(manifest, picture)
    specs = [lookup(network.name) for network in manifest.networks]
    comparison = answer(picture, specs, question_of(manifest), device)
    return check(manifest, comparison, lookup, tuple(examined_again(manifest, comparison, lookup, device)))


def question_of(manifest: Manifest) -> Question:
    """What was asked: as the view says, which knows every field, and of the networks and by the rules written out."""
    return replace(
        Selection.from_query(manifest.query).compare_question,
        networks=tuple(network.name for network in manifest.networks),
        rules=manifest.rules,
        targets=target_of(manifest.target),
        fit=manifest.fit,
    )


def check(
    manifest: Manifest, comparison: Comparison, lookup: Lookup = resolve, tests: Sequence[Examined] = ()
) -> Reproduction:
    """Say how a comparison that somebody else made differs from a manifest. Raises as `reproduce` does.

    tests: what was found out about its maps; what is not there is no difference, but said.
    """
    _require_picture(manifest, comparison.picture)
    specs = [lookup(network.name) for network in manifest.networks]
    explanations = {explanation.network: explanation for explanation in comparison.explanations}
    pairs, differences = [], list(_version_differences(manifest))
    for then, spec in zip(manifest.networks, specs, strict=True):
        if explanation := explanations.get(spec.name):
            pairs.append((then, record_of(explanation, spec)))
        else:
            differences.append(f"{spec.title} is not in this comparison.")
    for then, now in pairs:
        differences.extend(f"{now.title}{difference}" for difference in _network_differences(then, now))
    maps = sum(len(network.attributions) for network in manifest.networks)
    found = FindingsAgain(manifest.tests, [finding_record(each, lookup(each.explanation.network)) for each in tests])
    differences.extend(found.differences)
    return Reproduction(comparison, _agreement(pairs, maps) + found.agreement, tuple(differences))


def _require_picture(manifest: Manifest, picture: Picture) -> None:
    then = manifest.picture
    if picture.digest == then.digest:
        return
    advice = "Give the very file, not a copy that was saved again."
    if picture.digest_of != then.digest_of:
        advice = (
            "Read the file in the same way, decode_image(anonymous(data), window): core.images.apart.ask.anonymous "
            "leaves out what is the patient's, and the manifest's view has a window if one was chosen."
        )
    raise ManifestError(
        f"This is another picture than the manifest's: it has the sha256 {picture.digest[:8]}… (of "
        f"{picture.digest_of}), not {then.digest[:8]}… (of {then.digest_of}). {advice}"
    )


def _version_differences(manifest: Manifest) -> Iterator[str]:
    now = {name: version for name, version in versions().items() if name != "streamlit"}  # which computes nothing
    then = {name: manifest.versions.get(name, "unknown") for name in now}
    if others := [f"{name} {now[name]} (was {then[name]})" for name in now if now[name] != then[name]]:
        yield f"The versions differ: {', '.join(others)}."


def _network_differences(then: NetworkRecord, now: NetworkRecord) -> Iterator[str]:
    """Sentences without their beginning, the network's title; causes before effects."""
    if then.weights.sha256 is None or now.weights.sha256 is None:
        yield ": the weights cannot be compared, the file was not there when it was to be hashed."
    elif then.weights.sha256 != now.weights.sha256:
        yield f": the weights file is another one (sha256 {now.weights.sha256[:8]}…, was {then.weights.sha256[:8]}…)."
    if then.device != now.device:
        yield f" was computed on {now.device}, not on {then.device}."
    if (then.recipe, then.framing) != (now.recipe, now.framing):
        yield ": the picture is resized, cropped or normalised in another way."
    elif then.seen != now.seen:
        yield ": the network saw other pixels, although the file is the same: it was decoded or resized differently."
    if (most := _logits_apart(then, now)) > TOLERANCE:
        yield f": the scores differ by up to {most:.1e} of the largest logit."
    if then.target.index != now.target.index:
        yield f": another class is explained, {now.target.name} ({now.target.index}, was {then.target.index})."
    else:
        yield from _map_differences(then, now)


def _map_differences(then: NetworkRecord, now: NetworkRecord) -> Iterator[str]:
    for rule in dict.fromkeys((*then.attributions, *then.refused)):
        before, after = then.attributions.get(rule), now.attributions.get(rule)
        if before is None and after is None:
            continue
        if before is None or after is None:
            yield f", {rule}: there {'was no map' if before is None else 'is no map any more'}."
        elif before.shape != after.shape:
            yield f", {rule}: the map is {after.shape[2]} pixels wide, and was {before.shape[2]}."
        elif (most := apart(before, after)) > TOLERANCE:
            yield f", {rule}: the maps differ by up to {most:.1e} of the largest value."


def _logits_apart(then: NetworkRecord, now: NetworkRecord) -> float:
    """The largest difference in the classes that both know, as a share of the largest logit."""
    after = {prediction.index: prediction.logit for prediction in (*now.top, now.target)}
    before = {prediction.index: prediction.logit for prediction in (*then.top, then.target)}
    change = max((abs(before[index] - after[index]) for index in before.keys() & after.keys()), default=0.0)
    return share(change, max(map(abs, before.values())))


def _agreement(pairs: list[tuple[NetworkRecord, NetworkRecord]], maps: int) -> str:
    both = [
        (then.attributions[rule], now.attributions[rule])
        for then, now in pairs
        for rule in then.attributions
        if rule in now.attributions
    ]
    agreeing = sum(apart(then, now) <= TOLERANCE for then, now in both)
    rounded = agreeing - sum(then.sha256 == now.sha256 for then, now in both)
    how = f": {rounded} of them not bit for bit, but within {TOLERANCE:.0e} of the largest value" if rounded else ""
    return f"{agreeing} of {maps} maps agree{how or (', bit for bit' if agreeing else '')}."
