"""CSS, Streamlit's themes and Python have the same colours."""

import re
import tomllib

from core.ui import palette
from core.ui.frame.assets import text
from tests.ui.sources import PYTHON, ROOT


def declared(name, selector):
    """What the first rule of a selector says: {property: value}."""
    (body, *_) = re.findall(rf"{re.escape(selector)} {{\n([^}}]*)}}", text(name))
    return dict(re.findall(r"([\w-]+): (.*);", body))


def test_css_and_python_have_the_same_colours():
    assert declared("page.css", ":root") == {
        "--lime": palette.LIME,
        "--dark-lime": palette.DARK_LIME,
        "--dark": palette.DARK,
        "--text-on-dark": palette.TEXT_ON_DARK,
    }


def test_the_themes_of_streamlit_have_the_same_colours():
    theme = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())["theme"]
    light, dark = theme["light"], theme["dark"]
    assert light["primaryColor"] == light["linkColor"] == palette.DARK_LIME
    assert dark["primaryColor"] == dark["linkColor"] == palette.LIME
    assert dark["backgroundColor"] == palette.DARK
    assert (light["textColor"], dark["textColor"]) == (palette.TEXT_ON_LIGHT, palette.TEXT_ON_DARK)
    for which, selector in ((light, ":root"), (dark, "@media (prefers-color-scheme: dark) {\n  :root")):
        said = declared("standalone.css", selector)
        assert said == {"--page": which["secondaryBackgroundColor"], "--text": which["textColor"]}


def test_each_colour_is_written_once_in_python():
    written = [
        path for path, code in PYTHON.items() for _ in re.findall(rf"{palette.LIME}|{palette.DARK}\b", code, re.I)
    ]
    assert [path.name for path in written] == ["palette.py", "palette.py"]


def test_what_is_written_on_the_accent_can_be_read_in_both_themes():
    light, dark = re.findall(r"light-dark\((\w+), var\((--\w+)\)\)", text("page.css"))[0]
    assert (light, dark) == ("white", "--dark")
    assert contrast("#ffffff", palette.DARK_LIME) > 4.5  # WCAG 2.2, 1.4.3
    assert contrast(palette.DARK, palette.LIME) > 4.5


def contrast(one, other):
    """WCAG 2.2's contrast ratio of two colours, "#rrggbb"."""
    lighter, darker = sorted(map(luminance, (one, other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour):
    shares = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
