"""Pinning what a page shows."""

from tests.opening import open_app, widget


def pin(app):
    return widget(app, "pin").click().run()


def two_pins():
    app = pin(open_app())
    widget(app, "show").set_value("overlay").run()
    return pin(app)
