"""The window of a picture of more than 8 bits, on the page and in its link."""

import io

import numpy as np
import pytest
from PIL import Image

from tests.images.apart.made_pictures import dicom
from tests.opening import captions, errors, has, open_app, png, query, title, upload, widget


def twelve_bits():
    values = np.linspace(0, 4095, 300 * 200).astype(np.uint16).reshape(200, 300)
    buffer = io.BytesIO()
    Image.fromarray(values).save(buffer, "PNG")
    return buffer.getvalue()


def test_a_picture_of_twelve_bits_is_not_black_and_its_window_is_in_the_link():
    app = upload(open_app(), twelve_bits(), "twelve.png")
    assert "values from 0 (black) to 4095 (white) are shown, to networks too, as its values propose" in captions(app)
    assert "window" not in query(app)
    widget(app, "window").set_value((1000.0, 2000.0)).run()
    assert errors(app) == []
    assert query(app)["window"] == "1000,2000"
    assert "values from 1000 (black) to 2000 (white) are shown, to networks too, as chosen" in captions(app)
    app.switch_page("pages/Classes.py").run()
    assert widget(app, "window").value == (1000, 2000)
    widget(app, "window_proposed").click().run()
    assert "window" not in query(app)
    assert widget(app, "window").value == (0, 4095)


def test_a_window_goes_with_its_picture():
    app = upload(open_app(), twelve_bits(), "twelve.png")
    deep = query(app)["picture"]
    widget(app, "window").set_value((1000.0, 2000.0)).run()
    widget(app, "source").set_value("sample").run()
    widget(app, "sample").set_value("coffee").run()
    assert query(app) == {"picture": "coffee"}
    assert not has(app, "window")
    widget(app, "source").set_value("upload").run()
    widget(app, "again").set_value(deep).run()
    assert query(app) == {"picture": deep, "window": "1000,2000"}
    widget(app, "window_proposed").click().run()
    widget(app, "source").set_value("sample").run()
    widget(app, "sample").set_value("coffee").run()
    widget(app, "source").set_value("upload").run()
    widget(app, "again").set_value(deep).run()
    assert query(app) == {"picture": deep}


def test_a_link_keeps_its_window_until_its_picture_is_given():
    here = upload(open_app(), twelve_bits(), "twelve.png")
    widget(here, "window").set_value((1000.0, 2000.0)).run()
    link = query(here)
    app = open_app(**link)
    assert "uploads end with the visit" in errors(app)[0]
    assert query(app) == link
    app = upload(app, twelve_bits(), "twelve.png")
    assert query(app) == link
    assert "values from 1000 (black) to 2000 (white) are shown, to networks too, as chosen" in captions(app)


def test_of_a_radiograph_no_name_and_no_file_of_the_patients_is_kept():
    values = np.linspace(0, 4000, 300 * 200).astype(np.uint16).reshape(200, 300)
    app = upload(open_app(), dicom(values, BitsStored=12), "Zyxwv_Patient_1950.dcm")
    assert errors(app) == []
    assert has(app, "window")
    kept = app.session_state["uploads"], app.session_state["upload_names"]
    assert "Zyxwv" not in repr(kept)
    assert ">DICOM " in title(app)
    assert not has(app, "file")
    app = upload(app, png(), "second.png", key="file1")
    assert ">second.png <" in title(app)


@pytest.mark.parametrize("kind", ["png", "dcm"])
def test_a_picture_without_a_black_pixel_has_a_slider_too(kind):
    values, buffer = (200 + np.arange(600)).astype(np.uint16).reshape(20, 30), io.BytesIO()
    Image.fromarray(values).save(buffer, "PNG")
    data = buffer.getvalue() if kind == "png" else dicom(values, BitsStored=12)
    app = upload(open_app(), data, f"grey.{kind}")
    assert not app.exception
    assert widget(app, "window").value[0] == 0
