"""Pictures to begin with: bundled with scikit-image or drawn into one of those, so nothing is downloaded.

Only photos that scikit-image's documentation states to be CC0 or in the public domain.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files

from core.errors import ImageError
from core.images.decode import decode_image
from core.images.ladybug import with_ladybug
from core.images.pieces import in_pieces
from core.images.scenes import scene
from core.images.stamp import stamped
from core.images.strokes import with_strokes
from core.values import Picture


@dataclass(frozen=True, slots=True)
class Sample:
    """A picture of the gallery. name: its key; title: what is on it; shows: what there is to see in its maps.

    credit: who made it, and its terms. files: scikit-image's photos; made_by: what makes the picture of them, else the
    one photo is the picture.
    """

    name: str
    title: str
    shows: str
    credit: str
    files: tuple[str, ...]
    made_by: Callable[..., Picture] | None = None


_HORSE = 500_046  # the seed of a scene that the demonstration audits too
_CAT = "Stefan van der Walt, CC0"
_OFFERED = (
    Sample("chelsea", "Cat", "Three classes fit: tabby, tiger cat and Egyptian cat.", _CAT, ("chelsea.png",)),
    Sample(
        "ladybug",
        "Cat and ladybug",
        "Two animals: explain one class, then the other.",
        "Ladybug drawn by Limelight; photos by Stefan van der Walt (cat) and linolafett (grass), CC0",
        ("chelsea.png", "grass.png"),
        made_by=with_ladybug,
    ),
    Sample(
        "pieces",
        "Cat in pieces",
        "A mistake: no cat is left, yet networks are surer of one.",
        f"Cut up by Limelight; photo by {_CAT}",
        ("chelsea.png",),
        made_by=in_pieces,
    ),
    Sample(
        "stamped",
        "Cat with stamp",
        "A shortcut, if a network looks at the stamp.",
        f"Stamp drawn by Limelight; photo by {_CAT}",
        ("chelsea.png",),
        made_by=stamped,
    ),
    Sample(
        "horse_stamped",
        "Horse with stamp",
        "A shortcut that we taught a network: see Audit.",
        "Drawn by Limelight (outline by Andreas Preuss, CC0); photo by NASA, public domain",
        (),
        made_by=lambda: scene("horse", _HORSE, stamped=True),
    ),
    Sample(
        "strokes",
        "Rocket with strokes",
        "A shortcut: signs without meaning pull to carton.",
        "Strokes drawn by Limelight; photo by SpaceX, public domain",
        ("rocket.jpg",),
        made_by=with_strokes,
    ),
    Sample(
        "clock",
        "Blurred clock",
        "A mistake: to EfficientNet-Lite0 a shaken clock is a bubble.",
        "Stefan van der Walt, public domain",
        ("clock_motion.png",),
    ),
    Sample(
        "coffee",
        "Espresso",
        "One thing, and a network that is sure of it.",
        "Rachel Michetti, Pikolo Espresso Bar, CC0",
        ("coffee.png",),
    ),
    Sample(
        "astronaut",
        "Astronaut",
        "No class fits: ImageNet has helmets, but no astronauts.",
        "NASA, public domain",
        ("astronaut.png",),
    ),
    Sample(
        "rocket",
        "Rocket",
        "Several classes fit: missile, projectile, space shuttle.",
        "SpaceX, public domain",
        ("rocket.jpg",),
    ),
)
_FORMER = (  # not offered any more, but there are links to them
    Sample("camera", "Cameraman", "One thing is known, the tripod.", "Lav Varshney, CC0", ("camera.png",)),
    Sample("horse", "Horse outline", "A shape without a texture.", "Andreas Preuss, CC0", ("horse.png",)),
)
GALLERY: dict[str, Sample] = {sample.name: sample for sample in _OFFERED}
SAMPLES: dict[str, Sample] = GALLERY | {sample.name: sample for sample in _FORMER}


def load_sample(name: str) -> Picture:
    """The picture of a sample; raises ImageError for a name that is not in SAMPLES."""
    if name not in SAMPLES:
        raise ImageError(f"There is no sample called {name!r}: choose one of {', '.join(GALLERY)}.")
    sample = SAMPLES[name]
    photos = [decode_image((files("skimage") / "data" / file).read_bytes()) for file in sample.files]
    return sample.made_by(*photos) if sample.made_by else photos[0]
