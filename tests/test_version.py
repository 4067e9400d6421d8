"""Which Limelight this is."""

import tomllib

from core.version import LIMELIGHT
from tests.opening import ROOT


def test_it_is_the_same_for_whoever_installs_it_and_in_what_it_writes():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == LIMELIGHT
