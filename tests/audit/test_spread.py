"""Parts on a cluster: what the driver does when workers die, are too few or cannot begin; with a made cluster, and with
Ray itself on two nodes of a network that has loopback alone, where it is installed."""

import importlib.util
import json
import pickle
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from core.audit import spread
from core.audit.collection import Folder, Zip
from core.audit.run import run
from core.audit.settings import Settings
from core.audit.spread import on_ray
from core.errors import AuditError
from tests.audit.made import fill

ROOT = Path(__file__).parents[2]


class RayError(Exception):
    """What Ray raises for whoever died."""


class Cluster:
    """As much of Ray as the driver uses: actors live in this process, and die when `dies(method, count)` says so."""

    exceptions = SimpleNamespace(RayError=RayError)

    def __init__(self, processors=2.0, dies=lambda method, count: False, answers=True):
        self.processors, self.dies, self.answers = processors, dies, answers
        self.asked, self.hired, self.addresses = [], 0, []

    def init(self, address, **settings):
        if address == "nobody:1":
            raise ConnectionError
        self.addresses.append(address)

    def shutdown(self):
        self.addresses.append("left")

    def put(self, value):
        return value

    def cluster_resources(self):
        return {"CPU": self.processors}

    def available_resources(self):
        return {"CPU": 0.0}

    def remote(self, kind):
        self.kind = kind
        return self

    def options(self, **settings):
        assert settings["max_restarts"] == 0
        return SimpleNamespace(remote=self.hire)

    def hire(self, given):
        self.hired += 1
        worker = self.kind(given)
        ready, do = (SimpleNamespace(remote=self.asks(worker, name)) for name in ("ready", "do"))
        return SimpleNamespace(ready=ready, do=do)

    def asks(self, worker, method):
        def remote(*arguments):
            self.asked.append(method)
            dead = self.dies(method, self.asked.count(method))
            return _Asked(None if dead else lambda: getattr(worker, method)(*arguments))

        return remote

    def wait(self, asked, timeout):
        return (asked[:1], asked[1:]) if self.answers else ([], asked)

    def get(self, asked):
        if asked.work is None:
            raise RayError("the worker died")
        return asked.work()


class _Asked:
    def __init__(self, work):
        self.work = work


@pytest.fixture(autouse=True)
def token(monkeypatch):
    monkeypatch.setenv("RAY_AUTH_MODE", "token")
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")


@pytest.fixture
def photos(tmp_path):
    return Folder(fill(tmp_path / "photos", 50))


def by(cluster, monkeypatch, photos, spec, out):
    monkeypatch.setitem(sys.modules, "ray", cluster)
    return run(photos, [spec], Settings((spec.name,)), out, do=on_ray("somewhere:6379"))


def rows_of(store):
    return store.rows().to_table().drop_columns("seconds").sort_by("picture")


@pytest.mark.parametrize(
    "dies",
    [
        lambda method, count: False,
        lambda method, count: method == "do" and count == 2,
        lambda method, count: method == "ready" and count == 1,
        lambda method, count: method == "do" and count in (1, 2, 4, 5),
    ],
    ids=["nobody dies", "one dies at work", "one dies before", "several die"],
)
def test_rows_are_those_of_one_machine_whoever_dies(dies, monkeypatch, photos, spec, tmp_path):
    cluster = Cluster(dies=dies)
    store = by(cluster, monkeypatch, photos, spec, tmp_path / "spread")
    alone = run(photos, [spec], Settings((spec.name,)), tmp_path / "alone")
    assert rows_of(store).equals(rows_of(alone))
    assert store.thumbnails().to_table().sort_by("picture").equals(alone.thumbnails().to_table().sort_by("picture"))
    assert cluster.addresses == ["somewhere:6379", "left"]


def test_what_always_fails_ends_with_a_sentence_and_what_was_done_stays(monkeypatch, photos, spec, tmp_path):
    cluster = Cluster(dies=lambda method, count: method == "do" and count > 1)
    with pytest.raises(AuditError, match="5 workers failed, one after the other, the last with: the worker died"):
        by(cluster, monkeypatch, photos, spec, tmp_path / "out")
    store = by(Cluster(), monkeypatch, photos, spec, tmp_path / "out")
    assert store.about["counts"]["done"] == 150


def test_a_cluster_that_gives_no_place_is_left_at_a_deadline(monkeypatch, photos, spec, tmp_path):
    monkeypatch.setattr(spread, "DEADLINE", 0.2)
    with pytest.raises(AuditError, match=r"no worker its place within 0 s: one takes .* 0 of its 2 are free"):
        by(Cluster(answers=False), monkeypatch, photos, spec, tmp_path / "out")


def test_a_node_that_does_not_see_the_pictures_is_told_and_no_row_is_written(monkeypatch, photos, spec, tmp_path):
    cluster = Cluster()

    def moved(given):
        return replace(given, collection=Folder(tmp_path / "elsewhere"))

    cluster.put = moved
    with pytest.raises(AuditError, match=r"A node cannot begin\. A node does not see elsewhere"):
        by(cluster, monkeypatch, photos, spec, tmp_path / "out")
    assert not list((tmp_path / "out").rglob("rows-*"))


def test_no_more_workers_than_processors_and_than_parts(monkeypatch, photos, spec, tmp_path):
    cluster = Cluster(processors=64.0)
    by(cluster, monkeypatch, photos, spec, tmp_path / "out")
    assert cluster.hired == 3  # parts


def test_a_checkpoints_weights_come_with_the_work(monkeypatch, photos, spec, tmp_path):
    cluster = Cluster()
    given = []
    cluster.put = lambda value: given.append(value) or value
    by(cluster, monkeypatch, photos, spec, tmp_path / "out")
    (share,) = given
    assert share.weights[spec.name] == (spec.weights.folder / spec.weights.name).read_bytes()


def test_a_zip_travels_by_its_path(tmp_path, photos):
    shutil.make_archive(str(tmp_path / "photos"), "zip", photos.root)
    archive = Zip(tmp_path / "photos.zip")
    assert pickle.loads(pickle.dumps(archive)).entries() == archive.entries()


def test_a_cluster_without_a_token_is_refused(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", Cluster())
    monkeypatch.delenv("RAY_AUTH_MODE")
    with pytest.raises(AuditError, match="has to ask for a token"):
        on_ray("somewhere:6379")


def test_without_ray_and_without_a_cluster_it_is_said_what_to_do(monkeypatch, photos, spec, tmp_path):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(AuditError, match="Ray is not installed"):
        on_ray("somewhere:6379")
    monkeypatch.setitem(sys.modules, "ray", Cluster())
    with pytest.raises(AuditError, match="no Ray cluster at nobody:1"):
        run(photos, [spec], Settings((spec.name,)), tmp_path / "out", do=on_ray("nobody:1"))


@pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="Ray is not installed: requirements-ray.txt")
@pytest.mark.skipif(shutil.which("unshare") is None, reason="no network namespaces here")
@pytest.mark.timeout(600)
@pytest.mark.parametrize("killed", ["nobody", "worker", "node", "driver"])
def test_on_two_nodes_rows_and_findings_are_those_of_one_machine(killed, tmp_path):
    command = ["unshare", "-rn", sys.executable, "-m", "tests.audit.ray_trial", killed, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    said = json.loads(done.stdout.splitlines()[-1])
    assert said == {"killed": killed, "rows": 150, "distinct": 150, "same rows": True, "same findings": True}
