"""The path of a file as people type or paste it: in quotes, as file://, from their home."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

_QUOTES = (('"', '"'), ("'", "'"), ("\N{LEFT DOUBLE QUOTATION MARK}", "\N{RIGHT DOUBLE QUOTATION MARK}"), ("<", ">"))


def typed_path(text: str) -> Path:
    """The path that is meant; "" gives Path(".")."""
    text = text.strip()
    for begin, end in _QUOTES:
        if len(text) > 1 and text.startswith(begin) and text.endswith(end):
            text = text[1:-1].strip()
    if text.lower().startswith("file:"):
        text = unquote(urlsplit(text).path)
        if re.match(r"/[A-Za-z]:/", text):  # file:///C:/runs/best.pth
            text = text[1:]
    return Path(text).expanduser()
