"""An audit in a thread of its own: it goes on while its page is drawn anew, and ends with the session at the latest."""

import logging
import threading
import weakref
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path

from core.audit.collection import Collection
from core.audit.findings.find import find
from core.audit.progress import Progress
from core.audit.run import run
from core.audit.settings import Settings
from core.audit.store import Store
from core.errors import LimelightError
from core.networks.catalogue import NetworkSpec
from core.networks.graph.network import Network
from core.runtime.fair_queue import FairQueue
from core.ui.frame.folder import writing
from core.wording import counted

_BROKE_OFF = "The audit broke off for a reason that was not foreseen, and the server's log has it: begin it again."


@dataclass(frozen=True, slots=True)
class Ask:
    """What is to be audited, and where its files go."""

    collection: Collection
    specs: tuple[NetworkSpec, ...]
    settings: Settings
    out: Path


@dataclass(frozen=True, slots=True)
class Shared:
    """What an audit shares with all other work on the server.

    audits: at most so many at once. holding: a network, for a block.
    """

    computing: FairQueue
    audits: FairQueue
    holding: Callable[[NetworkSpec], AbstractContextManager[Network]]


class _Stopped(Exception):
    pass


class _Work:
    """What the thread does and says; it holds nothing of the session."""

    def __init__(self, ask: Ask, shared: Shared) -> None:
        self.ask, self.shared = ask, shared
        self.stop, self.ended = threading.Event(), threading.Event()
        self.said, self.share, self.problem = "Waiting for a turn…", 0.0, ""
        self.store: Store | None = None

    def do(self) -> None:
        try:
            with writing():
                self._do()
        except _Stopped:
            self.said = "Stopped. What was done is kept: begin again to go on."
        except LimelightError as error:
            self.problem = str(error)
        except Exception:
            logging.getLogger(__name__).exception("an audit broke off")
            self.problem = _BROKE_OFF
        finally:
            self.ended.set()

    def _do(self) -> None:
        ask = self.ask
        with self.shared.audits.turn(self._waiting), ExitStack() as stack:
            pass_on = stack.enter_context(self.shared.computing.turn(self._waiting))
            held = {spec.name: stack.enter_context(self.shared.holding(spec)) for spec in ask.specs}

            def watch(progress: Progress) -> None:
                self.said, self.share = str(progress), progress.done / max(1, progress.total)
                self._check()
                pass_on()

            def load(spec: NetworkSpec) -> Network:
                return held[spec.name]

            store = run(ask.collection, ask.specs, ask.settings, ask.out, watch, load=load)
            find(store, ask.collection, ask.specs, watch, load=load)
            self.store = store

    def _waiting(self, places: int) -> None:
        self.said = f"Waiting: {counted(places, 'other comes', 'others come')} first."
        self._check()

    def _check(self) -> None:
        if self.stop.is_set():
            raise _Stopped


class Job:
    """A running or finished audit, as its session holds it; once nobody holds it, it is stopped."""

    def __init__(self, ask: Ask, shared: Shared) -> None:
        self._work = _Work(ask, shared)
        weakref.finalize(self, self._work.stop.set)
        threading.Thread(target=self._work.do, name="audit", daemon=True).start()

    def stop(self) -> None:
        """End it soon; what is done stays."""
        self._work.stop.set()

    @property
    def ask(self) -> Ask:
        """What it was asked."""
        return self._work.ask

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will come, done or not."""
        return self._work.ended.is_set()

    @property
    def said(self) -> str:
        """How far it is, or how it ended."""
        return self._work.said

    @property
    def share(self) -> float:
        """Of its present part, that is done."""
        return self._work.share

    @property
    def problem(self) -> str:
        """Why it ended, "" if it did not fail."""
        return self._work.problem

    @property
    def store(self) -> Store | None:
        """What it found, once it is finished."""
        return self._work.store
