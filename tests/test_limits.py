"""README's table of limits says what the code says."""

import re
from importlib import import_module

import pytest

from tests.opening import ROOT

TABLE = re.search(r"## Limits\n.*?\n(\|.*?)\n\n", (ROOT / "README.md").read_text(), re.DOTALL)[1].splitlines()[2:]
MB, MIB, GIB = 1e6, 2**20, 2**30
SAID = {  # what a constant's value is divided by, and how it is said; the whole name where others are said otherwise
    "MAX_BYTES": (MB, "{:.0f} MB"), "MAX_PIXELS": (1e6, "{:.0f} megapixels"), "MAX_ASPECT": (1, "{:.0f} times"),
    "MAX_SIDE": (1, "{:.0f} px"), "_KEPT": (MB, "{:.0f} MB"), "_FETCHES": (1, "{:.0f} in"),
    "_MINUTES": (1, "{:.0f} minutes"), "SECONDS": (1, "{:.0f} seconds"), "MAX_REDIRECTS": (1, "{:.0f} redirects"),
    "MOST_PINS": (1, "{:.0f}"), "SLICE": (1, "{:.0f} second"), "HELD": (MIB, "{:.0f} MiB"),
    "MOST_TENSORS": (1, "{:,.0f} tensors"), "MOST_FILES": (1, "{:.0f} pictures"), "MOST_METHODS": (1, "{:.0f} each"),
    "MOST_NETWORKS": (1, "{:.0f}"), "MOST_CLASSES": (1, "{:,.0f} "), "MOST_PICTURES": (1, "{:,.0f}"),
    "MOST_SPREAD": (1, "{:.0f} times"), "core.networks.checkpoints.unpack.MOST_BYTES": (GIB, "{:.0f} GiB"),
    "MOST_BYTES": (MB, "{:.0f} MB"),
}  # fmt: skip
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in TABLE]


@pytest.mark.parametrize(
    ("value", "name"),
    [(value, name) for _, value, where in ROWS for name in re.findall(r"`(core\.[\w.]+)`", where)],
    ids=lambda said: said,
)
def test_a_limit_is_what_its_constant_is(value, name):
    module, _, constant = name.rpartition(".")
    found = getattr(import_module(module), constant)
    if not callable(found):
        unit, said = SAID.get(name) or SAID[constant]
        assert said.format(found / unit) in value


def test_most_limits_name_what_changes_them():
    assert len(ROWS) > 15
    assert all("`" in where or where == "not limited otherwise" for *_, where in ROWS)
