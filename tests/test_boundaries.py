"""Who may import what: a drawing of the layers that holds."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import core

ROOT = Path(__file__).parents[1]


def run(*arguments):
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def test_imports_point_one_way():
    # the contracts are in pyproject.toml; `lint-imports` does the same by hand
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    result = run("-c", code)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "0 broken" in result.stdout


def test_core_offers_its_names_sorted_and_all_of_them_exist():
    assert core.__all__ == sorted(core.__all__)
    assert len(set(core.__all__)) == len(core.__all__)
    assert [name for name in core.__all__ if not hasattr(core, name)] == []


@pytest.fixture(scope="module")
def imported():
    """The top-level packages that all names of core bring into a fresh Python."""
    code = "import core, json, sys; [getattr(core, name) for name in core.__all__]; "
    code += "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    result = run("-c", code)
    assert result.returncode == 0, result.stderr
    return set(json.loads(result.stdout))


def test_core_can_be_used_without_streamlit(imported):
    assert "torch" in imported
    assert not {"streamlit", "plotly", "pandas"} & imported


def test_a_function_keeps_its_name_against_the_module_that_it_stands_in():
    code = """
import importlib, sys
for first in ("core.explain", "core.saliency.reductions", "core.evidence.table"):
    importlib.import_module(first)
    from core import evidence, explain, saliency
    import core
    assert all(map(callable, (evidence, explain, saliency, core.explain))), first
    for name in [name for name in sys.modules if name.partition(".")[0] == "core"]:
        del sys.modules[name]"""
    result = run("-c", code)
    assert result.returncode == 0, result.stderr


def test_importing_core_loads_no_tests(imported):
    assert not {"tests", "pytest", "captum"} & imported


FILES = [ROOT / "streamlit_app.py", *sorted((ROOT / "pages").glob("*.py"))]


@pytest.mark.parametrize("page", FILES, ids=lambda page: page.name)
def test_a_page_is_thin_and_imports_only_what_draws(page):
    code = page.read_text()
    assert len(code.splitlines()) <= 60
    imports = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = [node.module if isinstance(node, ast.ImportFrom) else node.names[0].name for node in imports]
    assert all(name in ("streamlit", "core") or name.startswith("core.ui.") for name in names)
