"""A disk that is full, or becomes so meanwhile: a sentence, nothing half written is left, and the rest works."""

import io
import threading
from contextlib import nullcontext
from functools import partial

import numpy as np
import pytest
import torch
from PIL import Image

from core.audit.collection import Entry, Uploads
from core.audit.reading import framed
from core.audit.run import run
from core.audit.settings import Settings
from core.errors import DiskError, DownloadError, NoRoom
from core.images.apart.ask import anonymous
from core.images.decode import decode_image
from core.networks.load import load_network
from core.networks.weights.download import download
from core.runtime.fair_queue import FairQueue
from core.ui.audit.job import Ask, Job, Shared
from core.ui.frame import folder
from tests.audit.made import COLOURS, colours, picture, png
from tests.images.apart.made_pictures import dicom
from tests.networks.made_weights import write_random_weights
from tests.networks.weights.serving import CONTENT, QUARTER, ignore, made, wait_until, waiting_at

NAME = "squeezenet1_1"  # 5 MB


@pytest.fixture
def hub(disk, monkeypatch):
    """Weights and copies of them are on the small disk."""
    monkeypatch.setattr(torch.hub, "_hub_dir", str(disk.root / "hub"))
    monkeypatch.setenv("LIMELIGHT_CACHE", str(disk.root / "cache"))
    (disk.root / "hub" / "checkpoints").mkdir(parents=True)
    return disk.root / "hub" / "checkpoints"


def files(disk):
    """All but the ballast, and what holds no bytes, such as a lock."""
    return [path for path in disk.root.rglob("*") if path.is_file() and path != disk.ballast and path.stat().st_size]


def test_a_download_that_finds_the_disk_full_halfway_leaves_nothing_and_can_be_begun_again(disk, hub, server, pauses):
    gate = threading.Event()
    server.answers.append(partial(waiting_at, QUARTER, gate))
    problems = []

    def fetch():
        try:
            download(made(), ignore)
        except DownloadError as error:
            problems.append(str(error))

    thread = threading.Thread(target=fetch)
    thread.start()
    wait_until(lambda: any(path.suffix == ".partial" and path.stat().st_size >= QUARTER for path in files(disk)))
    disk.fill()
    gate.set()
    thread.join()
    assert len(problems) == 1
    assert "the disk is full (what had arrived is deleted again): make room first" in problems[0]
    assert files(disk) == []
    disk.make_room()
    assert download(made(), ignore).read_bytes() == CONTENT


def test_a_network_is_prepared_in_memory_and_its_copy_comes_when_there_is_room(disk, hub):
    write_random_weights(NAME, hub)
    image = torch.ones(1, 3, 64, 64)
    disk.fill(left=100_000)
    found = load_network(NAME, "cpu")(image)
    assert [path.parent for path in files(disk)] == [hub]
    disk.make_room()
    assert torch.equal(load_network(NAME, "cpu")(image), found)
    assert [path.suffix for path in files(disk) if path.parent != hub] == [".pt"]


def test_an_audit_breaks_off_with_a_sentence_and_goes_on_when_there_is_room(disk, tmp_path):
    spec = colours(tmp_path)
    pictures = Uploads({f"{colour}/{i}.png": png(picture(colour, i)) for colour in COLOURS for i in range(20)})
    ask = Ask(pictures, (spec,), Settings((spec.name,)), disk.root / "out")
    shared = Shared(FairQueue(1), FairQueue(1), lambda spec: nullcontext(load_network(spec)))

    def ended():
        job = Job(ask, shared)
        wait_until(lambda: job.has_ended)
        return job

    disk.fill(left=8192)
    assert ended().problem == "The server's disk is full: make room there, then try again."
    disk.make_room()
    job = ended()
    assert job.problem == ""
    whole = run(pictures, [spec], ask.settings, tmp_path / "elsewhere")
    found, expected = (store.rows().to_table().drop_columns("seconds") for store in (job.store, whole))
    assert found.equals(expected)


def test_a_session_without_room_for_its_files_is_told_so(disk, monkeypatch):
    monkeypatch.setattr(folder.tempfile, "tempdir", str(disk.root))
    monkeypatch.setattr(folder.st, "session_state", {})
    disk.fill()
    with pytest.raises(DiskError, match="make room there"), folder.writing():
        (folder.session_folder() / "file").write_bytes(bytes(100_000))
    disk.make_room()
    (folder.session_folder() / "file").write_bytes(bytes(100_000))


def tiff():
    written = io.BytesIO()
    Image.fromarray(np.full((600, 800, 3), 90, np.uint8)).save(written, "TIFF", compression="tiff_lzw")
    return written.getvalue()


READERS = {
    "picture": (tiff, lambda data: decode_image(data).size),
    "picture of an audit": (tiff, lambda data: framed(Uploads({"a.tif": data}), Entry("a.tif", 0), [], "crop").error),
    "patient's picture": (lambda: dicom(np.zeros((600, 800), np.uint16)), lambda data: len(anonymous(data)) > 900_000),
}


@pytest.mark.parametrize("left", [0, 1_000_000], ids=["full", "full while the other process writes"])
@pytest.mark.parametrize("what", READERS)
def test_a_picture_that_is_read_apart_is_not_called_damaged(what, left, disk, monkeypatch):
    make, read = READERS[what]
    data = make()
    monkeypatch.setattr(folder.tempfile, "tempdir", str(disk.root))
    disk.fill(left)
    with pytest.raises(NoRoom):
        read(data)
    disk.make_room()
    assert read(data) is not None
    assert files(disk) == []
