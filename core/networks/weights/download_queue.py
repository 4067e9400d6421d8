"""Downloads in the background, each shared by everybody who asked for it."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Literal

from core.errors import DownloadError
from core.networks.catalogue import NetworkSpec, lookup
from core.networks.weights.download import download

_WINDOW = 5.0  # seconds over which the speed is a mean
_LEAST = 0.5  # seconds below which it would be a guess

_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Job:
    """One download: its thread writes, everybody else reads.

    done, total: bytes. state: "waiting" while another download of this process runs. speed: bytes a second, of
    late; 0 if nothing arrives, or not known yet. problem: a sentence, or "". cancelled: somebody wants it to end,
    which it does shortly. ended: its thread has left.
    """

    total: int
    done: int = 0
    state: Literal["waiting", "running"] = "waiting"
    speed: float = 0.0
    problem: str = ""
    cancelled: bool = False
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def is_active(self) -> bool:
        """Whether it goes on, as far as anybody wants."""
        return not (self.cancelled or self.ended.is_set())

    @property
    def seconds_left(self) -> float | None:
        """At the present speed; None while that is not known."""
        speed = self.speed  # once: its thread may set it to 0 at any time
        return (self.total - self.done) / speed if speed > 0 else None


class Downloads:
    """All downloads of a process, by network; one runs at a time, so that each finds the disk as it is.

    clock: seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._jobs: dict[str, Job] = {}
        self._queue: deque[Job] = deque()  # the first one runs
        self._moved = threading.Condition()  # guards both

    def job(self, name: str) -> Job | None:
        """The running or last download of a network's weights; name: as `lookup` knows it."""
        return self._jobs.get(lookup(name).name)

    def start(self, name: str) -> None:
        """Begin to download, unless it is being downloaded already (a double click, or another visitor)."""
        spec = lookup(name)
        with self._moved:
            last = self._jobs.get(spec.name)
            if last is not None and last.is_active:
                return
            job = Job(total=spec.weights.size)
            thread = threading.Thread(target=self._run, args=(spec, job), daemon=True, name=f"download {spec.name}")
            thread.start()  # waits for _moved; if it cannot start, nobody waits for it
            self._jobs[spec.name] = job
            self._queue.append(job)

    def cancel(self, name: str) -> None:
        """End a download: at once if it waits, else with the next bytes or the next pause. What arrived stays."""
        with self._moved:
            job = self.job(name)
            if job is None or not job.is_active:
                return
            job.cancelled = True
            if job.state == "waiting":
                job.ended.set()
            self._leave(job)  # the next one need not wait for a read that hangs

    def _run(self, spec: NetworkSpec, job: Job) -> None:
        pace = Pace(self._clock)

        def progress(done: int, total: int) -> None:
            if job.cancelled:
                raise _Cancelled
            job.done, job.total, job.speed = done, total, pace.at(done)

        try:
            with self._turn(job):
                download(spec, progress)
        except _Cancelled:
            pass
        except DownloadError as error:
            job.problem = str(error)
        except Exception:  # a bug of ours, or of a library: the reader gets a sentence, the log has the rest
            _log.exception("the download of %s failed", spec.name)
            job.problem = f"The download of {spec.title} failed in a way we did not foresee. Try again."
        finally:
            job.ended.set()

    @contextmanager
    def _turn(self, job: Job) -> Iterator[None]:
        with self._moved:
            self._moved.wait_for(lambda: job.cancelled or self._queue[0] is job)
            if job.cancelled:
                raise _Cancelled
            job.state = "running"
        try:
            yield
        finally:
            self._leave(job)

    def _leave(self, job: Job) -> None:
        with self._moved:
            if job in self._queue:
                self._queue.remove(job)
            self._moved.notify_all()


class _Cancelled(Exception):
    """Raised where progress is reported, so that a download ends."""


class Pace:
    """How fast bytes arrive, from when how many were there."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._seen: deque[tuple[float, int]] = deque()  # (seconds, bytes)

    def at(self, done: int) -> float:
        """Bytes a second over the last seconds, when `done` bytes are there; 0 if it is too early to say."""
        now = self._clock()
        if self._seen and done < self._seen[-1][1]:
            self._seen.clear()  # it started over
        self._seen.append((now, done))
        while len(self._seen) > 1 and self._seen[1][0] <= now - _WINDOW:
            self._seen.popleft()
        then, before = self._seen[0]
        return (done - before) / (now - then) if now - then >= _LEAST else 0.0
