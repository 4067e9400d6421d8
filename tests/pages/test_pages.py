"""Every page as a reader meets it: opened cold, from a link, and left for another."""

import pytest

from tests.opening import HOME, PAGES, drawn, errors, open_app, open_bare, query, title, widget


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


def test_classes_survive_a_visit_to_another_page():
    app = open_app("pages/Classes.py", classes="281,24", subject="efficientnet_lite0")
    app.switch_page(HOME).run()
    assert query(app) == {"classes": "281,24"}
    app.switch_page("pages/Classes.py").run()
    assert widget(app, "why_classes").value == [281, 24]


@pytest.mark.parametrize("link", [
    {"classes": "nonsense", "against": "-1", "subject": "nonsense"}, {"classes": "99999,²", "against": "1e3"},
])  # fmt: skip
def test_nonsense_about_classes_is_default(link):
    app = open_app("pages/Classes.py", **link)
    assert not app.exception
    assert errors(app) == []
    assert query(app) == {}
    assert drawn(app).count("heatmap") == 10
