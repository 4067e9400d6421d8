"""CSS, JavaScript and HTML: checked by Deno, and of one mind with the Python that they belong to."""

import re
import shutil
import subprocess
import sys

import pytest

from core.ui.frame.assets import GRID_KEY, script, text
from tests.ui.sources import PYTHON, ROOT

ASSETS = ROOT / "core/ui/frame/assets"
CSS, JS = sorted(ASSETS.glob("*.css")), sorted(ASSETS.glob("*.js"))
CODE = "\n".join(PYTHON.values())


@pytest.fixture
def deno(monkeypatch, tmp_path):
    """Deno's exit status and what it says of a folder; it finds deno.jsonc there."""
    for name, value in {"DENO_DIR": str(tmp_path / "deno"), "DENO_NO_UPDATE_CHECK": "1", "NO_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)

    def run(folder, *command):
        whole = [sys.executable, "-m", "deno", *command]
        done = subprocess.run(whole, cwd=folder, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    return run


@pytest.mark.parametrize("command", [["lint"], ["check"], ["fmt", "--check"]], ids=" ".join)
def test_deno_has_no_complaint(deno, command):
    status, said = deno(ASSETS, *command)
    assert status == 0, said


@pytest.mark.parametrize("name", [path.name for path in JS])
def test_deno_would_complain_of_a_name_that_is_not_there_and_of_one_that_is_not_used(deno, tmp_path, name):
    wrong = shutil.copytree(ASSETS, tmp_path / "assets")
    with (wrong / name).open("a") as file:
        file.write("const unused = missing\n")
    status, said = deno(wrong, "check")
    assert status != 0
    assert "Cannot find name 'missing'" in said
    assert "'unused' is declared but its value is never read" in said


@pytest.mark.parametrize("mark", ["<style", "<script", "export default", "querySelector", "addEventListener", "=> {"])
def test_no_css_and_no_javascript_is_left_in_python(mark):
    assert [path for path, code in PYTHON.items() if mark in code and path.parent != ASSETS] == []


def test_every_file_is_used():
    named = set(re.findall(r'(?:text|script)\("([\w.]+)"\)', CODE))
    named |= {name for path in JS for name in re.findall(r"from '\./(\w+\.js)'", path.read_text())}
    assert named == {path.name for path in ASSETS.iterdir() if path.suffix in (".css", ".js", ".html")}


def test_a_script_is_in_one_piece():
    assert "import " in text("chart.js")
    whole = script("chart.js")
    assert "import " not in whole
    assert "export const" not in whole
    assert whole.count("const isLate =") == 1


def test_css_knows_the_grid_by_its_key_and_javascript_is_told():
    for name in ("page.css", "presenter.css"):
        assert f".st-key-{GRID_KEY}" in text(name)
    assert [path.name for path in JS if f"st-key-{GRID_KEY}" in path.read_text()] == []
    assert [path.name for path in JS if "st-key-${data.grid}" in path.read_text()] == ["shot.js"]
    assert f'key="{GRID_KEY}"' not in CODE


@pytest.mark.parametrize("name", ["page.css", "presenter.css"])
def test_whatever_css_has_rules_for_is_drawn_by_python(name):
    for key in set(re.findall(r"st-key-(\w+)", text(name))):
        assert re.search(rf"""["']{key}(["']|{{)""", CODE), key
    for drawn in set(re.findall(r"\.(lime-\w+)", text(name))):
        assert f'class="{drawn}' in CODE, drawn


def test_every_class_that_python_draws_has_a_rule():
    rules = set(re.findall(r"\.(lime-\w+)", text("page.css")))
    assert set(re.findall(r'class="(lime-\w+)', CODE)) == rules
