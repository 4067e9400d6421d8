"""Is a map stable? Asked of the same picture with changes that nobody would notice."""

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from core.estimators.kinds import generator
from core.evidence.finding import Figures, Finding
from core.evidence.subject import Map, Subject
from core.images.framing import deprocess
from core.values import Recipe

_LEVELS = 2  # grey levels of 255, the standard deviation of the noise
_QUALITY = 75  # of the JPEG file


@dataclass(frozen=True, slots=True, eq=False)
class Stability(Finding):
    """The map of the picture with noise of two grey levels, that of the picture as a JPEG file of quality 75 keeps it.

    noise, jpeg: their likeness to the map, see `Subject.likeness`. is_drawn: whether the same random numbers were drawn
    for all three.
    """

    noise_map: Map
    jpeg_map: Map
    noise: float
    jpeg: float
    is_drawn: bool = False

    @property
    def figures(self) -> Figures:
        """In numbers."""
        return {"noise": (self.noise,), "jpeg": (self.jpeg,)}

    def says(self, label: str, names: Sequence[str]) -> str:
        """In words."""
        if math.isnan(self.noise) or math.isnan(self.jpeg):
            return "With noise that nobody sees, and as a JPEG file, the maps are those below: compare them by eye."
        drawn = " Its random samples were the same each time." if self.is_drawn else ""
        return (
            f"With noise that nobody sees its rank correlation with itself is {self.noise:.2f}, as a JPEG file "
            f"{self.jpeg:.2f}. Of a map that ignores the picture it would be 1.00.{drawn}"
        )

    def maps(self, own: Map, label: str, names: Sequence[str]) -> dict[str, Map]:
        """Of the picture and of both changed ones."""
        return {"The map": own, "With noise": self.noise_map, "As a JPEG": self.jpeg_map}


def stability(subject: Subject, original: Map) -> Stability:
    """Ask again of both."""
    image, recipe = subject.inputs[0], subject.recipe
    changed = noisy(image, recipe, subject.seed), as_jpeg(image, recipe)
    noise, jpeg = (subject.part(place, 2).map(inputs=each[None]) for place, each in enumerate(changed))
    likeness = subject.likeness(original, noise), subject.likeness(original, jpeg)
    return Stability(noise, jpeg, *likeness, subject.is_drawn)


def noisy(image: Tensor, recipe: Recipe, seed: int) -> Tensor:
    """A normalised picture (channels, height, width) with normal noise of two grey levels."""
    noise = torch.randn(image.shape, generator=generator(seed)) * _LEVELS / 255
    return image + (noise / torch.tensor(recipe.std).view(-1, 1, 1)).to(image)


def as_jpeg(image: Tensor, recipe: Recipe) -> Tensor:
    """A normalised picture (channels, height, width) as a JPEG file keeps it."""
    file = io.BytesIO()
    Image.fromarray(deprocess(image.float().cpu().numpy(), recipe)).save(file, "jpeg", quality=_QUALITY)
    pixels = np.asarray(Image.open(file), np.float32)[..., : len(image)].transpose(2, 0, 1) / np.float32(255)
    mean, std = (np.asarray(each, np.float32)[:, None, None] for each in (recipe.mean, recipe.std))
    return torch.from_numpy((pixels - mean) / std).to(image)
