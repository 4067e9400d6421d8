"""Downloads in the background, each shared by everybody who asked for it."""

import threading
from dataclasses import dataclass, field

from core.errors import DownloadError
from core.networks.download import download
from core.networks.registry import architecture


@dataclass(slots=True)
class Job:
    """One download: its thread writes, everybody else reads. done, total: bytes. problem: a sentence, or ""."""

    total: int
    done: int = 0
    problem: str = ""
    ended: threading.Event = field(default_factory=threading.Event)


class Downloads:
    """All downloads of a process, by network name; one runs at a time, so that each finds the disk as it is."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()
        self._one_at_a_time = threading.Lock()

    def job(self, name: str) -> Job | None:
        """The running or last download of a network's weights."""
        return self._jobs.get(name)

    def start(self, name: str) -> None:
        """Begin to download, unless it is being downloaded already (a double click, or another visitor)."""
        with self._lock:
            job = self._jobs.get(name)
            if job is None or job.ended.is_set():
                job = self._jobs[name] = Job(total=architecture(name).weights.size)
                threading.Thread(target=self._run, args=(name, job), daemon=True, name=f"download {name}").start()

    def _run(self, name: str, job: Job) -> None:
        def progress(done: int, total: int) -> None:
            job.done, job.total = done, total

        try:
            with self._one_at_a_time:
                download(architecture(name), progress)
        except DownloadError as error:
            job.problem = str(error)
        finally:
            job.ended.set()
