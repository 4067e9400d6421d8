"""The way from one uploaded picture to the next."""

from core.ui.controls.stepping import BACK, FORTH
from tests.opening import HOME, open_app, png, query, title, upload, widget
from tests.ui.controls.uploads import COLOURS, place, step, three


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


def test_steps_are_there_after_a_visit_to_another_page():
    app = step(three(), FORTH)
    app.switch_page("pages/Methods.py").run()
    app.switch_page(HOME).run()
    assert ">2 of 3<" in place(app)
