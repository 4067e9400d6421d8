"""Names out of a stranger's file, as messages hold them."""

import pytest

from core.networks.checkpoints.shown import shown


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("layer1.0.conv1.weight", "layer1.0.conv1.weight"),
        ("[a](http://x)\n**b**", "·a··http···x····b··"),
        ("<b>", "·b·"),
        ("猫_1-2", "猫_1-2"),
        ("", ""),
        ("x" * 60, "x" * 60),
        ("a" * 40 + "b" * 21, "a" * 40 + "…" + "b" * 19),
    ],
)
def test_a_name_is_short_and_nothing_in_it_draws_or_links(name: str, text: str) -> None:
    assert shown(name) == text
