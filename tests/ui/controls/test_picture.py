"""Giving a picture: samples, addresses and files, each in its own words."""

import base64
from contextlib import nullcontext

import numpy as np
import pytest

from core.errors import FetchError, ImageError
from core.images import GALLERY
from core.ui.controls import picture as pictures
from core.ui.controls.stepping import BACK
from core.values import Picture
from tests.opening import HOME, charts, errors, open_app, png, query, title, upload, widget
from tests.ui.controls.uploads import COLOURS, give, place, step, three


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
    assert len(charts(app)) == 1


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


def test_an_upload_stays_with_the_person_who_made_it():
    mine = upload(open_app(), png("blue"))
    theirs = open_app(picture=query(mine)["picture"])
    assert ["uploads end with the visit that made them" in error for error in errors(theirs)] == [True]
    upload(theirs, png("blue"))  # the same file: the link is whole again
    assert errors(theirs) == []
    assert query(theirs) == query(mine)


def test_a_damaged_upload_is_a_sentence_and_the_picture_stays():
    app = upload(open_app(), png()[:60])
    assert not app.exception
    assert ["damaged" in error for error in errors(app)] == [True]
    assert query(app) == {}
    assert len(charts(app)) == 1
    app.run()
    assert errors(app) == []  # said once


def test_one_of_several_uploads_can_be_chosen_again():
    app = upload(upload(open_app(), png("red"), "red.png"), png("green"), "green.png")
    green = query(app)["picture"]
    red = next(name for name in widget(app, "again").root.session_state["upload_names"] if name != green)
    widget(app, "again").set_value(red).run()
    assert query(app)["picture"] == red
    assert "red.png" in title(app)


def test_several_files_are_kept_in_order_and_the_first_is_shown():
    app = three()
    assert errors(app) == []
    assert "red.png" in title(app)
    assert ">1 of 3<" in place(app)
    assert list(app.session_state["upload_names"].values()) == ["red.png", "green.png", "blue.png"]


def test_a_bad_file_among_several_is_named_and_the_others_are_kept():
    app = give(open_app(), [("red.png", png("red")), ("[x](y).txt", b"hello"), ("blue.png", png("blue"))])
    assert not app.exception
    (said,) = errors(app)
    assert said.startswith(r"\[x\]\(y\)\.txt: This is text, not a picture")
    assert ">1 of 2<" in place(app)


def test_files_that_were_there_before_are_not_shown_again_when_one_is_added():
    app = give(open_app(), [("red.png", png("red"))])
    widget(app, "source").set_value("sample").run()
    widget(app, "sample").set_value("coffee").run()
    app = give(app, [("green.png", png("green"))])
    assert "green.png" in title(app)
    step(app, BACK)
    assert "red.png" in title(app)


def test_the_picture_that_a_link_waits_for_is_shown_whatever_its_place():
    wanted = query(upload(open_app(), png("blue")))["picture"]
    app = three(open_app(picture=wanted))
    assert errors(app) == []
    assert query(app)["picture"] == wanted
    assert ">3 of 3<" in place(app)


def test_more_than_one_visit_may_keep_is_refused_file_by_file(monkeypatch):
    sizes = [len(png(colour)) for colour in COLOURS]
    monkeypatch.setattr(pictures, "_KEPT", sizes[0] + sizes[1] + 10)
    app = three()
    (said,) = errors(app)
    assert said.startswith(r"blue\.png: Pictures of one visit")
    assert ">1 of 2<" in place(app)


def test_the_same_file_twice_is_one_picture():
    app = give(open_app(), [("red.png", png("red")), ("copy.png", png("red"))])
    assert errors(app) == []
    assert place(app) == ""


@pytest.mark.parametrize("given", [None, []])
def test_taking_files_out_of_the_list_changes_nothing(given):
    app = three()
    app.file_uploader(key="file").set_value(given).run()
    assert not app.exception
    assert ">1 of 3<" in place(app)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("chelsea", "Cat (sample)"),
        ("upload-0123456789abcdef", "Uploaded picture"),
        ("https://example.com/a/b.png?x=/c.jpg", "b.png from example.com"),
        ("https://example.com:8080/", "Picture from example.com"),
        ("example.com", "Picture from example.com"),
        ("ftp://example.com/a.png", "Picture"),
        ("", "Picture"),
    ],
)
def test_a_picture_is_called_by_what_is_known_of_it(session, name, title):
    assert pictures.picture_title(name) == title


def test_the_credit_of_a_sample_stands_beside_its_size():
    picture = Picture(np.zeros((20, 30, 3), np.uint8), "")
    assert pictures.picture_detail("chelsea", picture) == f"30 × 20 px · {GALLERY['chelsea'].credit}"
    assert pictures.picture_detail("https://example.com/a.png", picture) == "30 × 20 px"


class Web:
    """In place of the network: what was fetched at what time, and whether it fails."""

    def __init__(self):
        self.fetched, self.now, self.fails = [], 1000.0, False

    def __call__(self, address, before=lambda: None):
        before()
        self.fetched.append(address)
        if self.fails:
            raise FetchError("No answer.")
        return png(size=(len(self.fetched), 1))  # another one each time


@pytest.fixture
def web(session, monkeypatch):
    web = Web()
    monkeypatch.setattr(pictures.pictures, "fetched", web)
    monkeypatch.setattr(pictures.time, "monotonic", lambda: web.now)
    monkeypatch.setattr(pictures.st, "spinner", lambda text: nullcontext())
    return web


def address(number):
    return f"https://example.com/{number}.png"


def test_a_picture_that_was_fetched_is_not_fetched_again(web):
    first = pictures.selected_picture(address(1))
    web.now += 3600
    assert pictures.selected_picture(address(1)) is first
    assert web.fetched == [address(1)]


def test_a_failure_holds_for_a_minute(web):
    web.fails = True
    for passed, tries in ((0, 1), (59, 1), (2, 2)):
        web.now += passed
        with pytest.raises(FetchError, match=r"No answer\."):
            pictures.selected_picture(address(1))
        assert len(web.fetched) == tries


def test_a_damaged_file_of_a_patients_is_not_asked_for_again_and_again(web, monkeypatch):
    def fetched(address, before):
        web.fetched.append(address)
        raise ImageError("Damaged.")

    monkeypatch.setattr(pictures.pictures, "fetched", fetched)
    for _ in range(2):
        with pytest.raises(ImageError, match=r"Damaged\."):
            pictures.selected_picture(address(1))
    assert len(web.fetched) == 1


def test_one_visitor_has_thirty_addresses_fetched_in_ten_minutes(web):
    for number in range(30):
        pictures.selected_picture(address(number))
    web.now += 599
    with pytest.raises(FetchError, match="30 addresses in 10 minutes"):
        pictures.selected_picture(address(30))
    web.now += 1
    assert pictures.selected_picture(address(30)).size == (31, 1)
    assert len(web.fetched) == 31


def test_only_what_is_fetched_is_counted(web, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(pictures.st, "session_state", {})
    monkeypatch.setattr(pictures.st, "spinner", lambda text: nullcontext())
    monkeypatch.setattr(pictures.pictures, "fetch_bytes", web)
    for _ in range(40):  # two pins, say, in turn
        for number in (1, 2):
            pictures.selected_picture(address(number))
    assert web.fetched == [address(1), address(2)]


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


def test_two_uploads_of_one_name_are_told_apart_and_none_becomes_the_other():
    app = give(open_app(), [("image.jpg", png("red")), ("image.jpg", png("green"))])
    first, second = app.session_state["upload_names"]
    assert widget(app, "again").options == ["image.jpg", "image.jpg (2)"]
    for name in (second, first):
        widget(app, "again").set_value(name).run()
        assert query(app)["picture"] == name
        widget(app, "show").set_value("overlay" if name == second else "map").run()
        assert query(app)["picture"] == name
