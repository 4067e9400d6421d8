"""The address of a picture as people paste it: in quotes, in Markdown, as a link to share, or as the picture itself."""

import base64
import binascii
import re
from urllib.parse import parse_qs, unquote_to_bytes, urlencode, urlsplit, urlunsplit

from core.errors import FetchError
from core.images.decode import MAX_BYTES
from core.images.guard import PORTS

MAX_ADDRESS = 2000  # characters

_NOT_AN_ADDRESS = "That is not a web address: it should look like https://example.com/picture.jpg."
_TOO_LONG = (
    f"That address has more than {MAX_ADDRESS:,} characters, which no link can carry: download the picture and upload "
    "the file instead."
)
_DAMAGED = "That data: address is damaged or incomplete: copy it once more, or save the picture and upload the file."
_TOO_LARGE = f"The picture in that address is larger than {MAX_BYTES / 1e6:.0f} MB: choose a smaller one."
_A_FOLDER = "That is a link to a folder: open the picture in it and copy its own link."
_MARKDOWN = re.compile(r"!?\[[^\]]*\]\(\s*<?([^\s<>]+?)>?(?:\s+[\"'(].*)?\s*\)", re.DOTALL)
_HTML = re.compile(r"<img\b[^>]*?\bsrc\s*=\s*[\"']([^\"']+)[\"'][^>]*>", re.IGNORECASE | re.DOTALL)
_QUOTES = ('""', "''", "<>", "``", "()", "\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}")


def meant_address(text: str) -> str:
    """The web address that is meant, of the file itself where a page to share it is given; raises FetchError.

    Quotes, <>, Markdown and HTML around it are taken off. Dropbox's and Google Drive's links to share a file become
    those that give it.
    """
    return _direct(web_address(_unwrapped(text)))


def data_of(text: str) -> bytes | None:
    """The bytes in a data: address (RFC 2397), at most MAX_BYTES; None for any other. Raises FetchError."""
    text = _unwrapped(text)
    if text[:5].lower() != "data:":
        return None
    head, comma, body = text[5:].partition(",")
    if not comma:
        raise FetchError(_DAMAGED)
    if len(body) > 2 * MAX_BYTES:
        raise FetchError(_TOO_LARGE)
    try:
        data = unquote_to_bytes(body)
        if head.lower().endswith(";base64"):
            data = base64.b64decode(re.sub(rb"\s", b"", data), validate=True)
    except (binascii.Error, ValueError):
        raise FetchError(_DAMAGED) from None
    if len(data) > MAX_BYTES:
        raise FetchError(_TOO_LARGE)
    return data


def web_address(text: str) -> str:
    """The http or https address a person meant, "https://" put in front of a bare one; raises FetchError."""
    text = text.strip()
    if not text or not text.isprintable() or "\\" in text:
        raise FetchError(_NOT_AN_ADDRESS)
    if len(text) > MAX_ADDRESS:
        raise FetchError(_TOO_LONG)
    if not re.match(r"[a-z][a-z0-9+.-]*:(?!\d)", text, re.IGNORECASE):
        text = f"https://{text.removeprefix('//')}"
        if "." not in text.split("/")[2]:
            raise FetchError(_NOT_AN_ADDRESS)
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise FetchError(_NOT_AN_ADDRESS) from None
    if parts.scheme not in PORTS:
        raise FetchError("Only addresses that begin with http:// or https:// can be fetched.")
    if "@" in parts.netloc:
        raise FetchError("Addresses with a user name or password are not allowed: remove the part before the @.")
    if not host or " " in host:
        raise FetchError(_NOT_AN_ADDRESS)
    return text


def _unwrapped(text: str) -> str:
    """Without what was copied around it."""
    text = text.strip()
    for pattern in (_MARKDOWN, _HTML):
        if found := pattern.fullmatch(text):
            return found[1].strip()
    while len(text) > 1 and text[0] + text[-1] in _QUOTES:
        text = text[1:-1].strip()
    return text


def _direct(address: str) -> str:
    """The address of a file for that of the page on which it is shared."""
    parts = urlsplit(address)
    host, query = (parts.hostname or "").removeprefix("www."), parse_qs(parts.query)
    if host == "dropbox.com":
        if re.match(r"/(sh|scl/fo)/", parts.path):
            raise FetchError(_A_FOLDER)
        if re.match(r"/(s|scl/fi)/", parts.path):
            kept = {key: values[-1] for key, values in query.items() if key not in ("dl", "raw")}
            return urlunsplit(parts._replace(query=urlencode(kept | {"dl": "1"}), fragment=""))
    if host in ("drive.google.com", "docs.google.com"):
        if "/folders/" in parts.path:
            raise FetchError(_A_FOLDER)
        found = re.search(r"/file/d/([\w-]+)", parts.path)
        file = found[1] if found else query["id"][-1] if parts.path in ("/open", "/uc") and "id" in query else ""
        if file:
            key = {"resourcekey": query["resourcekey"][-1]} if "resourcekey" in query else {}
            return f"https://drive.google.com/uc?{urlencode({'export': 'download', 'id': file} | key)}"
    return address
