"""Maps as pixels, in the colours in which the grid shows them."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import ImageColor

from core.ui.figure.colours import colouring_of
from core.ui.figure.maps import Map
from core.values import Pixels
from core.view import View


def painted(shown: Map, view: View) -> Pixels:
    """A map alone, each of its values as a pixel."""
    return _colours(shown, view)[np.rint(_shares(shown) * 255).astype(int)]


def laid_over(shown: Map, seen: Pixels, view: View) -> Pixels:
    """A map over what the network saw, of the same size: transparent where it is 0."""
    shares = _shares(shown)
    strength = view.opacity * np.sqrt(np.abs(2 * shares - 1) if shown.scale.signed else shares)[..., None]
    return np.rint(painted(shown, view) * strength + seen * (1 - strength)).astype(np.uint8)


def _shares(shown: Map) -> NDArray[np.float32]:
    """Of its scale, from 0 at the floor to 1 at the ceiling."""
    scale = shown.scale
    return np.clip((shown.values - scale.floor) / (scale.ceiling - scale.floor), 0, 1)


def _colours(shown: Map, view: View) -> NDArray[np.uint8]:
    """(256, 3), the map's colours from the low end to the high end."""
    stops = replace(colouring_of(shown, view), fading=False).by_value()
    colours = np.array([ImageColor.getrgb(colour)[:3] for _, colour in stops])
    places, steps = np.linspace(0, 1, 256), [step for step, _ in stops]
    return np.stack([np.interp(places, steps, colours[:, i]) for i in range(3)], axis=1).round().astype(np.uint8)
