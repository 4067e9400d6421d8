"""How pictures were prepared for a checkpoint: what is proposed, in one line, and the controls to correct it."""

from collections.abc import Sequence

import streamlit as st

from core.ui.frame.widgets import selectbox, toggle
from core.ui.words import recipe_in_words
from core.values import Recipe

_WIDTH = 150  # px of a number: two beside each other on a phone
_COLOURS = {1: ("grey",), 3: ("red", "green", "blue")}


def choose_recipe(proposed: Recipe, key: str) -> Recipe:
    """Draw it and return what is chosen. key: of the file and the architecture, whose settings these are."""
    st.caption(recipe_in_words(proposed))
    if not toggle("Pictures were prepared otherwise", key=f"own_recipe_{key}"):
        return proposed
    squash = toggle("Squash the whole picture to a square", proposed.squash, key=f"own_squash_{key}")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        crop = int(st.number_input("Input size, px", 16, 1024, proposed.crop, key=f"own_crop_{key}"))
        resize = crop if squash else _resize(proposed, key)
        interpolation = _interpolation(proposed, key)
    return Recipe(
        resize,
        crop,
        interpolation,
        mean=_values("Mean", proposed.mean, key),
        std=_values("Standard deviation", proposed.std, key),
        squash=squash,
    )


def _resize(proposed: Recipe, key: str) -> int:
    return int(st.number_input("Shorter side resized to, px", 16, 2048, proposed.resize, key=f"own_resize_{key}"))


def _interpolation(proposed: Recipe, key: str) -> str:
    ways = ("bilinear", "bicubic")
    return selectbox("Interpolation", ways, ways.index(proposed.interpolation), key=f"own_interpolation_{key}")


def _values(label: str, usual: Sequence[float], key: str) -> tuple[float, ...]:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        return tuple(
            st.number_input(
                f"{label}, {colour}", 0.0, 1.0, value, format="%.4f", key=f"own_{label}_{colour}_{key}", width=_WIDTH
            )
            for colour, value in zip(_COLOURS[len(usual)], usual, strict=True)
        )
