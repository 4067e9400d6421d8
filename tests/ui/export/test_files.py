"""Taking a comparison away: what is in the files, and what they are called; the clicks are in tests/e2e."""

from dataclasses import replace
from types import MappingProxyType

from core import load_sample
from core.explanation import Comparison
from core.networks.catalogue import lookup
from core.rules import RULES
from core.ui.export import files
from core.ui.export.files import ExportBundle, exported
from core.ui.figure.columns import Column
from core.ui.grid.cautions import FIGURES
from tests.opening import has, open_app
from tests.selecting import select
from tests.ui.made import column, explained, gradient


def said(app):
    return " ".join(text.value for text in (*app.markdown, *app.caption, *app.info))


def test_what_is_taken_is_what_is_asked_for_and_there():
    one_map = explained("vgg19", maps={"guided": gradient()})
    waiting = Column("resnet18", "ResNet-18", message="Waiting…")
    columns = [column("alexnet"), Column("vgg19", "VGG-19", explanation=one_map), waiting]
    for asked, of_alexnet in ((("vanilla", "guided"), ["vanilla", "guided"]), (("guided",), ["guided"])):
        taken = exported(columns, asked, load_sample("chelsea"))
        assert [(each.network, list(each.attributions)) for each in taken.explanations] == [
            ("alexnet", of_alexnet), ("vgg19", ["guided"]),
        ]  # fmt: skip


def test_every_file_is_offered_by_a_name_that_says_what_it_is():
    app = open_app(ask="export")
    assert not app.exception
    assert [button.label for button in app.get("download_button")] == [
        "Web page, HTML", "Maps, NPZ", "Manifest, JSON", "Predictions, CSV",
    ]  # fmt: skip


def test_without_a_map_there_is_nothing_to_take_and_a_manifest_can_still_be_loaded():
    app = open_app(ask="export", networks="alexnet")  # whose weights are missing
    assert not app.exception
    assert len(app.get("download_button")) == 0
    assert "nothing to take away until a map is here" in said(app)
    assert has(app, "manifest_file")


def bundle(**view):
    """All that the files of one explanation by hand are made of."""
    columns, selection = (column("efficientnet_lite0"),), select(rules=("vanilla", "guided"), **view)
    return ExportBundle(
        comparison=exported(columns, selection.question.rules, load_sample("chelsea")),
        selection=selection,
        columns=columns,
        networks=MappingProxyType({"efficientnet_lite0": lookup("efficientnet_lite0")}),
        title="<b>cat</b>.png",
        detail="451 × 300 px",
        background="#ffffff",
    )


def test_the_caption_says_what_is_shown_how_it_was_made_and_what_it_cannot_say():
    picture, explains, how, *cautions = bundle(reduction="sum").caption().split("\n")
    assert picture == "<b>cat</b>.png · 451 × 300 px"
    assert explains == "Efficientnet_Lite0 explains tabby (38 %)."
    assert how == "Vanilla gradient, guided backprop; signed sum, Σ g."
    assert cautions == [RULES["vanilla"].caution, RULES["guided"].caution, FIGURES]


def test_the_caption_has_the_notices_of_the_page_and_what_colours_are():
    made = bundle(show="channels")
    answer = replace(made.comparison.explanations[0], notices=("Softmax is assumed.",))
    picture = replace(made.comparison.picture, notices=("Values from 0 to 9.",))
    _, _, how, *said = replace(made, comparison=Comparison(picture, (answer, answer))).caption().split("\n")
    assert how == "Vanilla gradient, guided backprop; red, green and blue as they are."
    assert said[:2] == ["Values from 0 to 9.", "Softmax is assumed."]


def test_a_manifest_names_the_networks_even_where_the_address_would_not(monkeypatch):
    monkeypatch.setattr(files, "manifest_of", lambda comparison, picture, view, **more: view)
    made = bundle(show="overlay")
    assert "networks" not in made.selection.to_query()
    assert made.manifest() == {"networks": "efficientnet_lite0", "show": "overlay"}


def test_a_page_holds_the_caption_and_a_strangers_title_as_text():
    page = bundle().html().decode()
    assert "&lt;b&gt;cat&lt;/b&gt;.png · Limelight</title>" in page
    assert "Efficientnet_Lite0 explains tabby (38 %)." in page
    assert "<b>cat</b>" not in page.partition("<body")[0]
