"""The Classes page, and what it shows."""

from tests.opening import drawn, texts, widget

PAGE = "pages/Classes.py"

TABBY, TIGER_CAT, EGYPTIAN_CAT, OWL = 281, 282, 285, 24


def headings(app):
    """What stands in bold in the grid: the columns, or the rows."""
    return [text.partition("</b>")[0].removeprefix("<b>") for text in texts(app) if text.startswith("<b>")]


def heatmaps(app):
    return drawn(app).count("heatmap")


def mode(app, name):
    return widget(app, "why_mode").set_value(name).run()
