"""What part of the picture the networks see."""

from core.images.framing import FITS
from core.ui.frame.widgets import selectbox
from core.ui.words import FIT_NAMES


def choose_fit() -> str:
    """Draw the choice and return it; it computes anew, unlike all that is beside it."""
    return selectbox("What a network sees", FITS, format_func=FIT_NAMES.__getitem__, key="fit")
