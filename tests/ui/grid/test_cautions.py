"""What stands below a grid: one caution for each of its rules, and more where they contrast."""

from types import SimpleNamespace

import pytest

from core.rules import RULES
from core.ui.grid import cautions
from core.ui.grid.cautions import FIGURES, cautions_of, show_cautions
from tests.selecting import select


def test_every_rule_has_its_caution_in_the_order_shown():
    assert cautions_of(("guided", "vanilla")) == [RULES["guided"].caution, RULES["vanilla"].caution, FIGURES]
    assert cautions_of(()) == []


def test_in_a_contrast_all_but_the_gradient_are_said_to_be_no_difference_of_maps():
    guided, deconvnet, *rest = cautions_of(tuple(RULES), contrast=True)
    assert guided.startswith("Guided backprop here follows the difference")
    assert "not the difference of two deconvnet maps" in deconvnet
    assert rest == cautions_of(tuple(RULES))
    assert cautions_of(("vanilla",), contrast=True) == [RULES["vanilla"].caution, FIGURES]


@pytest.fixture
def drawn(monkeypatch):
    """What is drawn: captions, and addresses of links."""
    drawn = SimpleNamespace(captions=[], links=[])

    def link(page, *, query_params, **looks):
        drawn.links.append((page, query_params))

    monkeypatch.setattr(cautions, "st", SimpleNamespace(caption=drawn.captions.append, page_link=link))
    return drawn


def test_the_way_to_the_methods_page_keeps_the_selection(drawn):
    show_cautions(select(picture="coffee"), ("vanilla",))
    assert drawn.links == [("pages/Methods.py", {"picture": "coffee"})]
    (caption,) = drawn.captions
    assert caption.split("\n\n")[1:] == [RULES["vanilla"].caution, FIGURES]
