"""README's table of limits says what the code says."""

import re
from importlib import import_module

import pytest

from tests.opening import ROOT

TABLE = re.search(r"## Limits\n.*?\n(\|.*?)\n\n", (ROOT / "README.md").read_text(), re.DOTALL)[1].splitlines()[2:]
SAID = {
    "MAX_BYTES": lambda value: f"{value / 1e6:.0f} MB",
    "MAX_PIXELS": lambda value: f"{value / 1e6:.0f} megapixels",
    "MAX_ASPECT": lambda value: f"{value} times",
    "MAX_SIDE": lambda value: f"{value} px",
    "_KEPT": lambda value: f"{value / 1e6:.0f} MB",
    "_FETCHES": lambda value: f"{value} in",
    "_MINUTES": lambda value: f"{value} minutes",
    "SECONDS": lambda value: f"{value:.0f} seconds",
    "MAX_REDIRECTS": lambda value: f"{value} redirects",
    "MOST_PINS": str,
    "SLICE": lambda value: f"{value:.0f} second",
    "HELD": lambda value: f"{value / 2**20:.0f} MiB",
    "MOST_TENSORS": lambda value: f"{value:,} tensors",
    "MOST_FILES": lambda value: f"{value} files",
    "MOST_METHODS": lambda value: f"{value} each",
    "MOST_PICTURES": lambda value: f"{value:,}",
    "MOST_SPREAD": lambda value: f"{value} times",
}
OF_A_MODULE = {
    "core.question.MOST_NETWORKS": lambda value: f"{value} each",
    "core.question.MOST_CLASSES": lambda value: f"{value} each",
    "core.networks.checkpoints.fit.MOST_CLASSES": lambda value: f"{value:,} classes",
    "core.networks.checkpoints.unpack.MOST_BYTES": lambda value: f"{value / 2**30:.0f} GiB",
    "core.ui.audit.source.MOST_BYTES": lambda value: f"{value / 1e6:.0f} MB",
    "core.ui.audit.source.MOST_NETWORKS": str,
    "core.service.queue": lambda value: "",
    "core.service.audits": lambda value: "",
}
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in TABLE]


@pytest.mark.parametrize(
    ("value", "name"),
    [(value, name) for _, value, where in ROWS for name in re.findall(r"`(core\.[\w.]+)`", where)],
    ids=lambda said: said,
)
def test_a_limit_is_what_its_constant_is(value, name):
    module, _, constant = name.rpartition(".")
    say = OF_A_MODULE.get(name) or SAID[constant]
    assert say(getattr(import_module(module), constant)) in value


def test_most_limits_name_what_changes_them():
    assert len(ROWS) > 15
    assert all("`" in where or where == "not limited otherwise" for *_, where in ROWS)
