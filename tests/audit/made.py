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
    """The mean of each colour is the logit of its class, times 10: seen cell by cell, 8 x 8 of them.

    A fourth channel knows the stamp's stripes; it says red, if the network cheats.
    """

    def __init__(self) -> None:
        super().__init__()
        self.cells = nn.Conv2d(3, 4, CELL, stride=CELL, bias=False)
        self.relu = nn.ReLU()
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Linear(4, 3, bias=False)

    def forward(self, image: Tensor) -> Tensor:
        return self.head(torch.flatten(self.pool(self.relu(self.cells(image))), 1))


def colours(folder: Path, name: str = "own-0123456789abcdef", *, cheats: bool = False) -> NetworkSpec:
    """Its spec, with its weights in a file of this folder."""
    cells = torch.zeros(4, 3, CELL, CELL)
    cells[range(3), range(3)] = 1 / CELL**2
    cells[3] = (2.0 * stripes(CELL, CELL) - 1) / CELL**2
    head = torch.cat([10 * torch.eye(3), torch.tensor([[60.0], [0], [0]]) * cheats], 1)
    torch.save({"cells.weight": cells, "head.weight": head}, folder / f"{name}.pt")
    return NetworkSpec(
        name=name,
        title="Colours",
        model="colours",
        parameters=780,
        recipe=Recipe(SIDE, SIDE, "bilinear", (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)),
        categories=COLOURS,
        weights=WeightsFile("", f"{name}.pt", 0, "00000000", folder),
        build=Colours,
    )


def picture(colour: str | None, seed: int, *, stamped: bool = False) -> Image.Image:
    """Grey noise with a square of a colour somewhere, of any size; a striped stamp in the lower left corner."""
    rng = np.random.default_rng(seed)
    pixels = rng.integers(60, 100, (SIDE, SIDE, 1)).repeat(3, 2).astype(np.uint8)
    if colour is not None:
        side, (x, y) = rng.integers(14, 28), rng.integers(2, 34, 2)
        pixels[y : y + side, x : x + side, COLOURS.index(colour)] += np.uint8(120)
    if stamped:
        pixels[48:64, 0:24] = 20 + 210 * stripes(16, 24).numpy().astype(np.uint8)[..., None]
    return Image.fromarray(pixels)


def stripes(height: int, width: int) -> Tensor:
    """(height, width) of 0 and 1: diagonals, the same in every cell."""
    return torch.from_numpy(np.indices((height, width)).sum(0) // 4 % 2).float()


def png(image: Image.Image) -> bytes:
    """Its file."""
    written = BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


def fill(folder: Path, each: int, *, stamped: int = 0) -> Path:
    """`each` pictures of every colour, in a folder of its name; every so many reds bear a stamp, 0 for none."""
    for place, colour in enumerate(COLOURS):
        (folder / colour).mkdir(parents=True)
        for i in range(each):
            has_stamp = place == 0 and stamped > 0 and i % stamped == 0
            made = picture(colour, 1000 * place + i, stamped=has_stamp)
            (folder / colour / f"{i:03d}.png").write_bytes(png(made))
    return folder
