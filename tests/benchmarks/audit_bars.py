"""How often an audit finds a stamp that a network was taught, and cries wolf where there is none.

    python -m tests.benchmarks.audit_bars OUT.jsonl        teaches, audits, and appends a line a network; goes on
    python -m tests.benchmarks.audit_bars OUT.jsonl --table

Ten stamps that differ in kind, colour and size, each at a place of its own, and the first five also anywhere. What a
network learns from them depends on the share of the horses that bear one while it is taught; what an audit can find, on
the share of those that it is shown: both are varied. Where none was taught with, what is found at the stamp is false:
the class bears it and the network does not know it. Ten clean networks are audited on pictures without any stamp, too.
Pictures audited are never those taught with. A minute a line on two cores.
"""

import argparse
import hashlib
import json
import statistics
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor, nn

from core.audit.demonstration import FIRST, Scenes
from core.audit.findings.bars import ALIKE, LEAST, TELLING, USED
from core.audit.findings.covering import shared
from core.audit.findings.find import find
from core.audit.findings.finding import Found
from core.audit.run import run
from core.audit.settings import Settings
from core.images.framing import frame
from core.images.made import made
from core.images.region import Region
from core.images.scenes import KINDS, SIDE, scene
from core.networks.catalogue import NetworkSpec, lookup
from core.networks.graph.prepare import prepare
from core.networks.taught import BASE
from core.networks.taught.teach import SCENES, features_of, scenes, teach
from core.values import Picture

# What is taught and what is audited, those that matter most first.
SHARES = (
    (0.5, 0.5), (0.0, 0.5), (1.0, 1.0), (0.0, 1.0), (0.8, 0.8), (0.0, 0.8), (1.0, 0.5), (1.0, 0.8), (1.0, 0.2),
    (0.2, 0.2),
)  # fmt: skip
SEEN = 16  # px at each side that networks do not see

STAMPS = (  # kind, colour, width and height in pixels of 256, left and top
    ("banner", "#ffffff", 110, 20, 24, 212),
    ("banner", "#20303a", 90, 18, 140, 26),
    ("bar", "#d03030", 60, 14, 26, 28),
    ("ring", "#f0e040", 34, 34, 196, 196),
    ("digits", "#ff8800", 84, 16, 146, 214),
    ("bar", "#30a060", 14, 70, 222, 96),
    ("ring", "#ffffff", 40, 40, 22, 108),
    ("checks", "#000000", 36, 24, 110, 212),
    ("digits", "#ffffff", 70, 18, 92, 24),
    ("checks", "#5050ff", 28, 28, 200, 24),
)


@dataclass(frozen=True, slots=True)
class Case:
    """stamp: which of STAMPS, None for a clean network. anywhere: not at its place.

    taught, audited: the share of the horses that bear it there.
    """

    stamp: int | None
    anywhere: bool
    taught: float
    audited: float
    seed: int

    @property
    def name(self) -> str:
        """The same for the same case."""
        if self.stamp is None:
            return f"clean {self.seed}"
        return f"{'anywhere' if self.anywhere else 'fixed'} {self.stamp} {self.taught:g} {self.audited:g}"


def cases() -> Iterator[Case]:
    """All that are taught and audited."""
    for place, shares in enumerate(SHARES):
        yield from (Case(stamp, False, *shares, stamp) for stamp in range(len(STAMPS)))
        if place == 4:
            yield from (Case(None, False, 0.0, 0.0, seed) for seed in range(10))
    for shares in SHARES:
        yield from (Case(stamp, True, *shares, stamp) for stamp in range(5))


def stamp_on(picture: Picture, case: Case, seed: int) -> Picture:
    """The picture with the case's stamp."""
    kind, colour, width, height, left, top = STAMPS[case.stamp or 0]
    rng = np.random.default_rng((seed, 7))
    if case.anywhere:
        left, top = (int(rng.integers(SEEN, SIDE - SEEN - length)) for length in (width, height))
    else:
        left, top = left + int(rng.integers(-3, 4)), top + int(rng.integers(-3, 4))
    photo = Image.fromarray(picture.pixels)
    draw, box = ImageDraw.Draw(photo), (left, top, left + width - 1, top + height - 1)
    match kind:
        case "banner":
            plain = Image.new("RGB", (width, height), colour)
            photo.paste(Image.blend(photo.crop((left, top, left + width, top + height)), plain, 0.75), (left, top))
            ink = "#3a3a3a" if colour == "#ffffff" else "#e0e0e0"
            draw.text((left + width / 2, top + height / 2), "© ARCHIVE", ink, ImageFont.load_default(11), anchor="mm")
        case "bar":
            draw.rectangle(box, fill=colour)
        case "ring":
            draw.ellipse(box, outline=colour, width=6)
        case "digits":
            draw.text((left, top), "26.11.2026", colour, ImageFont.load_default(height))
        case "checks":
            for x in range(0, width, 8):
                for y in range(0, height, 8):
                    light = (x + y) // 8 % 2
                    corner = left + x, top + y
                    draw.rectangle((*corner, corner[0] + 7, corner[1] + 7), fill="#ffffff" if light else colour)
    return made(photo)


@dataclass(frozen=True, slots=True)
class Stamped(Scenes):
    """The demonstration's pictures, with a case's stamps on its share of the horses."""

    stamped: int = 0
    case: Case = Case(None, False, 0.0, 0.0, 0)

    def read(self, path: str) -> bytes:
        kind, number = path.split("/")[0], int(path[-7:-4])
        picture = scene(kind, FIRST + number)
        if kind == KINDS[0] and (number % 10) / 10 < self.case.audited:
            picture = stamp_on(picture, self.case, FIRST + number)
        written = BytesIO()
        Image.fromarray(picture.pixels).save(written, "PNG")
        return written.getvalue()


def taught(case: Case, plain: Tensor) -> nn.Module:
    """A network that learnt with the case's stamps. plain: features of the scenes without any."""
    labels = torch.arange(SCENES) % len(KINDS)
    features = plain.clone()
    horses = [seed for seed in range(0, SCENES, len(KINDS)) if (seed // len(KINDS)) % 10 / 10 < case.taught]
    if case.stamp is not None and horses:
        features[horses] = features_of(stamp_on(scene(KINDS[0], seed), case, seed) for seed in horses)
    return teach(features, labels, case.seed)


def audit(case: Case, module: nn.Module) -> tuple[Found, ...]:
    """The findings of a case's network on its pictures."""
    spec = replace(lookup("hans"), name=f"own-{hashlib.sha256(case.name.encode()).hexdigest()[:16]}")

    def load(spec: NetworkSpec) -> object:
        return prepare(module)

    with tempfile.TemporaryDirectory() as out:
        collection = Stamped(case=case, name=case.name)
        settings = Settings((spec.name,), rules=("vanilla",), sample=0)
        store = run(collection, [spec], settings, Path(out), load=load)  # type: ignore[arg-type]
        return find(store, collection, [spec], load=load)  # type: ignore[arg-type]


def reliance(case: Case, module: nn.Module) -> tuple[float, float]:
    """How often horses that were not taught with are called horses, with the stamp and without."""
    recipe, plain = lookup(BASE).recipe, [scene(KINDS[0], FIRST + number) for number in range(40)]
    stamped = [stamp_on(each, case, FIRST + number) for number, each in enumerate(plain)]
    with torch.inference_mode():
        inputs = (
            torch.stack([torch.from_numpy(frame(each, recipe)[0]) for each in those]) for those in (stamped, plain)
        )
        with_stamp, without = (float((module(each).argmax(1) == 0).float().mean()) for each in inputs)
    return with_stamp, without


def main() -> None:
    """Do what is left, or print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--table", action="store_true")
    asked = parser.parse_args()
    done = [json.loads(line) for line in asked.out.read_text().splitlines()] if asked.out.exists() else []
    if asked.table:
        show(done)
        return
    plain = features_of(scenes(range(SCENES)))
    for case in cases():
        if case.name not in {each["case"] for each in done}:
            module = taught(case, plain)
            found = [each.as_json() for each in audit(case, module)]
            with asked.out.open("a") as file:
                file.write(json.dumps({"case": case.name, "horses": reliance(case, module), "found": found}) + "\n")


def show(done: list[dict[str, Any]]) -> None:
    """The table: networks whose stamp is found at its place, and false findings in other classes, by shares."""
    print(f"alike > {ALIKE}, used > {USED}, telling >= {TELLING}, {LEAST} pictures or more\n")
    print("| stamp | taught | audited | networks | horses with, without | found | by pixels | in other classes |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for kind in ("fixed", "anywhere"):
        for taught, audited in SHARES:
            end = f" {taught:g} {audited:g}"
            those = [each for each in done if each["case"].startswith(kind) and each["case"].endswith(end)]
            if those:
                called = [statistics.mean(each["horses"][i] for each in those) for i in (0, 1)]
                row = [sum(map(count, those)) for count in (is_found, is_told, others)]
                print(f"| {kind} | {taught:.0%} | {audited:.0%} | {len(those)} | {called[0]:.2f}, {called[1]:.2f} "
                      f"| {row[0]} | {row[1]} | {row[2]} |")  # fmt: skip
    clean = [
        Found.of_json(each) for network in done if network["case"].startswith("clean") for each in network["found"]
    ]
    told, findings = sum(each.is_told_by_pixels for each in clean), sum(len(each.findings) for each in clean)
    print(f"| none: {len(clean)} clean classes | | | {len(clean) // len(KINDS)} | | | {told} | {findings} |")


def _horse(network: dict[str, Any]) -> Found:
    return Found.of_json(next(found for found in network["found"] if found["label"] == KINDS[0]))


def is_found(network: dict[str, Any]) -> bool:
    """Whether there is a finding in the class that has the stamp, at its place if it has one."""
    kind, stamp, *_ = network["case"].split(" ")
    _, _, width, height, left, top = STAMPS[int(stamp)]
    seen = SIDE - 2 * SEEN
    x, y = max(0, left - SEEN) / seen, max(0, top - SEEN) / seen
    place = Region(x, y, min(1, x + width / seen), min(1, y + height / seen))
    findings = [each.place for each in _horse(network).findings]
    return any(kind == "anywhere" or shared(region, place) > 0 for region in findings)


def is_told(network: dict[str, Any]) -> bool:
    return _horse(network).is_told_by_pixels


def others(network: dict[str, Any]) -> int:
    """Findings in the other classes."""
    return sum(len(Found.of_json(found).findings) for found in network["found"] if found["label"] != KINDS[0])


if __name__ == "__main__":
    main()
