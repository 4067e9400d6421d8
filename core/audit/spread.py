"""The parts of an audit on a Ray cluster, where one machine is not enough: `--ray ADDRESS`.

The driver alone decides and writes: actors, which hold the networks, send a part's files back, and are asked for one
part at a time. Whatever ends an actor or its node gives its part back to the others; whatever ends the driver leaves
the parts that are written. Whoever reaches the ports of a cluster can run code there, so it has to ask for a token, and
it is never started from here. The pictures have to lie at the same path on every node.
"""

import logging
import os
import shutil
import tempfile
import time
import weakref
from collections import Counter, deque
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import torch
from pyarrow import compute as pc

import core
from core.audit.collection import Collection
from core.audit.part import audit_part
from core.audit.plan import Part
from core.audit.reading import read_ahead
from core.audit.settings import Settings
from core.audit.subject import Audited, audited
from core.audit.work import Doer, Work
from core.errors import AuditError, LimelightError
from core.networks.catalogue import NetworkSpec, is_checkpoint
from core.networks.weights.files import replacing
from core.networks.weights.places import weights_path
from core.runtime.scratch import process_folder

DEADLINE = 120.0  # seconds that the cluster may take to give a worker its place
MOST_FAILURES = 5  # of one part, or of workers that begin

_NO_RAY = "Ray is not installed: pip install -r tests/requirements-ray.txt, on every node the same version."
_NO_TOKEN = (
    "The cluster has to ask for a token: start it with RAY_AUTH_MODE=token, and set that and RAY_AUTH_TOKEN here too."
)
_NO_CLUSTER = "There is no Ray cluster at {}: start one with `ray start`, and see to its address and token."
_TOO_LITTLE = (
    "The cluster gave no worker its place within {:.0f} s: one takes {} processors, and {:.0f} of its {:.0f} are free. "
    "Wait for other work to end, add nodes, or ask for fewer with --threads."
)
_NO_PICTURES = "A node does not see {} at the path that it has here: the pictures have to lie on a shared disk."
_NOT_READY = "A node cannot begin. {}"
_FAILED = "{} workers failed, one after the other, the last with: {}"

Files = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Share:
    """What all workers are given. weights: of checkpoints, by name; published ones are the node's own."""

    collection: Collection
    specs: tuple[NetworkSpec, ...]
    weights: dict[str, bytes]
    settings: Settings
    threads: int


class Worker:
    """What an actor holds and does: the networks, and a part at a time."""

    def __init__(self, share: Share) -> None:
        self._share = share
        self._folder = Path(tempfile.mkdtemp(dir=process_folder()))
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self._subjects: list[Audited] = []

    def ready(self) -> str:
        """Load the networks; what is in the way, "" if nothing is."""
        share = self._share
        if not share.collection.is_there():
            return _NO_PICTURES.format(share.collection.name)
        torch.set_num_threads(share.threads)
        try:
            self._subjects = [audited(self._placed(spec), share.settings) for spec in share.specs]
        except LimelightError as error:  # whose kinds do not all travel
            return str(error)
        return ""

    def do(self, part: Part) -> Files:
        """The files of a part, by their place below the audit's folder."""
        share, recipes = self._share, list(dict.fromkeys(subject.spec.recipe for subject in self._subjects))
        with tempfile.TemporaryDirectory(dir=self._folder) as out:
            with closing(read_ahead(share.collection, part.entries, recipes, share.settings.fit)) as pictures:
                audit_part(part, pictures, self._subjects, share.settings, Path(out, "parts"))
            files = [file for file in Path(out).rglob("*") if file.is_file()]
            return {file.relative_to(out).as_posix(): file.read_bytes() for file in files}

    def _placed(self, spec: NetworkSpec) -> NetworkSpec:
        """The spec, with its weights in this worker's folder if they came with the work."""
        if spec.name not in self._share.weights:
            return spec
        (self._folder / spec.weights.name).write_bytes(self._share.weights[spec.name])
        return replace(spec, weights=replace(spec.weights, folder=self._folder))


def on_ray(address: str) -> Doer:
    """What does parts on the cluster at an address, as `core.audit.run.run` takes it. Raises AuditError."""
    try:
        import ray
    except ImportError:
        raise AuditError(_NO_RAY) from None
    if os.environ.get("RAY_AUTH_MODE") != "token":
        raise AuditError(_NO_TOKEN)
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"

    def do(work: Work) -> None:
        try:
            modules = [str(Path(core.__file__).parent)]
            ray.init(address, log_to_driver=False, logging_level=logging.ERROR, runtime_env={"py_modules": modules})
        except Exception as error:  # whatever keeps it from connecting
            raise AuditError(_NO_CLUSTER.format(address)) from error
        try:
            _Driver(ray, work).do()
        finally:
            ray.shutdown()

    return do


class _Driver:
    """Which parts are left, and who does which."""

    def __init__(self, ray: Any, work: Work) -> None:  # noqa: ANN401  # the module, which not everybody has
        self._ray, self._work = ray, work
        self._left, self._failures = deque(work.parts), Counter[Part | None]()
        self._threads = torch.get_num_threads()
        weights = {spec.name: weights_path(spec).read_bytes() for spec in work.specs if is_checkpoint(spec.name)}
        self._share = ray.put(Share(work.collection, work.specs, weights, work.store.settings, self._threads))
        self._starting: dict[Any, Any] = {}  # asked whether they are ready -> actors
        self._working: dict[Any, tuple[Any, Part]] = {}  # asked for a part -> actor, part
        self._last_life = time.monotonic()

    def do(self) -> None:
        """All parts, however often somebody dies meanwhile."""
        while self._left or self._working:
            self._hire()
            asked = [*self._starting, *self._working]
            done, _ = self._ray.wait(asked, timeout=1.0) if asked else ([], [])
            for each in done:
                self._last_life = time.monotonic()
                self._answer(each)
            if not self._working and time.monotonic() - self._last_life > DEADLINE:
                raise AuditError(self._too_little())
            self._work.breathe(0, 0)

    def _hire(self) -> None:
        """As many workers as the cluster's processors hold, and no more than there are parts."""
        total = int(self._ray.cluster_resources().get("CPU", 0)) // self._threads
        wanted = min(max(1, total), len(self._left) + len(self._working))
        make = self._ray.remote(Worker).options(num_cpus=self._threads, max_restarts=0)
        while len(self._starting) + len(self._working) < wanted:
            actor = make.remote(self._share)
            self._starting[actor.ready.remote()] = actor

    def _answer(self, asked: Any) -> None:  # noqa: ANN401
        if asked in self._starting:
            actor = self._starting.pop(asked)
            if problem := self._result(asked):
                raise AuditError(_NOT_READY.format(problem))
            if problem is not None:
                self._give(actor)
            return
        actor, part = self._working.pop(asked)
        files = self._result(asked, part)
        if files is None:
            self._left.appendleft(part)
            return
        self._write(part, files)
        self._give(actor)

    def _give(self, actor: Any) -> None:  # noqa: ANN401
        if self._left:
            part = self._left.popleft()
            self._working[actor.do.remote(part)] = actor, part

    def _result(self, asked: Any, part: Part | None = None) -> Any:  # noqa: ANN401
        """What was answered; None if the worker or its node died. Raises AuditError once a part failed too often."""
        try:
            return self._ray.get(asked)
        except self._ray.exceptions.RayError as error:
            self._failures[part] += 1
            if self._failures[part] >= MOST_FAILURES:
                said = str(getattr(error, "cause", None) or error).strip().splitlines()[-1]
                raise AuditError(_FAILED.format(MOST_FAILURES, said)) from error
            return None

    def _write(self, part: Part, files: Files) -> None:
        for name in sorted(files, key=lambda name: Path(name).name.startswith("rows-")):  # which say that it is done
            with replacing(self._work.store.root / name) as partial:
                partial.write_bytes(files[name])
        rows = pq.read_table(self._work.store.root / f"parts/rows-{part.name}.parquet", columns=["path", "error"])
        failed = len(pc.unique(rows.filter(pc.not_equal(rows["error"], ""))["path"]))
        self._work.breathe(len(part.entries), failed)

    def _too_little(self) -> str:
        free, total = (each().get("CPU", 0.0) for each in (self._ray.available_resources, self._ray.cluster_resources))
        return _TOO_LITTLE.format(DEADLINE, self._threads, free, total)
