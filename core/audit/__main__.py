"""`python -m core.audit FOLDER_OR_ZIP --networks efficientnet_lite0,resnet50 --out DIR`; see --help."""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import torch

from core.audit.collection import collection_at
from core.audit.findings.find import find
from core.audit.findings.finding import PADDED, Found, without_emphasis
from core.audit.networks import network_of
from core.audit.progress import Progress
from core.audit.run import run
from core.audit.settings import BATCH, LABELS, Settings
from core.audit.spread import on_ray
from core.audit.store import Store
from core.errors import AuditError, LimelightError
from core.images.framing import FITS
from core.rules import DEFAULT_RULES
from core.runtime.scratch import process_folder
from core.wording import counted

_EVERY = 10  # seconds between lines of progress, where they are not written over each other


def main(arguments: Sequence[str]) -> int:
    """Exit status: 0, also where some pictures failed; 2 if all did; 1 if there is nothing to tell; 130 if ended."""
    asked = _parser().parse_args(arguments)
    if asked.threads:
        torch.set_num_threads(asked.threads)
    try:
        with tempfile.TemporaryDirectory(dir=process_folder()) as folder:
            store = _run(asked, Path(folder))
    except LimelightError as error:
        print(f"{error}", file=sys.stderr)
        return 1
    except OSError as error:  # a full disk, say
        print(
            f"{asked.out} cannot be written ({error.strerror or error}): make room or choose another.", file=sys.stderr
        )
        return 1
    except KeyboardInterrupt:
        print("\nStopped. What was done is kept: the same command goes on.", file=sys.stderr)
        return 130
    done, failed = store.about["counts"]["done"], store.about["counts"]["failed"]
    if store.changed:
        changed = counted(store.changed, "picture", "pictures")
        _say(f"{changed} came, went or changed since this audit was begun, which is of those of then: for an audit of "
             "today's name another --out.")  # fmt: skip
    _say(f"{counted(done, 'picture', 'pictures')} done, of which {failed} could not be used. They are in {asked.out}.")
    return 2 if failed == done else 0


def _run(asked: argparse.Namespace, folder: Path) -> Store:
    named = [network_of(each.strip(), folder) for each in asked.networks.split(",") if each.strip()]
    specs = tuple(spec for spec, _ in named)
    try:
        settings = Settings(
            networks=tuple(dict.fromkeys(spec.name for spec in specs)),
            rules=tuple(dict.fromkeys(rule.strip() for rule in asked.rules.split(","))),
            sample=asked.sample,
            seed=asked.seed,
            labels=asked.labels,
            fit=asked.fit,
            batch=asked.batch,
            maps=asked.maps,
        )
    except ValueError as error:
        raise AuditError(f"{error}.") from None
    for _, remarks in named:
        for remark in remarks:
            _say(remark)
    collection = collection_at(asked.collection.absolute())
    do = on_ray(asked.ray) if asked.ray else None
    store = run(collection, specs, settings, asked.out, _Shown(), do, limit=asked.limit_errors)
    if asked.findings:
        _tell(find(store, collection, specs, _Shown()))
        if settings.fit == "pad":
            _say(PADDED)
    return store


def _tell(found: Sequence[Found]) -> None:
    """The findings on the screen; where there is none, how many classes there were."""
    findings = [each for each in found if each.findings]
    for each in findings:
        print(f"{each.network}:", *(without_emphasis(sentence) for sentence in each.sentences()), sep="\n  ")
    _say(f"{counted(len(found), 'class', 'classes')}, findings in {len(findings)}: see findings.json.")


class _Shown:
    """Progress on the screen: in one line where it is one, else a line now and then."""

    def __init__(self) -> None:
        self._last = -_EVERY * 1.0

    def __call__(self, progress: Progress) -> None:
        now, ends = time.monotonic(), progress.done == progress.total
        if sys.stderr.isatty():
            print(f"\r{progress}\033[K", end="\n" if ends else "", file=sys.stderr, flush=True)
        elif ends or now - self._last >= _EVERY:
            self._last = now
            _say(str(progress))


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m core.audit",
        description="Ask networks about many pictures: classes, maps and evidence of each, as Parquet. The names of "
        "folders are labels. The same command goes on where an earlier run ended.",
    )
    add = parser.add_argument
    add("collection", type=Path, metavar="FOLDER_OR_ZIP")
    add("--networks", required=True, help="names, or paths of checkpoints, with commas between: resnet50,runs/best.pth")
    add("--out", type=Path, required=True, metavar="DIR")
    add("--sample", type=int, default=200, help="pictures of each label at most; 0 for all (%(default)s)")
    add("--seed", type=int, default=0, help="which pictures are drawn (%(default)s)")
    add("--labels", choices=LABELS, default=LABELS[0], help="what pictures are called by (%(default)s)")
    add("--rules", default=",".join(DEFAULT_RULES), help="backward rules whose maps are kept (%(default)s)")
    add("--fit", choices=FITS, default=FITS[0], help="what networks see of a picture (%(default)s)")
    add("--batch", type=int, default=BATCH, help="pictures computed at once (%(default)s)")
    add(
        "--threads",
        type=int,
        help="of a batch, two of which are computed at once unless it is 1; torch's own choice if left out",
    )
    add("--limit-errors", type=int, metavar="N", help="stop once more than N pictures could not be used")
    add(
        "--ray", metavar="ADDRESS", help="of a Ray cluster that does the work, host:port; its pictures on a shared disk"
    )
    add("--findings", action=argparse.BooleanOptionalAction, default=True, help="look for what classes lean on")
    add("--maps", action="store_true", help="keep whole gradients too: 300 KB each")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
