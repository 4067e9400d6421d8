"""Downloading weights, from a server on this machine."""

import hashlib
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from core.errors import DownloadError
from core.networks import Architecture, architecture, download, weights_path
from core.networks.registry import WeightsFile

CONTENT = bytes(range(256)) * 4096  # 1 MiB


def made(content: bytes, digest: str | None = None) -> Architecture:
    """An architecture whose weights file holds these bytes, published where torchvision's are."""
    digest = digest or hashlib.sha256(content).hexdigest()[:8]
    name = f"made-{digest}.pth"
    weights = WeightsFile(f"https://download.pytorch.org/models/{name}", name, len(content), digest)
    return replace(architecture("alexnet"), title="MadeNet", weights=weights)


@dataclass
class Server:
    """answer writes the response; paths are those that were asked for, in order."""

    answer: Callable[[BaseHTTPRequestHandler], None]
    paths: list[str] = field(default_factory=list)


def whole(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(CONTENT)))
    handler.end_headers()
    handler.wfile.write(CONTENT)


def half(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(CONTENT)))
    handler.end_headers()
    handler.wfile.write(CONTENT[: len(CONTENT) // 2])


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(CONTENT)
    except OSError:
        return


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    served = Server(whole)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.paths.append(self.path)
            served.answer(self)

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        monkeypatch.setenv("LIMELIGHT_WEIGHTS_MIRROR", f"http://127.0.0.1:{http.server_port}/mirror/")
        monkeypatch.setenv("NO_PROXY", "*")
        yield served
        http.shutdown()
        thread.join()


def ignore(done: int, total: int) -> None:
    pass


def test_a_file_arrives_whole_under_its_own_name(server: Server, checkpoints: Path) -> None:
    asked = made(CONTENT)
    path = download(asked, ignore)
    assert path == weights_path(asked) == checkpoints / asked.weights.name
    assert path.read_bytes() == CONTENT
    assert list(checkpoints.iterdir()) == [path]
    assert server.paths == [f"/mirror/{asked.weights.name}"]


def test_progress_grows_to_the_whole(server: Server) -> None:
    calls = []
    download(made(CONTENT), lambda *call: calls.append(call))
    done = [call[0] for call in calls]
    assert done == sorted(done)
    assert calls[-1] == (len(CONTENT), len(CONTENT))


def test_a_file_that_is_there_is_not_fetched_again(server: Server) -> None:
    asked = made(CONTENT)
    download(asked, ignore)
    download(asked, ignore)
    assert len(server.paths) == 1


def test_the_embedded_network_needs_no_download(server: Server) -> None:
    asked = architecture("efficientnet_lite0")
    assert download(asked, ignore) == weights_path(asked)
    assert server.paths == []


def test_two_at_once_fetch_once(server: Server) -> None:
    asked, waiting = made(CONTENT), threading.Event()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        waiting.wait(10)
        whole(handler)

    server.answer = answer
    first = threading.Thread(target=download, args=(asked, ignore))
    first.start()
    path = download(asked, lambda done, total: waiting.set())  # called while it waits for the first
    first.join()
    assert path.read_bytes() == CONTENT
    assert len(server.paths) == 1


def refuse(status: int) -> Callable[[BaseHTTPRequestHandler], None]:
    return lambda handler: handler.send_error(status)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (refuse(404), "127.0.0.1 answered 404 Not Found"),
        (refuse(503), "127.0.0.1 answered 503 Service Unavailable"),
        (half, r"the connection to 127.0.0.1 broke after \d MB"),
        (endless, "127.0.0.1 sent more than the 1 MB of this file"),
        (lambda handler: handler.wfile.write(b"no http\r\n\r\n"), "127.0.0.1 cannot be reached"),
    ],
)
def test_a_failure_says_why_and_leaves_nothing(
    answer: Callable[[BaseHTTPRequestHandler], None], reason: str, server: Server, checkpoints: Path
) -> None:
    server.answer = answer
    with pytest.raises(DownloadError, match=f"MadeNet could not be downloaded: {reason}"):
        download(made(CONTENT), ignore)
    assert list(checkpoints.iterdir()) == []


def test_a_file_with_another_hash_is_thrown_away(server: Server, checkpoints: Path) -> None:
    begins = hashlib.sha256(CONTENT).hexdigest()[:8]
    with pytest.raises(
        DownloadError, match=rf"another file arrived \(its SHA-256 begins {begins}, not 00000000\)"
    ):
        download(made(CONTENT, digest="00000000"), ignore)
    assert list(checkpoints.iterdir()) == []


def test_without_a_connection_it_says_which_file_to_put_where(
    monkeypatch: pytest.MonkeyPatch, server: Server
) -> None:
    monkeypatch.setenv("LIMELIGHT_WEIGHTS_MIRROR", "http://127.0.0.1:1")
    asked = made(CONTENT)
    with pytest.raises(DownloadError, match=r"127\.0\.0\.1 cannot be reached") as caught:
        download(asked, ignore)
    assert f"fetch http://127.0.0.1:1/{asked.weights.name} on another machine" in str(caught.value)
    assert str(caught.value).endswith(f"save it as {weights_path(asked)}.")


def test_a_full_disk_is_noticed_before_the_download(server: Server, checkpoints: Path) -> None:
    asked = made(CONTENT)
    vast = replace(asked, weights=replace(asked.weights, size=2**60))
    with pytest.raises(DownloadError, match=r"they need 1152921504607 MB, and .* has .* MB free"):
        download(vast, ignore)
    assert server.paths == []
    assert list(checkpoints.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_named(server: Server, checkpoints: Path) -> None:
    checkpoints.rmdir()
    checkpoints.write_text("a file in its place")
    with pytest.raises(DownloadError, match=f"it cannot be written to {checkpoints}"):
        download(made(CONTENT), ignore)


@pytest.mark.parametrize("cancelled", [KeyboardInterrupt, LookupError])
def test_progress_may_cancel_and_nothing_is_left(
    cancelled: type[BaseException], server: Server, checkpoints: Path
) -> None:
    def cancel(done: int, total: int) -> None:
        assert any(path.suffix == ".part" for path in checkpoints.iterdir())
        raise cancelled

    with pytest.raises(cancelled):
        download(made(CONTENT), cancel)
    assert list(checkpoints.iterdir()) == []
    assert download(made(CONTENT), ignore).read_bytes() == CONTENT


def test_without_a_mirror_the_publisher_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def get(address: str, **kwargs: object) -> None:
        asked.append(address)
        raise OSError

    monkeypatch.delenv("LIMELIGHT_WEIGHTS_MIRROR", raising=False)
    monkeypatch.setattr(sys.modules["core.networks.download"].requests, "get", get)
    with pytest.raises(DownloadError):
        download(architecture("alexnet"), ignore)
    assert asked == ["https://download.pytorch.org/models/alexnet-owt-7be5be79.pth"]
    assert not Path(weights_path(architecture("alexnet"))).exists()
