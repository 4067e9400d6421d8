"""The class box: exact names are understood, others asked about, and nothing is guessed."""

import pytest

from core.ui.controls import class_box
from core.ui.controls.class_box import OWN
from core.ui.words import plain
from tests.opening import captions, open_app, query, widget


def typed(app, words):
    """What the browser does when words that are no option are typed into the box."""
    box = widget(app, "class_box")
    box.options.append(words)
    return box.set_value(words).run()


def test_of_a_network_that_is_not_here_the_class_of_a_link_stays():
    link = {"networks": "own-0123456789abcdef", "class": "1100"}
    app = open_app(**link)
    assert widget(app, "no_class").disabled
    assert query(app) == link


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
    assert "No class comes near “zzzzqqqq”" in captions(app)
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


def test_names_of_classes_are_offered_as_text(monkeypatch):
    offered = []
    monkeypatch.setattr(
        class_box, "pills", lambda label, options, **given: offered.extend(map(given["format_func"], options))
    )
    class_box._offer_candidates("tabby", ("tabby cat ![](https://example.org/x.png)", "dog"))
    assert offered == [plain("tabby cat ![](https://example.org/x.png)")]
    assert "![]" not in offered[0]
