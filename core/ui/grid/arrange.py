"""Arranging a grid in the room there is: in which shape its panels are, and whether something stands beside it."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.ui.figure.layout import Grid, lay_out
from core.ui.figure.space import space_of
from core.values import Picture
from core.view import View

_BESIDE = 300  # px for predictions at the right of the grid, at least
_BETWEEN = 30  # px between the two
_KEPT = 0.8  # of a panel's width, at least, where they stand there

Room = tuple[int, int]  # (width, height) in pixels


def arranged_beside(arrange: Callable[[Room], Grid], room: Room) -> tuple[Grid, bool]:
    """The grid, and whether predictions stand beside it; they go below where they would cost it much of its place."""
    width, height = room
    narrower = width - _BESIDE - _BETWEEN
    alone = arrange(room)
    beside = replace(arrange((narrower, height)), swiped=alone.swiped)  # less room for the grid is no smaller screen
    cheap = beside.panel_width >= _KEPT * alone.panel_width
    return (beside, True) if cheap and beside.width <= narrower else (alone, False)


def grid_beside(grid: Grid, width: int) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Two places in so many pixels: as much as the grid needs, and all that is left, for what stands beside it."""
    left, right = st.columns([grid.width, width - grid.width - _BETWEEN], gap="medium")
    return left, right


def arranged(
    columns: int,
    rules: tuple[str, ...],
    view: View,
    picture: Picture,
    room: Room,
    *,
    largest: bool = False,
    presented: bool = False,
) -> Grid:
    """The grid of so many columns; panels are shaped like what the maps lie on.

    largest: unless the arrangement was chosen, it is the one with the largest panels. presented: see `lay_out`.
    """
    arrangements = ("columns", "rows") if largest and view.arrangement == "auto" else (view.arrangement,)
    aspect = space_of(view, picture).aspect
    grids = [
        lay_out(columns, rules, each, room, references=view.references, aspect=aspect, presented=presented)
        for each in arrangements
    ]
    return max(grids, key=lambda grid: grid.panel_width)
