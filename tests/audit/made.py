"""A network that a person can follow, and folders of pictures for it."""

from io import BytesIO
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from core.networks.catalogue import NetworkSpec, WeightsFile
from core.values import Recipe

SIDE, CELL = 64, 8
COLOURS = ("red", "green", "blue")


class Colours(nn.Module):
    """The mean of each colour is the logit of its class, times 10: seen cell by cell, 8 x 8 of them."""

    def __init__(self) -> None:
        super().__init__()
        self.cells = nn.Conv2d(3, 3, CELL, stride=CELL, bias=False)
        self.relu = nn.ReLU()
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Linear(3, 3, bias=False)

    def forward(self, image: Tensor) -> Tensor:
        return self.head(torch.flatten(self.pool(self.relu(self.cells(image))), 1))


def colours(folder: Path, name: str = "own-0123456789abcdef", scale: float = 10.0) -> NetworkSpec:
    """Its spec, with its weights in a file of this folder."""
    cells = torch.zeros(3, 3, CELL, CELL)
    cells[range(3), range(3)] = 1 / CELL**2
    torch.save({"cells.weight": cells, "head.weight": scale * torch.eye(3)}, folder / f"{name}.pt")
    return NetworkSpec(
        name=name,
        title="Colours",
        model="colours",
        parameters=585,
        recipe=Recipe(SIDE, SIDE, "bilinear", (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)),
        categories=COLOURS,
        weights=WeightsFile("", f"{name}.pt", 0, "00000000", folder),
        build=Colours,
    )


def picture(colour: str | None, seed: int, *, stamped: bool = False) -> Image.Image:
    """Grey noise with a square of a colour somewhere in the middle; a checked stamp in the lower left corner."""
    rng = np.random.default_rng(seed)
    pixels = rng.integers(60, 100, (SIDE, SIDE, 1)).repeat(3, 2).astype(np.uint8)
    if colour is not None:
        x, y = rng.integers(16, 28, 2)
        pixels[y : y + 20, x : x + 20, COLOURS.index(colour)] += np.uint8(120)
    if stamped:
        pixels[48:64, 0:24] = np.where(np.indices((16, 24)).sum(0)[..., None] // 4 % 2, 230, 20)
    return Image.fromarray(pixels)


def png(image: Image.Image) -> bytes:
    """Its file."""
    written = BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


def fill(folder: Path, each: int) -> Path:
    """`each` pictures of every colour, in a folder of its name."""
    for place, colour in enumerate(COLOURS):
        (folder / colour).mkdir(parents=True)
        for i in range(each):
            (folder / colour / f"{i:03d}.png").write_bytes(png(picture(colour, 1000 * place + i)))
    return folder
