"""Colours that Python shares with page.css, standalone.css and .streamlit/config.toml; a test holds them together."""

LIME = "#c3f53c"  # the accent on dark
DARK_LIME = "#4d6b00"  # the accent on light
DARK = "#10110e"
GREY = "#808078"  # can be read on light and dark
TEXT_ON_LIGHT, TEXT_ON_DARK = "#191a15", "#f3f0e6"
