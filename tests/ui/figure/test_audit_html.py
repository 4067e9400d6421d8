"""The report: a page that opens anywhere, with what was found and nothing that runs."""

from dataclasses import replace

import pytest

from core.ui.figure.audit import groups_figure, mean_evidence_figure
from core.ui.figure.audit_html import audit_html
from tests.audit.findings.test_finding import HORSES
from tests.audit.made import picture
from tests.ui.figure.webp import webp_of

ABOUT = {
    "collection": "<photos>",
    "networks": [{"name": "hans", "title": "Hans", "outputs": "softmax"}],
    "settings": {"fit": "crop"},
    "counts": {"done": 1200, "failed": 3},
    "ended": "2026-11-26T12:00:00+00:00",
}
SEEN = {
    "crops": [[webp_of(picture("red", 0))] * 2],
    "mean_picture": webp_of(picture("red", 1)),
    "mean_evidence": [1.0, 0.0, 3.0, 0.0],
    "rows": 2,
    "columns": 2,
}


@pytest.fixture
def page():
    found = [replace(HORSES, label="tree", regions=()), replace(HORSES, label="<b>horse</b>")]
    return audit_html(ABOUT, found, lambda found: SEEN).decode()


def test_findings_come_first_and_all_text_is_escaped(page):
    assert page.index("&lt;b&gt;horse&lt;/b&gt; leans on the lower left") < page.index("No region stood out for tree")
    assert "<b>" not in page
    assert "Audit of &lt;photos&gt;" in page
    assert "1,200 pictures, Hans. 3 pictures could not be used." in page


def test_what_was_assumed_is_said():
    networks = [{"name": "own", "title": "best.pth", "outputs": "assumed"}]
    assert b"outputs of best.pth mean was not said" in audit_html(
        {**ABOUT, "networks": networks}, [], lambda found: SEEN
    )


def test_networks_of_one_title_are_told_apart_and_padding_is_cautioned():
    networks = [{"name": name, "title": "Hans", "outputs": "softmax"} for name in ("hans", "other")]
    about = {**ABOUT, "networks": networks, "settings": {"fit": "pad"}}
    page = audit_html(about, [HORSES, replace(HORSES, network="other")], lambda found: SEEN).decode()
    assert "<h2>Hans: horse</h2>" in page
    assert "<h2>Hans (2): horse</h2>" in page
    assert "is then said too readily" in page


def test_crops_are_said_to_be_of_what_they_are(page):
    assert "of the pictures with the most evidence there" in page
    blind = audit_html(ABOUT, [replace(HORSES, has_places=False)], lambda found: SEEN).decode()
    assert "Crops of the finding, of the first pictures." in blind


def test_it_asks_nobody_for_anything_and_runs_nothing(page):
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")
    assert page.count("data:image/webp;base64,") == 4  # two crops, a mean picture a class; tree has no region
    assert page.count("data:image/png;base64,") == 2


def test_every_picture_is_named(page):
    assert page.count("<img") == page.count(' alt="')
    assert 'alt=""' not in page


def test_it_says_of_how_many_pictures_the_means_are(page):
    assert page.count("Mean of up to 40 pictures, and mean evidence of up to 2,000.") == 2


def test_the_mean_is_in_multiples_of_chance():
    (heatmap,) = mean_evidence_figure(SEEN["mean_picture"], SEEN["mean_evidence"], 2, 2).data
    assert heatmap.z.tolist() == [[1, 0], [3, 0]]
    assert (heatmap.zmin, heatmap.zmax) == (0, 3)


def test_points_know_their_pictures():
    first, second = groups_figure([0.0, 1.0, 2.0], [3.0, 4.0, 5.0], [0, 1, 0]).data
    assert (first.name, second.name) == ("Group 1, 2", "Group 2, 1")
    assert list(first.customdata) == [0, 2]
    assert list(second.x) == [1.0]
