"""A figure in a file: whole, readable, and closed to whatever a title may hold."""

from html.parser import HTMLParser

import plotly.graph_objects as go
import pytest

from core.ui.figure.html_page import html_of

LIGHT, DARK = "#fdfdfb", "#10110e"
ATTACK = "</title></script><script>evil()</script><img src=x onerror=evil()>\"'><b>&amp;"


class Elements(HTMLParser):
    """Every start tag with its attributes, and the text of headings, titles and captions."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.texts = [], {}
        self.feed(page.decode("utf-8"))

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data):
        tag = self.tags[-1][0] if self.tags else ""
        self.texts[tag] = self.texts.get(tag, "") + data

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def figure(text="tabby"):
    heatmap = go.Heatmap(z=[[0, 1], [2, 3]], hovertemplate=f"{text} %{{z}}<extra></extra>")
    return go.Figure(heatmap, layout={"width": 400, "height": 300, "annotations": [{"text": text}]})


@pytest.fixture(scope="module")
def page():
    return html_of(figure(), "Cat · Limelight", LIGHT, "Line one\nline two")


@pytest.fixture(scope="module")
def elements(page):
    return Elements(page)


def test_it_is_a_whole_page_in_a_language_with_a_title(page, elements):
    assert page.startswith(b"<!doctype html>\n")
    assert elements.all("html") == [{"lang": "en"}]
    assert elements.all("meta")[0] == {"charset": "utf-8"}
    assert elements.texts["title"].strip() == "Cat · Limelight"
    assert elements.texts["h1"].strip() == "Cat · Limelight"


def test_the_caption_keeps_its_lines(page, elements):
    assert elements.texts["figcaption"].strip() == "Line one\nline two"
    assert b"white-space: pre-line" in page


def test_the_figure_and_what_draws_it_are_in_the_file(page):
    assert len(page) > 3_000_000
    assert page.count(b"Plotly.newPlot(") == 1
    assert b"tabby %{z}" in page


def test_no_tag_refers_to_anything_outside(elements):
    assert [name for name, attributes in elements.tags if attributes.keys() & {"src", "href", "srcset", "data"}] == []
    assert elements.all("link") == elements.all("iframe") == elements.all("object") == []
    assert "@import" not in elements.texts["style"]
    assert "url(" not in elements.texts["style"]


def test_a_policy_forbids_every_request(elements):
    (policy,) = [meta["content"] for meta in elements.all("meta") if meta.get("http-equiv")]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == "'unsafe-inline'"
    assert rules["img-src"] == "data: blob:"


def test_no_text_can_break_out_of_its_place(elements):
    attacked = Elements(html_of(figure(ATTACK), ATTACK, LIGHT, ATTACK))
    assert [name for name, _ in attacked.tags] == [name for name, _ in elements.tags]
    for place in ("title", "h1", "figcaption"):
        assert attacked.texts[place].strip() == ATTACK


@pytest.mark.parametrize(
    ("background", "text"), [(LIGHT, "#191a15"), (DARK, "#f3f0e6"), ("#999999", "#191a15"), ("#C00000", "#f3f0e6")]
)
def test_text_is_what_can_be_read_on_the_background(background, text):
    page = html_of(figure(), "Cat", background).decode()
    assert f'"paper_bgcolor":"{background}"' in page
    assert f'"font":{{"color":"{text}"}}' in page
    assert f'class="panels" style="background: {background}"' in page


@pytest.mark.parametrize("background", ["", "red", "#fff", "#12345g", "#fdfdfb}</style><script>", "#fdfdfb\n"])
def test_a_background_that_is_no_colour_is_refused(background):
    with pytest.raises(ValueError, match="background must be #rrggbb"):
        html_of(figure(), "Cat", background)


def test_the_page_around_is_as_bright_as_the_system(page, elements):
    assert {"name": "color-scheme", "content": "light dark"} in elements.all("meta")
    assert b"@media (prefers-color-scheme: dark)" in page


def test_the_figure_stays_as_it_was():
    drawn = figure()
    before = drawn.to_json()
    html_of(drawn, "Cat", DARK)
    assert drawn.to_json() == before


def test_names_that_no_encoding_has_do_not_break_the_file():
    assert b"a?b" in html_of(figure(), "a\ud800b", LIGHT)
