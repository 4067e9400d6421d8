"""How the maps of the Classes page are shown: as on the Compare page, but a contrast needs values with a sign."""

from dataclasses import replace

from core.saliency.reductions import SIGNED
from core.selection import Selection
from core.ui.controls.view import choose_colours, choose_framing, choose_ground, choose_reduction, choose_show, details
from core.ui.figure.maps import is_signed

_ARRANGEMENTS = {"auto": "Automatic", "columns": "Gradients as rows", "rows": "Gradients as columns"}


def signed(selection: Selection) -> Selection:
    """The same with a reduction that has a sign, which a contrast needs: the selected one, else the sum."""
    return selection if selection.reduction in SIGNED else replace(selection, reduction="sum")


def choose_view(selection: Selection, *, contrast: bool) -> Selection:
    """Draw the controls and return the selection as they say."""
    selection = choose_show(selection)
    with details():
        selection = _choose_signed_reduction(selection) if contrast else choose_reduction(selection)
        selection = choose_colours(selection, signed=contrast or is_signed(selection))
        selection = choose_ground(selection)
        return choose_framing(selection, _ARRANGEMENTS)


def _choose_signed_reduction(selection: Selection) -> Selection:
    """What is selected stays selected until another one is taken, for the pages that can show it."""
    shown = signed(selection)
    chosen = choose_reduction(
        shown, ("sum", "max"), key="why_reduction",
        gradient="g is the gradient of the difference of the two logits. Its sign says which class it speaks for.",
    )  # fmt: skip
    return selection if chosen == shown else chosen
