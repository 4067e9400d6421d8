"""A real server, a real browser, and a web server for pictures, all on loopback."""

import http.server
import io
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image
from playwright.sync_api import Browser, Error, Page, Request, ViewportSize, expect, sync_playwright

from tests.networks.made_weights import write_random_weights

ROOT = Path(__file__).parents[2]
REQUIRED = "LIMELIGHT_BROWSER_REQUIRED"  # set where a missing browser is a failure and not a skip
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WIDE: ViewportSize = {"width": 1920, "height": 1080}
NOWHERE = "http://127.0.0.1:1"  # in place of the publisher of weights: no test depends on who can reach him
expect.set_options(timeout=30_000)  # Playwright's own 5 seconds are not enough on a busy computer


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def chromium() -> str | None:
    """Where Chromium, or its sibling, is installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def start_server(
    folder: Path, script: str = "streamlit_app.py", *, where: int | None = None, **settings: str
) -> tuple[subprocess.Popen[bytes], str]:
    """Start the app as the README says, with its hub and cache folders below `folder`; give its address.

    Nobody edits the app meanwhile, so that it need not look for changes. where: the port, any one by default.
    settings: more environment variables.
    """
    homes = {"TORCH_HOME": str(folder), "LIMELIGHT_CACHE": str(folder / "cache"), "LIMELIGHT_TEST_LOOPBACK": "1"}
    others = {"LIMELIGHT_WEIGHTS_MIRROR": NOWHERE, "NO_PROXY": "*", "STREAMLIT_SERVER_FILE_WATCHER_TYPE": "none"}
    others |= {"STREAMLIT_SERVER_HEADLESS": "true"}  # or it would open somebody's browser
    others |= {"OMP_NUM_THREADS": "1"}  # the other worker has the other core, and threads that wait for one cost much
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.address", "127.0.0.1"]
    for _ in range(5):
        port = where or free_port()
        path = folder / f"server-{port}.log"
        with path.open("wb") as log:
            process = subprocess.Popen(
                [*command, "--server.port", str(port)],
                cwd=ROOT,
                env=os.environ | homes | others | settings,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        if answers(process, port):
            return process, f"http://127.0.0.1:{port}"
        process.kill()
        process.wait()
    raise RuntimeError(path.read_text())


def answers(process: subprocess.Popen[bytes], port: int) -> bool:
    """Wait until this very process answers; False once it has ended, as when another one took its port."""
    for _ in range(600):
        if process.poll() is not None:
            return False
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1):
                return listens(process, port)
        except OSError:
            time.sleep(0.1)
    return False


def listens(process: subprocess.Popen[bytes], port: int) -> bool:
    own = psutil.Process(process.pid).net_connections("tcp")
    return any(each.status == psutil.CONN_LISTEN and each.laddr.port == port for each in own)


@contextmanager
def running(folder: Path, **settings: str) -> Iterator[str]:
    """The address of the app as `start_server` starts it, which ends with the block."""
    process, address = start_server(folder, **settings)
    try:
        yield address
    finally:
        process.terminate()
        ended = process.wait(timeout=20)
    assert ended == 0  # and not killed by the signal, which would leave files of readers behind


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A torch home with three networks of random weights; VGG-19 and ResNet-50 are missing."""
    folder = tmp_path_factory.mktemp("home")
    write_random_weights("alexnet", folder / "hub" / "checkpoints", legacy=True)
    write_random_weights("resnet18", folder / "hub" / "checkpoints")
    write_random_weights("squeezenet1_1", folder / "hub" / "checkpoints")
    return folder


@pytest.fixture(scope="session")
def app(home: Path) -> Iterator[str]:
    """The address of a running app; no log may hold a traceback at the end."""
    with running(home) as address:
        yield address
    for log in home.glob("server-*.log"):
        assert "Traceback" not in log.read_text(), log.read_text()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's or anybody's Chromium; without one the tests skip, or fail where one is required."""
    path = chromium()
    if path is None:
        reason = "no Chromium on this machine"
        pytest.fail(reason) if os.environ.get(REQUIRED) else pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def tab(browser: Browser, app: str) -> Page:
    """A tab that visitors take in turn: Plotly's script, which it has understood once, costs each of them less."""
    return browser.new_context(viewport=WIDE, color_scheme="dark").new_page()


@pytest.fixture
def page(tab: Page) -> Iterator[Page]:
    """A fresh visitor; a script error, a request that leaves this machine, or a traceback on screen is a failure."""
    wrong: list[str] = []

    def errs(error: Error) -> None:
        wrong.append(str(error))

    def asks(request: Request) -> None:
        if not local(request.url):
            wrong.append(request.url)

    tab.on("pageerror", errs)
    tab.on("request", asks)
    yield tab
    tab.remove_listener("pageerror", errs)
    tab.remove_listener("request", asks)
    assert tab.get_by_test_id("stException").count() == 0
    leave_nothing(tab)
    assert wrong == []


def leave_nothing(tab: Page) -> None:
    """What a visitor left in the browser goes, and so does what they set."""
    tab.evaluate("localStorage.clear(); sessionStorage.clear()")
    tab.context.clear_cookies()
    tab.context.clear_permissions()
    tab.set_viewport_size(WIDE)
    tab.emulate_media(color_scheme="dark")
    for other in tab.context.pages:
        if other != tab:
            other.close()


def local(url: str) -> bool:
    return url.startswith(("data:", "blob:", "http://127.0.0.1:", "ws://127.0.0.1:"))


def picture(width: int = 320, height: int = 240, kind: str = "png", seed: int = 0) -> bytes:
    """A made photo-like picture: smooth colours with a bright disc."""
    generator = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width] / max(height, width)
    disc = ((x - 0.4) ** 2 + (y - 0.3) ** 2 < 0.03)[..., None]
    base = np.stack([x, y, 1 - x], axis=-1) * 200 + generator.uniform(0, 30, 3)
    buffer = io.BytesIO()
    Image.fromarray(np.where(disc, 250, base).astype(np.uint8)).save(buffer, kind)
    return buffer.getvalue()


class _Pictures(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = {"/photo.png": picture(), "/page.html": b"<!doctype html><html><body>hello</body></html>"}.get(self.path)
        self.send_response(200 if body else 404)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="session")
def pictures() -> Iterator[str]:
    """The address of a web server with /photo.png and /page.html."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Pictures)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()
