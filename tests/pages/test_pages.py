"""Every page as a reader meets it: opened cold, from a link, and used."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from core.images import GALLERY
from core.networks.labels import CLASSES
from core.ui.controls.class_box import OWN
from tests.pages.opening import (
    HOME,
    PAGES,
    errors,
    figure,
    has,
    open_app,
    open_bare,
    png,
    query,
    texts,
    title,
    upload,
    widget,
)


def captions(app):
    return " ".join(caption.value for caption in app.caption)


def pictures(app):
    """The kinds of the grid's traces that are seen; others carry the colour bars."""
    return [trace["type"] for trace in figure(app)["data"] if trace["type"] != "scatter"]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_cold(page):
    app = open_bare(page)
    assert not app.exception
    assert errors(app) == []
    assert title(app) or app.title or any("# " in text.value for text in app.markdown)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_links_to_every_page_with_the_selection(page):
    app = open_app(page, rules="guided", class_="207")
    linked = {link.proto.query_string for link in app.sidebar.get("page_link")}
    assert linked == {"rules=guided&class=207"}
    assert len(app.sidebar.get("page_link")) == len(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_from_an_address_of_nonsense(page):
    app = open_app(page, networks="nonsense", rules="²", class_="²", fit="", scale="x", opacity="nan", clip="-1")
    assert not app.exception
    assert errors(app) == []
    assert query(app) == {}


@pytest.mark.parametrize("page", PAGES)
def test_a_class_that_no_network_has_is_left_out_of_the_address(page):
    assert query(open_app(page, class_="99999")) == {}


def test_the_first_page_compares_three_real_networks():
    app = open_bare()
    said = texts(app)
    for lite in ("EfficientNet-Lite0", "EfficientNet-Lite1", "EfficientNet-Lite2"):
        assert any(text.startswith(f"<b>{lite}</b>") for text in said)
        assert f"{lite} explains" in app.get("plotly_chart")[0].proto.alt
    assert {"Vanilla gradient", "Guided backprop"} <= set(said)
    assert sum("33 of 33 rectifiers" in text for text in said) == 2
    assert sum("43 of 43 rectifiers" in text for text in said) == 4
    assert pictures(app) == ["image"] * 3 + ["heatmap"] * 6
    assert dict(app.query_params) == {}


def test_a_link_to_one_network_shows_one():
    app = open_app()
    said = texts(app)
    assert {"<b>Vanilla gradient</b>", "<b>Guided backprop</b>"} <= set(said)
    assert pictures(app) == ["image", "heatmap", "heatmap"]
    assert app.query_params["networks"] == "efficientnet_lite0"


def test_a_link_sets_every_widget():
    app = open_app(
        picture="coffee", networks="efficientnet_lite0", rules="guided,deconvnet", class_="504", fit="pad",
        show="overlay", reduction="l2", colours="hot", scale="all", clip="99", opacity="0.5", networks_as="columns",
    )  # fmt: skip
    values = {
        "source": "sample", "sample": "coffee", "networks": ["efficientnet_lite0"], "rules": ["guided", "deconvnet"],
        "class_box": 504, "fit": "pad", "show": "overlay", "reduction": "l2", "colours": "hot", "scale": "all",
        "clip": 99.0, "opacity": 0.5, "arrangement": "columns",
    }  # fmt: skip
    assert {key: widget(app, key).value for key in values} == values
    assert sum("coffee mug" in text for text in texts(app)) == 2
    assert pictures(app) == ["image"] * 2 + ["heatmap"] + ["image", "heatmap"]
    # the address is not rewritten on arrival, but for what is default
    assert query(app)["class"] == "504"


def test_a_link_to_a_network_that_is_not_offered_adds_it_to_the_list():
    app = open_app(networks="efficientnet_lite0,squeezenet1_1")
    assert widget(app, "networks").value == ["efficientnet_lite0", "squeezenet1_1"]
    assert "SqueezeNet 1.1" in widget(app, "networks").options


def test_two_picks_in_a_row_both_stick():
    app = open_app()
    widget(app, "rules").set_value(["guided"]).run()
    widget(app, "scale").set_value("panel").run()
    assert widget(app, "rules").value == ["guided"]
    assert widget(app, "scale").value == "panel"
    assert query(app) == {"rules": "guided", "scale": "panel"}
    widget(app, "rules").set_value(["vanilla"]).run()
    widget(app, "rules").set_value(["vanilla", "deconvnet"]).run()
    assert query(app) == {"rules": "vanilla,deconvnet", "scale": "panel"}


def test_a_choice_survives_a_visit_to_every_other_page():
    app = open_app()
    widget(app, "rules").set_value(["guided"]).run()
    widget(app, "sample").set_value("rocket").run()
    for page in PAGES[1:]:
        app.switch_page(page).run()
        assert query(app) == {"picture": "rocket", "rules": "guided"}
    app.switch_page(HOME).run()
    assert widget(app, "rules").value == ["guided"]
    assert widget(app, "sample").value == "rocket"
    assert query(app) == {"picture": "rocket", "rules": "guided"}


def test_the_samples_are_pictures_with_names_and_the_chosen_one_says_what_it_shows():
    app = open_app()
    options = widget(app, "sample").options
    assert len(options) == len(GALLERY)
    for option, sample in zip(options, GALLERY.values(), strict=True):
        assert option.startswith(f"![{sample.title}](data:image/webp;base64,")
        assert option.endswith(f'"{sample.title}. {sample.shows}")')
        assert len(option) < 12_000
    assert any(caption.value.startswith("**Cat.** Three classes fit") for caption in app.sidebar.caption)
    widget(app, "sample").set_value("ladybug").run()
    assert any(caption.value.startswith("**Cat and ladybug.** Two animals") for caption in app.sidebar.caption)
    assert query(app) == {"picture": "ladybug"}
    assert "Cat and ladybug (sample)" in title(app)


def test_a_link_to_a_sample_that_is_no_longer_offered_opens_it():
    app = open_app(picture="horse")
    assert errors(app) == []
    assert "Horse outline (sample)" in title(app)
    assert widget(app, "source").value == "sample"
    assert widget(app, "sample").value is None
    assert query(app) == {"picture": "horse"}
    widget(app, "sample").set_value("clock").run()
    assert query(app) == {"picture": "clock"}


def test_another_address_moves_the_widgets():
    app = open_app(rules="guided", show="overlay")
    app.query_params.clear()
    app.query_params["rules"] = "deconvnet"
    app.run()
    assert widget(app, "rules").value == ["deconvnet"]
    assert widget(app, "show").value == "map"


def test_a_change_of_view_computes_nothing(computed):
    app = open_app()
    assert computed.networks == ["efficientnet_lite0"]
    for key, value in [
        ("show", "overlay"), ("opacity", 0.3), ("show", "channels"), ("show", "map"), ("colours", "hot"),
        ("reduction", "sum"), ("scale", "panel"), ("clip", 95.0), ("arrangement", "columns"), ("rules", ["guided"]),
    ]:  # fmt: skip
        widget(app, key).set_value(value).run()
        assert not app.exception
        assert errors(app) == []
    assert computed.networks == ["efficientnet_lite0"]
    widget(app, "fit").set_value("pad").run()
    assert computed.networks == ["efficientnet_lite0"] * 2


def test_weights_that_are_missing_are_offered_and_not_fetched(tmp_path):
    app = open_app(networks="efficientnet_lite0,alexnet")
    assert not app.exception
    assert errors(app) == []
    assert sum("Not on this computer" in text and "244 MB" in text for text in texts(app)) == 3
    shown = [trace["type"] for trace in figure(app)["data"] if trace["type"] != "scatter"]  # empty cells
    assert shown == ["image", "heatmap", "heatmap"]
    button = widget(app, "fetch_alexnet")
    assert button.label == "Download AlexNet, 244 MB"
    assert any("EfficientNet-Lite0" in html.proto.body and "lime-top" in html.proto.body for html in app.get("html"))
    assert not list((tmp_path / "hub").rglob("*"))


def test_a_network_that_cannot_be_used_says_so_and_leaves_the_others(tmp_path):
    folder = tmp_path / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    (folder / "alexnet-owt-7be5be79.pth").write_bytes(b"not weights")
    app = open_app(networks="efficientnet_lite0,alexnet")
    assert not app.exception
    assert any("The weights file of AlexNet cannot be used" in text for text in texts(app))
    assert sum(trace["type"] == "heatmap" for trace in figure(app)["data"]) == 2


@pytest.mark.parametrize(("query", "what"), [({"networks": []}, "a network"), ({"rules": []}, "a gradient")])
def test_nothing_chosen_is_a_hint_and_no_error(query, what):
    app = open_app()
    for key, value in query.items():
        widget(app, key).set_value(value).run()
    assert not app.exception
    assert errors(app) == []
    assert [info.value for info in app.info] == [f"Choose {what} in the sidebar to see its map."]
    assert len(app.get("plotly_chart")) == 0


@pytest.mark.parametrize(
    ("picture", "sentence"),
    [
        ("nonsense", "That is not a web address"),
        ("ftp://example.com/a.png", "Only addresses that begin with http"),
        ("http://127.0.0.1/a.png", "Only public web addresses"),
        ("javascript:alert(1)", "Only addresses that begin with http"),
        ("upload-0123456789abcdef", "Ask for the file and upload it here"),
    ],
)
def test_a_picture_that_is_not_there_is_a_sentence_and_the_controls_remain(picture, sentence):
    app = open_app(picture=picture, rules="guided")
    assert not app.exception
    (said,) = errors(app)
    assert sentence in said
    assert len(app.get("plotly_chart")) == 0
    assert widget(app, "rules").value == ["guided"]
    widget(app, "source").set_value("sample").run()
    widget(app, "sample").set_value("coffee").run()
    assert errors(app) == []
    assert query(app) == {"picture": "coffee", "rules": "guided"}
    assert len(app.get("plotly_chart")) == 1


@pytest.mark.parametrize("picture", ["https://x.invalid/<b>bold</b>[a](b)", "sign in at www.evil.example/login"])
def test_a_title_of_a_strangers_choosing_is_neither_markup_nor_a_link(picture):
    app = open_app(picture=picture)
    assert "<b>" not in title(app)
    assert "evil" not in title(app)
    assert not any("evil" in text.value for text in app.markdown)


def test_a_mistyped_address_keeps_the_picture():
    app = open_app()
    widget(app, "source").set_value("address").run()
    widget(app, "address").set_value("no address").run()
    submit = next(button for button in app.button if button.label == "Fetch picture")
    submit.click().run()
    assert ["That is not a web address" in error for error in errors(app)] == [True]
    assert query(app) == {}
    assert len(app.get("plotly_chart")) == 1


def test_an_uploaded_picture_is_shown_and_survives_a_visit_to_another_page():
    app = upload(open_app(), png())
    assert errors(app) == []
    name = query(app)["picture"]
    assert name.startswith("upload-")
    assert "red.png" in title(app)
    assert "300 × 200 px" in title(app)
    app.switch_page("pages/Methods.py").run()
    assert query(app) == {"picture": name}
    app.switch_page(HOME).run()
    assert not app.exception
    assert errors(app) == []
    assert query(app) == {"picture": name}
    assert "red.png" in title(app)
    assert widget(app, "again").value == name


def test_a_picture_that_is_pasted_as_its_own_address_is_kept_like_an_upload():
    app = open_app()
    widget(app, "source").set_value("address").run()
    pasted = f"<data:image/png;base64,{base64.b64encode(png()).decode()}>"
    widget(app, "address").set_value(pasted)
    (button,) = [each for each in app.button if each.label == "Fetch picture"]
    button.click().run()
    assert errors(app) == []
    assert ">Pasted picture <" in title(app)
    assert query(app)["picture"].startswith("upload-")


def test_an_upload_stays_with_the_person_who_made_it():
    mine = upload(open_app(), png("blue"))
    theirs = open_app(picture=query(mine)["picture"])
    assert ["uploads stay with the person who made them" in error for error in errors(theirs)] == [True]
    upload(theirs, png("blue"))  # the same file: the link is whole again
    assert errors(theirs) == []
    assert query(theirs) == query(mine)


def test_a_picture_of_twelve_bits_is_not_black_and_its_window_is_in_the_link():
    values = np.linspace(0, 4095, 300 * 200).astype(np.uint16).reshape(200, 300)
    buffer = io.BytesIO()
    Image.fromarray(values).save(buffer, "PNG")
    app = upload(open_app(), buffer.getvalue(), "twelve.png")
    assert "values from 0 (black) to 4095 (white) are shown, as its values propose" in captions(app)
    assert "window" not in query(app)
    widget(app, "window").set_value((1000.0, 2000.0)).run()
    assert errors(app) == []
    assert query(app)["window"] == "1000,2000"
    assert "values from 1000 (black) to 2000 (white) are shown, as chosen" in captions(app)
    app.switch_page("pages/Classes.py").run()
    assert widget(app, "window").value == (1000, 2000)
    widget(app, "window_proposed").click().run()
    assert "window" not in query(app)
    assert widget(app, "window").value == (0, 4095)


def test_a_window_goes_with_its_picture(computed):
    values = np.linspace(0, 4095, 300 * 200).astype(np.uint16).reshape(200, 300)
    buffer = io.BytesIO()
    Image.fromarray(values).save(buffer, "PNG")
    app = upload(open_app(), buffer.getvalue(), "twelve.png")
    widget(app, "window").set_value((1000.0, 2000.0)).run()
    widget(app, "source").set_value("sample").run()
    widget(app, "sample").set_value("coffee").run()
    assert query(app) == {"picture": "coffee"}
    assert not has(app, "window")


def test_a_damaged_upload_is_a_sentence_and_the_picture_stays():
    app = upload(open_app(), png()[:60])
    assert not app.exception
    assert ["damaged" in error for error in errors(app)] == [True]
    assert query(app) == {}
    assert len(app.get("plotly_chart")) == 1
    app.run()
    assert errors(app) == []  # said once


def test_one_of_several_uploads_can_be_chosen_again():
    app = upload(upload(open_app(), png("red"), "red.png"), png("green"), "green.png")
    green = query(app)["picture"]
    red = next(name for name in widget(app, "again").root.session_state["upload_names"] if name != green)
    widget(app, "again").set_value(red).run()
    assert query(app)["picture"] == red
    assert "red.png" in title(app)


def typed(app, words):
    """What the browser does when words that are no option are typed into the box."""
    box = widget(app, "class_box")
    box.options.append(words)
    return box.set_value(words).run()


@pytest.mark.parametrize(
    ("words", "index"), [("golden retriever", 207), ("Golden_Retriever", 207), ("207", 207), ("0", 0)]
)
def test_the_exact_name_of_a_class_selects_it(words, index):
    app = typed(open_app(), words)
    assert widget(app, "class_box").value == index
    assert query(app) == {"class": str(index)}
    assert not any(pills.key == "meant" for pills in app.pills)


def test_a_misspelt_class_gives_candidates_and_never_a_guess():
    app = typed(open_app(class_="281"), "goldn retriver")
    assert widget(app, "class_box").value == 281  # as before
    meant = widget(app, "meant")
    assert meant.options[0] == "golden retriever"
    assert meant.value is None
    meant.set_value(207).run()
    assert widget(app, "class_box").value == 207
    assert query(app) == {"class": "207"}
    assert not any(pills.key == "meant" for pills in app.pills)


def test_words_that_come_near_no_class_are_repeated_and_change_nothing():
    app = typed(open_app(), "zzzzqqqq")
    assert widget(app, "class_box").value == OWN
    assert any("No class comes near “zzzzqqqq”" in caption.value for caption in app.caption)
    assert query(app) == {}


def test_choosing_another_class_ends_the_question():
    app = typed(open_app(), "goldn retriver")
    widget(app, "class_box").set_value(1).run()
    assert query(app) == {"class": "1"}
    assert not any(pills.key == "meant" for pills in app.pills)


def test_typed_words_are_shown_as_text():
    app = typed(open_app(), "**zzzzqqqq**")
    said = next(caption.value for caption in app.caption if "No class comes near" in caption.value)
    assert r"\*\*zzzzqqqq" in said


def test_the_class_that_is_explained_is_in_the_captions():
    app = open_app(class_="207")
    assert sum("golden retriever" in text and "rectifiers" in text for text in texts(app)) == 2
    tables = "".join(html.proto.body for html in app.get("html"))
    assert '<tr class=explained><th scope="row">golden retriever</th>' in tables
    assert widget(app, "class_box").value == CLASSES.index("golden retriever")
