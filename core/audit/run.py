"""An audit on this machine: what is not done yet is done, part by part, with pictures read ahead of the networks."""

from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from itertools import chain
from pathlib import Path

import pyarrow.compute as pc

from core.audit.collection import Collection
from core.audit.part import Breathe, audit_part
from core.audit.plan import parts_of, sampled
from core.audit.progress import Clock, Progress
from core.audit.reading import read_ahead
from core.audit.settings import Settings
from core.audit.store import Store, alone, begun
from core.audit.subject import Load, audited, of_names
from core.audit.work import Doer, Work
from core.errors import AuditError
from core.networks.catalogue import NetworkSpec
from core.networks.load import load_network
from core.wording import counted

_TOO_MANY = "{} could not be used, more than --limit-errors allows: see the rows' errors, or allow more."

Watch = Callable[[Progress], None]  # sees how far it is; may raise what ends the run


def run(
    collection: Collection,
    specs: Sequence[NetworkSpec],
    settings: Settings,
    out: Path,
    watch: Watch = lambda progress: None,
    do: Doer | None = None,
    load: Load = load_network,
    limit: int | None = None,
) -> Store:
    """Audit a collection into a folder, or go on with what an earlier run left there.

    specs: of the settings' networks. What was done stays whenever it is ended, and is not done again. do: does the
    parts; None is `here`, with networks as they are loaded by `load`. limit: of pictures that may fail, from now on.
    Raises AuditError, NetworkError.
    """
    with alone(out):
        entries, others = collection.entries()
        chosen = sampled(entries, settings)
        if not chosen:
            raise AuditError(f"There are no pictures in {collection.name}: choose another folder or archive.")
        about = {"collection": collection.name, "found": len(entries), "passed_over": others}
        ordered = of_names(specs, settings)
        store = begun(out, settings, chosen, ordered, about)
        if store.is_complete:
            return store
        parts = tuple(parts_of(store.entries(), settings))
        left = tuple(part for part in parts if not store.is_done(part))
        clock = Clock(store.about["pictures"])
        watch(clock.skip(sum(len(part.entries) for part in parts if part not in left)))
        if left:
            work = Work(store, left, collection, ordered, _counting(clock, watch, limit))
            (do or partial(here, load=load))(work)
        return store.completed(parts, counts(store))


def _counting(clock: Clock, watch: Watch, limit: int | None) -> Breathe:
    failures = 0

    def breathe(done: int, failed: int) -> None:
        nonlocal failures
        failures += failed
        watch(clock.count(done))
        if limit is not None and failures > limit:
            raise AuditError(_TOO_MANY.format(counted(failures, "picture", "pictures")))

    return breathe


def here(work: Work, load: Load = load_network) -> None:
    """Do the parts, one after the other, on this machine."""
    settings = work.store.settings
    subjects = [audited(spec, settings, load) for spec in work.specs]
    recipes = list(dict.fromkeys(subject.spec.recipe for subject in subjects))
    every = list(chain.from_iterable(part.entries for part in work.parts))
    with closing(read_ahead(work.collection, every, recipes, settings.fit)) as pictures:
        for part in work.parts:
            audit_part(part, pictures, subjects, settings, work.store.parts, work.breathe)


def counts(store: Store) -> dict[str, int]:
    """How many pictures are done, and how many of them gave an error instead of an answer, by any network."""
    table = store.rows().to_table(columns=["picture", "error"])
    failed = table.filter(pc.not_equal(table["error"], ""))
    return {"done": len(pc.unique(table["picture"])), "failed": len(pc.unique(failed["picture"]))}
