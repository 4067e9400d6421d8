"""Downloads in the background: one thread a network, whoever asks."""

import threading

import core.networks.background as background
from core.errors import DownloadError
from core.networks.background import Downloads


def test_asking_twice_downloads_once_and_shows_one_progress(monkeypatch):
    go_on, calls = threading.Event(), []

    def download(known, progress):
        calls.append(known.name)
        progress(7, 70)
        go_on.wait(10)

    monkeypatch.setattr(background, "download", download)
    downloads = Downloads()
    downloads.start("alexnet")
    downloads.start("alexnet")
    job = downloads.job("alexnet")
    go_on.set()
    assert job.ended.wait(10)
    assert (calls, job.done, job.total, job.problem) == (["alexnet"], 7, 70, "")


def test_a_failure_is_kept_as_a_sentence_and_may_be_tried_again(monkeypatch):
    def download(known, progress):
        raise DownloadError("no way")

    monkeypatch.setattr(background, "download", download)
    downloads = Downloads()
    downloads.start("alexnet")
    job = downloads.job("alexnet")
    assert job.ended.wait(10)
    assert job.problem == "no way"
    downloads.start("alexnet")
    assert downloads.job("alexnet") is not job


def test_a_network_nobody_asked_for_has_no_job():
    assert Downloads().job("alexnet") is None
