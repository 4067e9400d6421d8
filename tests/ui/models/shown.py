"""The Models page, and its table."""

MODELS = "pages/Models.py"


def table(app):
    (frame,) = app.dataframe
    return frame.value
