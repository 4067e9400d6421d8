"""The box of missing weights: what it offers, what it shows of a download, and how that reads."""

import pytest
from streamlit.testing.v1 import AppTest

import core.ui.controls.downloads as box
from core import service
from core.networks.catalogue import lookup
from core.networks.weights.download import partial_path, weights_path
from core.networks.weights.download_queue import Downloads, Job
from core.ui.controls.downloads import progress_text

SECONDS = 60  # that a test waits at most: a thread starts late on a busy computer


MB = 10**6


@pytest.mark.parametrize(
    ("speed", "seconds", "words"),
    [
        (8.4 * MB, 54, "VGG-19: 120 of 575 MB, 8.4 MB/s, 54 s left"),
        (42_000, 10_834, "VGG-19: 120 of 575 MB, 42 kB/s, 3 h 1 min left"),
        (0, None, "VGG-19: 120 of 575 MB"),
    ],
)
def test_progress_is_said_with_speed_and_time_left(speed, seconds, words):
    assert progress_text("VGG-19", 120 * MB, 575 * MB, speed, seconds) == words


def test_a_file_that_is_whole_is_being_checked():
    assert progress_text("VGG-19", 575 * MB, 575 * MB, 8.4 * MB, 0) == "VGG-19: 575 MB, being checked"


def page(*names):
    import streamlit as st

    from core.ui.controls.downloads import offer

    st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    offer(st.container(), names)


@pytest.fixture
def shown(monkeypatch):
    """Jobs in place of downloads, and the box with them: shown(**jobs) -> a function from networks to the app."""

    def show(**jobs):
        downloads = Downloads()
        downloads._jobs.update(jobs)
        monkeypatch.setattr(service, "downloads", lambda: downloads)
        monkeypatch.setattr(downloads, "start", started.append)
        return lambda *names: AppTest.from_function(page, args=names, default_timeout=SECONDS).run()

    monkeypatch.delenv("LIMELIGHT_OFFLINE", raising=False)
    started = []
    show.started = started
    return show


def running(**more):
    return Job(total=575 * MB, done=120 * MB, state="running", **more)


def progress(app):
    return [(element.proto.value, element.proto.text) for element in app.get("progress")]


def labels(app):
    return [button.label for button in app.button]


def test_nothing_missing_shows_no_box(shown):
    app = shown()()
    assert (labels(app), len(app.markdown)) == ([], 0)


def test_one_missing_network_is_offered_with_its_size(shown):
    app = shown()("alexnet")
    assert labels(app) == ["Download AlexNet, 244 MB"]
    app.button(key="fetch_alexnet").click().run()
    assert shown.started == ["alexnet"]


def test_what_has_arrived_is_offered_to_be_continued(shown):
    partial = partial_path(lookup("alexnet"))
    partial.parent.mkdir(parents=True)
    partial.write_bytes(bytes(44 * MB))
    app = shown()("alexnet", "resnet18")
    assert labels(app) == ["Continue AlexNet, 44 of 244 MB", "Download ResNet-18, 47 MB", "Download all, 247 MB"]


def test_all_can_be_started_with_one_click(shown):
    app = shown()("alexnet", "vgg19", "resnet18")
    app.button(key="fetch_all").click().run()
    assert shown.started == ["alexnet", "vgg19", "resnet18"]


def test_a_download_shows_its_progress_and_the_next_one_that_it_waits(shown):
    app = shown(vgg19=running(speed=8.4 * MB), alexnet=Job(total=244 * MB))("vgg19", "alexnet", "resnet18")
    assert not app.exception
    assert progress(app) == [
        (20, "VGG-19: 120 of 575 MB, 8.4 MB/s, 55 s left"), (0, "AlexNet, 244 MB: waiting for another download"),
    ]  # fmt: skip
    assert labels(app) == ["Cancel", "Cancel", "Download ResNet-18, 47 MB"]


def test_cancel_brings_the_offer_back_without_an_error(shown):
    job = running()
    app = shown(vgg19=job)("vgg19")
    app.button(key="cancel_vgg19").click().run()
    assert job.cancelled
    assert labels(app) == ["Download VGG-19, 575 MB"]
    assert (len(app.error), progress(app)) == (0, [])


def test_the_whole_page_runs_again_when_weights_have_come(shown, monkeypatch):
    answers = iter([True])
    monkeypatch.setattr(box, "on_disk", lambda spec: next(answers, False))
    app = shown(vgg19=running())("vgg19")
    assert app.session_state["runs"] == 2


def test_the_whole_page_runs_again_when_nothing_is_left_to_watch(shown, monkeypatch):
    job = running()
    answers = iter([job])
    monkeypatch.setattr(box, "_active", lambda name: next(answers, None))
    app = shown(vgg19=job)("vgg19")
    assert app.session_state["runs"] == 2
    assert labels(app) == ["Download VGG-19, 575 MB"]


def test_a_failed_download_shows_its_sentence_below_its_offer(shown):
    job = running(problem="The weights could not be downloaded: because.")
    job.ended.set()
    app = shown(vgg19=job)("alexnet", "vgg19")
    assert [error.value for error in app.error] == [job.problem]
    assert labels(app) == ["Download AlexNet, 244 MB", "Download VGG-19, 575 MB", "Download all, 819 MB"]


def test_offline_the_box_has_no_button_and_says_which_file_to_put_where(shown, monkeypatch):
    monkeypatch.setenv("LIMELIGHT_OFFLINE", "1")
    app = shown()("alexnet", "vgg19")
    assert labels(app) == []
    text = app.markdown[-1].value
    assert text.startswith("Downloads are switched off on this server")
    for name in ("alexnet", "vgg19"):
        spec = lookup(name)
        assert f"{spec.weights.url} as `{weights_path(spec)}`" in text
