"""How a number is said, by the core and on the screen alike."""

import math


def counted(number: int, one: str, several: str) -> str:
    """A number with its noun: "1 class", "2 classes"."""
    return f"{number} {one if number == 1 else several}"


def duration(seconds: float) -> str:
    """As people say it: "54 s", "3 min", "1 h 10 min"."""
    if math.ceil(seconds) < 60:
        return f"{math.ceil(seconds)} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
