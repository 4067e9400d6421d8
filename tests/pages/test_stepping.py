"""Several pictures at once, and the way from one to the next."""

import pytest

from core.ui.controls import picture as pictures
from core.ui.controls.stepping import BACK, FORTH
from tests.pages.opening import HOME, errors, open_app, png, query, title, upload, widget

COLOURS = ("red", "green", "blue")


def give(app, files):
    if widget(app, "source").value != "upload":
        widget(app, "source").set_value("upload").run()
    return app.file_uploader(key="file").set_value([(name, data, "image/png") for name, data in files]).run()


def three(app=None):
    return give(app or open_app(rules="guided"), [(f"{colour}.png", png(colour)) for colour in COLOURS])


def place(app):
    return next((html.proto.body for html in app.get("html") if '<p class="lime-step' in html.proto.body), "")


def step(app, key):
    return widget(app, key).click().run()


def test_several_files_are_kept_in_order_and_the_first_is_shown():
    app = three()
    assert errors(app) == []
    assert "red.png" in title(app)
    assert ">1 of 3<" in place(app)
    assert list(app.session_state["upload_names"].values()) == ["red.png", "green.png", "blue.png"]


def test_steps_go_round_and_leave_networks_and_gradients():
    app, seen = three(), []
    for _ in range(3):
        step(app, FORTH)
        seen.append(next(colour for colour in COLOURS if colour in title(app)))
    assert seen == ["green", "blue", "red"]
    step(app, BACK)
    assert "blue.png" in title(app)
    assert ">3 of 3<" in place(app)
    assert query(app)["rules"] == "guided"
    assert widget(app, "again").value == query(app)["picture"]


def test_a_sample_or_a_single_upload_has_no_steps():
    app = upload(open_app(), png("red"))
    assert place(app) == ""
    app = three(app)
    assert place(app) != ""
    widget(app, "source").set_value("sample").run()
    widget(app, "sample").set_value("coffee").run()
    assert place(app) == ""


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


def test_steps_are_there_after_a_visit_to_another_page():
    app = step(three(), FORTH)
    app.switch_page("pages/Methods.py").run()
    app.switch_page(HOME).run()
    assert ">2 of 3<" in place(app)


@pytest.mark.parametrize("given", [None, []])
def test_taking_files_out_of_the_list_changes_nothing(given):
    app = three()
    app.file_uploader(key="file").set_value(given).run()
    assert not app.exception
    assert ">1 of 3<" in place(app)
