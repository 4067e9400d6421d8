"""Addresses as people write and paste them: what is meant, or a true sentence."""

import base64

import pytest

from core.errors import FetchError
from core.images.address import MAX_ADDRESS, data_of, meant_address, web_address
from core.images.decode import MAX_BYTES


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("https://example.com/cat.jpg", "https://example.com/cat.jpg"),
        ("  HTTP://Example.com/cat.jpg\n", "HTTP://Example.com/cat.jpg"),
        ("example.com/cat.jpg", "https://example.com/cat.jpg"),
        ("//example.com/cat.jpg", "https://example.com/cat.jpg"),
        ("example.com:443/cat.jpg", "https://example.com:443/cat.jpg"),
        ("example.com/?at=http://x.y", "https://example.com/?at=http://x.y"),
        ("https://example.com/my cat.jpg", "https://example.com/my cat.jpg"),
    ],
)
def test_an_address_is_understood_as_people_write_it(typed: str, meant: str) -> None:
    assert web_address(typed) == meant


@pytest.mark.parametrize(
    "nonsense",
    [
        *(
            "",
            "   ",
            "cat",
            "a cat",
            "a cat. A dog",
            "localhost:8501",
            "https://",
            "https:///cat.jpg",
            "https://:80",
        ),
        *(
            "http://[::1",
            "http://[oops]/",
            "http://example.com:99999/",
            "http://example.com:cat/",
            "https:\\\\a.b",
        ),
        *("http://a.b/\x00", "http://a.b/\r\nHost: c", "http://a b.c/"),
        *("https://\u202eexample.com",),
    ],
)
def test_nonsense_is_not_an_address(nonsense: str) -> None:
    with pytest.raises(FetchError, match="not a web address: it should look like https://"):
        web_address(nonsense)


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://a.b/c", "data:image/png;base64,AA", "C:/cat.png"])
def test_only_the_web_is_fetched(address: str) -> None:
    with pytest.raises(FetchError, match="begin with http:// or https://"):
        web_address(address)


@pytest.mark.parametrize("address", ["https://me@a.b/c", "https://me:secret@a.b/c", "https://a.b@10.0.0.1/"])
def test_credentials_are_not_sent(address: str) -> None:
    with pytest.raises(FetchError, match="user name or password are not allowed"):
        web_address(address)


@pytest.mark.parametrize(
    "pasted",
    [
        "{}",
        '"{}"',
        "'{}'",
        "<{}>",
        "`{}`",
        "( {} )",
        "“{}”",
        '"<{}>"',
        "![a cat]({})",
        "![]( {} )",
        '![a cat](<{}> "My cat")',
        "[a cat]({})",
        '<img alt="x" src="{}" width=3>',
        "<IMG SRC='{}'/>",
    ],
)
def test_what_was_copied_around_an_address_is_taken_off(pasted: str) -> None:
    assert meant_address(pasted.format("https://example.com/cat.jpg")) == "https://example.com/cat.jpg"


@pytest.mark.parametrize(
    ("shared", "file"),
    [
        ("https://www.dropbox.com/s/ab12/cat.jpg?dl=0", "https://www.dropbox.com/s/ab12/cat.jpg?dl=1"),
        ("https://www.dropbox.com/s/ab12/cat.jpg", "https://www.dropbox.com/s/ab12/cat.jpg?dl=1"),
        (
            "https://www.dropbox.com/scl/fi/ab12/cat.jpg?rlkey=k9&st=x&dl=0",
            "https://www.dropbox.com/scl/fi/ab12/cat.jpg?rlkey=k9&st=x&dl=1",
        ),
        (
            "https://drive.google.com/file/d/1aB-c_D/view?usp=sharing",
            "https://drive.google.com/uc?export=download&id=1aB-c_D",
        ),
        (
            "https://drive.google.com/file/d/1aB/view?resourcekey=0-xy",
            "https://drive.google.com/uc?export=download&id=1aB&resourcekey=0-xy",
        ),
        ("https://drive.google.com/open?id=1aB", "https://drive.google.com/uc?export=download&id=1aB"),
        ("https://dl.dropboxusercontent.com/s/ab12/cat.jpg", "https://dl.dropboxusercontent.com/s/ab12/cat.jpg"),
        ("https://notdropbox.com/s/ab12/cat.jpg?dl=0", "https://notdropbox.com/s/ab12/cat.jpg?dl=0"),
    ],
)
def test_a_link_to_share_a_file_is_one_to_the_file(shared: str, file: str) -> None:
    assert meant_address(shared) == file
    assert meant_address(file) == file


@pytest.mark.parametrize(
    "folder",
    [
        "https://www.dropbox.com/sh/ab12/xy?dl=0",
        "https://www.dropbox.com/scl/fo/ab12/h?rlkey=k",
        "https://drive.google.com/drive/folders/1aB?usp=sharing",
    ],
)
def test_a_link_to_a_folder_is_told(folder: str) -> None:
    with pytest.raises(FetchError, match="link to a folder"):
        meant_address(folder)


def test_an_address_too_long_for_a_link_is_told_so() -> None:
    with pytest.raises(FetchError, match="more than 2,000 characters"):
        web_address("https://example.com/" + "x" * MAX_ADDRESS)


@pytest.mark.parametrize(
    ("address", "data"),
    [
        ("data:image/png;base64,aGVsbG8=", b"hello"),
        ('"DATA:image/png;charset=x;base64,aGVs\n bG8="', b"hello"),
        ("![a](data:image/png;base64,aGVsbG8=)", b"hello"),
        ("data:,hel%6Co", b"hello"),
        ("https://example.com/data:image/png;base64,aGVsbG8=", None),
    ],
)
def test_a_data_address_is_its_bytes(address: str, data: bytes | None) -> None:
    assert data_of(address) == data


@pytest.mark.parametrize(
    "address", ["data:image/png;base64", "data:image/png;base64,a", "data:;base64,%%%", "data:;base64,é"]
)
def test_a_damaged_data_address_is_told(address: str) -> None:
    with pytest.raises(FetchError, match="damaged or incomplete"):
        data_of(address)


def test_a_data_address_is_no_larger_than_an_upload() -> None:
    with pytest.raises(FetchError, match="larger than 15 MB"):
        data_of("data:;base64," + base64.b64encode(bytes(MAX_BYTES + 1)).decode())
