"""The Models page in a browser, and downloads over a bad network."""

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from playwright.sync_api import Page, expect
from torchvision import models

from tests.e2e.conftest import running
from tests.e2e.driving import grid_is_drawn, open_app, pill, settle
from tests.networks.made_weights import write_random_weights

pytestmark = pytest.mark.timeout(240)
SIZE = 5_017_600  # bytes that the mirror announces for SqueezeNet 1.0; of its 5 MB a few come at a time


class _Slow(http.server.BaseHTTPRequestHandler):
    go_on: threading.Event
    asked: list[str | None]

    def do_GET(self) -> None:
        self.asked.append(self.headers["Range"])
        start = int((self.headers["Range"] or "bytes=0-")[6:-1])
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(SIZE - start))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{SIZE - 1}/{SIZE}")
        self.end_headers()
        try:
            self.wfile.write(bytes(2_000_000))
            while not self.go_on.wait(0.2):
                self.wfile.write(bytes(1_000))
        except OSError:
            return

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def mirror() -> Iterator[type[_Slow]]:
    """A server of weights that never gets to the end; `address` is where."""
    handler = type("Handler", (_Slow,), {"go_on": threading.Event(), "asked": []})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    handler.address = f"http://127.0.0.1:{server.server_port}"
    yield handler
    handler.go_on.set()
    server.shutdown()
    server.server_close()


def test_a_download_shows_progress_in_two_windows_and_goes_on_where_it_was_cancelled(
    page: Page, mirror: type[_Slow], tmp_path: Path
) -> None:
    with running(tmp_path, LIMELIGHT_WEIGHTS_MIRROR=mirror.address) as address:
        open_app(page, f"{address}/?networks=efficientnet_lite0,squeezenet1_0")
        page.get_by_role("button", name="Download SqueezeNet 1.0").dblclick()
        expect(page.get_by_text("SqueezeNet 1.0: 2 of 5 MB")).to_be_visible(timeout=20_000)
        other = page.context.new_page()
        open_app(other, f"{address}/?networks=squeezenet1_0")
        expect(other.get_by_text("SqueezeNet 1.0: 2 of 5 MB")).to_be_visible(timeout=20_000)
        assert len(mirror.asked) == 1
        other.get_by_role("button", name="Cancel").click()
        for window in (page, other):
            expect(window.get_by_role("button", name="Continue SqueezeNet 1.0, 2 of 5 MB")).to_be_visible(
                timeout=20_000
            )
        page.get_by_role("button", name="Continue SqueezeNet 1.0").click()
        expect(page.get_by_text("SqueezeNet 1.0: 4 of 5 MB")).to_be_visible(timeout=20_000)
        assert 2_000_000 <= int(mirror.asked[1][6:-1]) < 3_000_000  # drops fell until it was cancelled


def tick(page: Page, row: int) -> None:
    """Tick a row of the table, which is drawn on a canvas."""
    box = page.get_by_test_id("stDataFrame").bounding_box()
    page.mouse.click(box["x"] + 18, box["y"] + 38 + 36 * row + 18)
    settle(page)


def find(page: Page, name: str) -> None:
    page.get_by_label("Find a network").fill(name)
    page.keyboard.press("Enter")
    settle(page)


def test_networks_are_found_ticked_compared_and_removed(page: Page, app: str, home: Path) -> None:
    file = write_random_weights("squeezenet1_0", home / "hub" / "checkpoints")
    open_app(page, f"{app}/Models")
    weights_are_removed_only_after_a_confirmation(page, file)
    find(page, "alexnet")
    tick(page, 0)
    page.get_by_role("button", name="Compare").click()
    grid_is_drawn(page, heatmaps=2)
    assert "networks=alexnet" in page.url
    page.get_by_role("link", name="Models").click()
    settle(page)
    page.get_by_text("In memory", exact=True).first.click()
    settle(page)
    tick(page, 0)
    free = page.get_by_role("button", name="Free memory")
    expect(free).to_be_enabled()
    free.click()
    settle(page)


def weights_are_removed_only_after_a_confirmation(page: Page, file: Path) -> None:
    find(page, "squeezenet1_0")
    tick(page, 0)
    page.get_by_role("button", name="Remove from disk").click()
    assert file.exists()
    page.get_by_role("button", name="Delete 5 MB").click()
    settle(page)
    assert not file.exists()


def test_an_own_checkpoint_by_its_path_is_compared_with_the_zoo(page: Page, app: str, tmp_path: Path) -> None:
    torch.manual_seed(0)
    file = tmp_path / "finetuned.pth"
    torch.save(models.squeezenet1_1(num_classes=4).state_dict(), file)
    open_app(page, f"{app}/Models?networks=efficientnet_lite0")
    page.get_by_label("Or its path on this computer").fill(str(file))
    page.get_by_role("button", name="Read file").click()
    page.get_by_role("button", name="Use this network").click(timeout=60_000)
    settle(page)
    page.get_by_role("link", name="Compare").click()
    settle(page)
    pill(page, "finetuned.pth").first.click()
    grid_is_drawn(page, heatmaps=4)
    expect(page.locator(".lime-top", has_text="finetuned.pth").get_by_text("class 0")).to_be_visible()
    address = page.url
    stranger = page.context.browser.new_context().new_page()
    open_app(stranger, address)
    expect(stranger.get_by_text("Own network, not here").first).to_be_visible()
    stranger.context.close()


def test_an_owner_uploads_reads_what_is_assumed_corrects_it_and_compares(page: Page, app: str, tmp_path: Path) -> None:
    torch.manual_seed(0)
    content = {
        "model": models.squeezenet1_1(num_classes=3).state_dict(),
        "normalizer.mean": torch.full((3, 1, 1), 0.5),
        "hparams": {"img_size": 160},
        "classes": ["effusion", "mass", "nodule"],
    }
    file = tmp_path / "chest.ckpt"
    torch.save(content, file)
    open_app(page, f"{app}/Models?networks=efficientnet_lite0")
    a_large_file_can_be_uploaded_on_ones_own_computer(page, tmp_path / "large.pth")
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(file)
    expect(page.get_by_text("The file says img_size = 160.")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("effusion, mass, nodule")).to_be_visible()
    expect(page.get_by_text("Pictures: shorter side 183, centre 160 px, bilinear")).to_be_visible()
    page.get_by_text("Each by itself (sigmoid)").click()
    settle(page)
    page.get_by_role("button", name="Use this network").click()
    settle(page)
    expect(page.get_by_text("3 classes · Each by itself (sigmoid)")).to_be_visible()
    page.get_by_role("link", name="Compare").click()
    settle(page)
    pill(page, "chest.ckpt").first.click()
    grid_is_drawn(page, heatmaps=4)
    shares = page.locator(".lime-top", has_text="chest.ckpt").locator(".share").all_inner_texts()
    assert len(shares) == 3
    assert sum(float(share.removesuffix(" %")) for share in shares) > 101  # no shares of a whole


def a_large_file_can_be_uploaded_on_ones_own_computer(page: Page, file: Path) -> None:
    torch.save({"no": torch.zeros(6_000_000)}, file)  # 24 MB: pictures may have 15
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(file)
    expect(page.get_by_text("None of torchvision's classifiers")).to_be_visible(timeout=60_000)
