"""Mean and standard deviation out of a stranger's file, as a recipe has them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Values = tuple[float, ...]  # of red, green and blue, or of grey alone

_SHAPES = {(n, *ones) for n in (1, 3) for ones in ((), (1, 1))} | {(1, 3, 1, 1), (1, 1, 1, 1)}
_CAFFE = (103.939, 116.779, 123.68)  # ImageNet's mean as Caffe's networks take it away: of blue, green and red


@dataclass(frozen=True, slots=True)
class Normalisation:
    """(pixel - mean) / std, pixels being in [0, 1]; as many values as a picture has colours, 3 or 1."""

    mean: Values
    std: Values


def normalisation(mean: Sequence[float], std: Sequence[float]) -> Normalisation:
    """From the values of a file, which may also be for pixels in 0..255.

    Raises ValueError with a bare fact for values that are none, and for Caffe's, which are of blue, green and red.
    """
    values = tuple(map(float, mean)), tuple(map(float, std))
    if len(values[0]) != len(values[1]) or len(values[0]) not in (1, 3):
        raise ValueError("there are not three of each")
    if max(map(max, values)) > 1:
        values = tuple(value / 255 for value in values[0]), tuple(value / 255 for value in values[1])
    if not all(0 <= value <= 1 for value in values[0]) or not all(0 < value <= 1 for value in values[1]):
        raise ValueError("no picture is normalised by such values")
    if all(math.isclose(255 * value, caffe, abs_tol=0.1) for value, caffe in zip(values[0], _CAFFE, strict=False)):
        raise ValueError("they are Caffe's, in the order blue, green, red")
    return Normalisation(*values)


def pairs(shapes: Mapping[str, tuple[int, ...]]) -> list[tuple[str, str]]:
    """The tensors that are a mean and a standard deviation by their names, places and shapes.

    Such as ("normalizer.new_mean", "normalizer.new_std"); statistics of a BatchNorm are no such pair.
    """
    found = []
    for name, shape in shapes.items():
        above, dot, last = name.rpartition(".")
        partner = above + dot + last.replace("mean", "std")
        if partner != name and shape in _SHAPES and shapes.get(partner) == shape:
            found.append((name, partner))
    return found
