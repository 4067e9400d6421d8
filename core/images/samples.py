"""Photos to begin with: bundled with scikit-image, so nothing is downloaded.

Only photos that scikit-image's documentation states to be CC0 or in the public domain.
"""

from dataclasses import dataclass
from importlib.resources import files

from core.errors import ImageError
from core.images.decode import decode_image
from core.images.stamp import stamped
from core.values import Picture


@dataclass(frozen=True, slots=True)
class Sample:
    """A photo of the gallery. name: its key; title: what it shows; credit: who made it, and its terms.

    stamp: whether a stamp is drawn into it, at STAMP_REGION (see core.images.stamp).
    """

    name: str
    title: str
    credit: str
    file: str
    stamp: bool = False


_GALLERY = (
    Sample("chelsea", "Cat", "Stefan van der Walt, CC0", "chelsea.png"),
    Sample("coffee", "Espresso", "Rachel Michetti, Pikolo Espresso Bar, CC0", "coffee.png"),
    Sample("astronaut", "Astronaut", "NASA, public domain", "astronaut.png"),
    Sample("rocket", "Rocket", "SpaceX, public domain", "rocket.jpg"),
    Sample("camera", "Cameraman", "Lav Varshney, CC0", "camera.png"),
    Sample("horse", "Horse outline", "Andreas Preuss, CC0", "horse.png"),
    Sample(
        "stamped",
        "Cat with stamp",
        "Stamp drawn by Limelight; photo by Stefan van der Walt, CC0",
        "chelsea.png",
        stamp=True,
    ),
)
SAMPLES: dict[str, Sample] = {sample.name: sample for sample in _GALLERY}


def load_sample(name: str) -> Picture:
    """Decode a photo of the gallery; raises ImageError for a name that is not in SAMPLES."""
    if name not in SAMPLES:
        raise ImageError(f"There is no sample called {name!r}: choose one of {', '.join(SAMPLES)}.")
    sample = SAMPLES[name]
    picture = decode_image((files("skimage") / "data" / sample.file).read_bytes())
    return stamped(picture) if sample.stamp else picture
