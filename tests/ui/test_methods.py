"""The Methods page: every rule and every reduction is on it, in tables that are ones."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from core.estimators.table import ESTIMATORS
from core.evidence.table import TESTS
from core.rules import RULES
from core.saliency.reductions import REDUCTIONS


@pytest.fixture(scope="module")
def text():
    """The page's Markdown."""

    def page():
        from core.ui.methods import show_methods

        show_methods()

    app = AppTest.from_function(page).run()
    assert not app.exception
    (markdown,) = app.markdown
    return markdown.value


@pytest.fixture(scope="module")
def tables(text):
    """The rows of each table, a row its cells, with the line that makes a table of it as the second."""
    found = re.findall(r"(?:^\|.*\|\n)+", text + "\n", re.MULTILINE)
    return [[re.split(r"(?<!\\)\|", row)[1:-1] for row in table.splitlines()] for table in found]


@pytest.mark.parametrize("name", [name for name in ESTIMATORS if name != "plain"])
def test_every_method_has_a_card_with_all_that_its_row_says(text, name):
    about = ESTIMATORS[name]
    card = text.split(f"### {about.title}\n")[1].split("###")[0]
    for said in (about.question, about.formula, about.unit, about.cost, about.caution, about.source, about.paper):
        assert said in card
    assert all(parameter.label.lower() in card.lower() for parameter in about.parameters)


def test_every_test_of_a_map_has_a_card(text):
    for about in TESTS.values():
        card = text.split(f"### {about.question}\n")[1].split("###")[0]
        for said in (about.how, about.cost, about.cannot, about.source):
            assert said in card


def test_a_table_has_one_head_and_rows_of_its_width(tables):
    assert len(tables) == 3
    for head, line, *rows in tables:
        assert set(line) == {"---"}
        assert all(set(row) != {"---"} for row in rows)
        assert {len(row) for row in (line, *rows)} == {len(head)}


def test_every_rule_is_there_with_its_source(tables):
    _, _, *rows = tables[0]
    for (title, words, source), rule in zip(rows, RULES.values(), strict=True):
        assert title.strip() == f"**{rule.title}**"
        assert words.strip() == rule.words
        assert f"[arXiv:{rule.paper}](https://arxiv.org/abs/{rule.paper})" in source


def test_every_reduction_is_there(tables):
    _, _, *rows = tables[1]
    assert len(rows) == len(REDUCTIONS)


def test_nothing_is_left_to_fill_in(text):
    assert "$" not in text  # which would also begin a formula
