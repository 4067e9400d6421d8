"""What a picture may be, and the only error that says why it is not read; any other means that it is damaged."""

MAX_PIXELS = 60_000_000  # as decode.py; a test holds them to each other
MAX_ASPECT = 40
MOST_BYTES = MAX_PIXELS * 8  # of what leaves: four numbers of 16 bits a pixel


class Refused(Exception):
    """Why there are no pixels: a word that ask.py has a sentence for, and what it is about."""

    def __init__(self, reason: str, about: str = "") -> None:
        super().__init__(reason, about)
        self.reason, self.about = reason, about


def check_shape(width: int, height: int) -> None:
    """Before anything is decoded: raises Refused."""
    shorter, longer = sorted((width, height))
    if shorter < 1:
        raise Refused("damaged")
    if width * height > MAX_PIXELS:
        raise Refused("pixels", f"{width} by {height}")
    if longer > MAX_ASPECT * shorter:
        raise Refused("thin", f"{width} by {height}")
