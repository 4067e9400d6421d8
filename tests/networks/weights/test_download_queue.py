"""Downloads in the background, one at a time and shared by all who asked."""

import logging
import threading
import time
from dataclasses import dataclass, field

import pytest

import core.networks.weights.download_queue as background
from core.errors import DownloadError
from core.networks.weights.download_queue import Downloads, Pace

SECONDS = 60  # that a test waits at most: a thread starts late on a busy computer
MB = 10**6


@dataclass
class Fetching:
    """In place of `download`: says its bytes one step at a time, when it is told to."""

    calls: list = field(default_factory=list)
    steps: dict = field(default_factory=dict)  # name -> (bytes there, go on)
    began: dict = field(default_factory=dict)

    def will(self, name, *done):
        """Report these numbers of bytes, each after a `go` of its own."""
        self.steps[name] = [(bytes_there, threading.Event()) for bytes_there in done]
        self.began[name] = threading.Event()

    def go(self, name, step):
        self.steps[name][step][1].set()

    def __call__(self, spec, progress):
        self.calls.append(spec.name)
        self.began[spec.name].set()
        for done, event in self.steps[spec.name]:
            assert event.wait(SECONDS)
            progress(done, 1000)


@pytest.fixture
def fetching(monkeypatch):
    fake = Fetching()
    monkeypatch.setattr(background, "download", fake)
    return fake


def failing(error):
    def download(spec, progress):
        raise error

    return download


def until(condition):
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def test_asking_twice_downloads_once_and_shows_one_progress(fetching):
    fetching.will("alexnet", 7, 1000)
    downloads = Downloads()
    downloads.start("alexnet")
    job = downloads.job("alexnet")
    fetching.go("alexnet", 0)
    until(lambda: job.done == 7)
    downloads.start("alexnet")
    assert downloads.job("alexnet") is job
    assert (job.state, job.total, job.is_active) == ("running", 1000, True)
    fetching.go("alexnet", 1)
    assert job.ended.wait(SECONDS)
    assert (fetching.calls, job.done, job.problem, job.is_active) == (["alexnet"], 1000, "", False)


def test_two_names_of_the_same_weights_are_one_download(fetching):
    fetching.will("resnet50", 1)
    downloads = Downloads()
    downloads.start("resnet50:IMAGENET1K_V2")  # torchvision's default
    downloads.start("resnet50")
    assert downloads.job("resnet50") is downloads.job("resnet50:IMAGENET1K_V2")
    fetching.go("resnet50", 0)
    assert downloads.job("resnet50").ended.wait(SECONDS)
    assert fetching.calls == ["resnet50"]


def test_the_next_one_waits_until_the_first_has_ended(fetching):
    fetching.will("alexnet", 1)
    fetching.will("vgg19", 1)
    fetching.will("resnet18", 1)
    downloads = Downloads()
    for name in ("alexnet", "vgg19", "resnet18"):
        downloads.start(name)
    jobs = [downloads.job(name) for name in ("alexnet", "vgg19", "resnet18")]
    assert fetching.began["alexnet"].wait(SECONDS)
    assert [job.state for job in jobs] == ["running", "waiting", "waiting"]
    fetching.go("resnet18", 0)
    fetching.go("alexnet", 0)
    assert fetching.began["vgg19"].wait(SECONDS)
    assert [job.state for job in jobs] == ["running", "running", "waiting"]
    assert jobs[0].ended.wait(SECONDS)  # it gives its turn away before that
    fetching.go("vgg19", 0)
    assert jobs[2].ended.wait(SECONDS)
    assert fetching.calls == ["alexnet", "vgg19", "resnet18"]


def test_a_failure_is_kept_as_a_sentence_and_may_be_tried_again(monkeypatch):
    monkeypatch.setattr(background, "download", failing(DownloadError("no way")))
    downloads = Downloads()
    downloads.start("alexnet")
    job = downloads.job("alexnet")
    assert job.ended.wait(SECONDS)
    assert job.problem == "no way"
    downloads.start("alexnet")
    assert downloads.job("alexnet") is not job
    assert downloads.job("alexnet").ended.wait(SECONDS)


def test_a_failure_nobody_foresaw_is_a_sentence_and_in_the_log_and_the_next_one_runs(monkeypatch, caplog):
    monkeypatch.setattr(background, "download", failing(ZeroDivisionError("a bug")))
    downloads = Downloads()
    with caplog.at_level(logging.ERROR):
        downloads.start("alexnet")
        downloads.start("vgg19")
        assert downloads.job("alexnet").ended.wait(SECONDS)
        assert downloads.job("vgg19").ended.wait(SECONDS)
    sentence = "The download of AlexNet failed in a way we did not foresee. Try again."
    assert downloads.job("alexnet").problem == sentence
    assert "ZeroDivisionError: a bug" in caplog.text


def test_a_thread_that_cannot_start_blocks_nobody(monkeypatch, fetching):
    downloads = Downloads()
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", lambda thread: failing(RuntimeError("no threads"))(0, 0))
        with pytest.raises(RuntimeError, match="no threads"):
            downloads.start("alexnet")
    assert downloads.job("alexnet") is None
    fetching.will("alexnet")
    downloads.start("alexnet")
    assert downloads.job("alexnet").ended.wait(SECONDS)


def test_a_network_nobody_asked_for_has_no_job():
    downloads = Downloads()
    assert downloads.job("alexnet") is None
    downloads.cancel("alexnet")
    assert downloads.job("alexnet") is None


def test_offline_a_download_ends_with_a_sentence(monkeypatch):
    monkeypatch.setenv("LIMELIGHT_OFFLINE", "1")
    downloads = Downloads()
    downloads.start("alexnet")
    assert downloads.job("alexnet").ended.wait(SECONDS)
    assert "downloads are switched off on this server" in downloads.job("alexnet").problem


def test_a_running_download_ends_with_the_next_bytes_when_it_is_cancelled(fetching):
    fetching.will("alexnet", 1, 2, 3)
    downloads = Downloads()
    downloads.start("alexnet")
    job = downloads.job("alexnet")
    fetching.go("alexnet", 0)
    until(lambda: job.done == 1)
    downloads.cancel("alexnet")
    assert not job.is_active
    assert not job.ended.is_set()
    fetching.go("alexnet", 1)
    assert job.ended.wait(SECONDS)
    assert (job.done, job.cancelled, job.problem) == (1, True, "")
    assert downloads.job("alexnet") is job


def test_a_waiting_download_ends_at_once_when_it_is_cancelled(fetching):
    fetching.will("alexnet", 1)
    downloads = Downloads()
    downloads.start("alexnet")
    assert fetching.began["alexnet"].wait(SECONDS)
    downloads.start("vgg19")
    job = downloads.job("vgg19")
    downloads.cancel("vgg19")
    assert job.ended.is_set()
    fetching.go("alexnet", 0)
    assert downloads.job("alexnet").ended.wait(SECONDS)
    assert fetching.calls == ["alexnet"]
    assert (job.cancelled, job.problem) == (True, "")


def test_after_a_cancel_the_same_and_others_start_at_once_even_while_a_read_hangs(fetching):
    fetching.will("alexnet", 1)
    fetching.will("vgg19", 1)
    downloads = Downloads()
    downloads.start("alexnet")
    first = downloads.job("alexnet")
    assert fetching.began["alexnet"].wait(SECONDS)
    downloads.cancel("alexnet")
    downloads.start("alexnet")
    second = downloads.job("alexnet")
    assert second is not first
    until(lambda: fetching.calls == ["alexnet", "alexnet"])
    fetching.go("alexnet", 0)
    assert second.ended.wait(SECONDS)
    assert first.ended.wait(SECONDS)
    assert (first.done, second.done) == (0, 1)
    downloads.start("vgg19")
    fetching.go("vgg19", 0)
    assert downloads.job("vgg19").ended.wait(SECONDS)
    assert downloads.job("vgg19").done == 1


def test_what_has_ended_cannot_be_cancelled(fetching):
    fetching.will("alexnet")
    downloads = Downloads()
    downloads.start("alexnet")
    job = downloads.job("alexnet")
    assert job.ended.wait(SECONDS)
    downloads.cancel("alexnet")
    assert not job.cancelled


# Speed


def paced(*samples):
    """The speed after samples of (seconds, bytes)."""
    clock = iter([seconds for seconds, _ in samples])
    pace = Pace(lambda: next(clock))
    return [pace.at(done) for _, done in samples][-1]


@pytest.mark.parametrize(
    ("samples", "speed"),
    [
        ([(0, 0)], 0),
        ([(0, 0), (0, 100)], 0),
        ([(0, 0), (0.4, 100)], 0),  # too early to say
        ([(0, 0), (2, 100)], 50),
        ([(0, 500), (2, 600)], 50),  # what was there before does not count
        ([(0, 0), (10, 1000), (15, 1100), (20, 1200)], 20),  # of late
        ([(0, 0), (1, 1000), (7, 1000), (13, 1000)], 0),  # nothing arrives
        ([(0, 1000), (1, 2000), (2, 0), (4, 100)], 50),  # it started over
    ],
)
def test_the_speed_is_that_of_the_last_seconds(samples, speed):
    assert paced(*samples) == speed


def test_a_job_knows_its_speed_and_the_time_that_is_left(fetching):
    now = iter([0.0, 2.0])
    fetching.will("alexnet", 100, 300)
    downloads = Downloads(clock=lambda: next(now))
    downloads.start("alexnet")
    job = downloads.job("alexnet")
    assert (job.speed, job.seconds_left) == (0, None)
    fetching.go("alexnet", 0)
    fetching.go("alexnet", 1)
    assert job.ended.wait(SECONDS)
    assert (job.speed, job.seconds_left) == (100, 7)
