"""Several pictures given at once, and where one is among them."""

from tests.opening import open_app, png, widget

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
