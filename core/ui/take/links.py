"""The link to a comparison, and what it does not carry."""

from core.networks.registry import is_own
from core.selection import Selection
from core.ui.pictures import UPLOAD
from core.ui.take.inbrowser import link_button


def copy_link(selection: Selection) -> None:
    """Draw the button that copies the address; beside it, which files the other person needs."""
    link_button(needed(selection))


def needed(selection: Selection) -> str:
    """A few words on files that stay with their owner, "" if there are none."""
    picture = selection.picture.startswith(UPLOAD)
    networks = any(is_own(name) for name in selection.networks)
    files = {(True, False): "picture file", (False, True): "checkpoint", (True, True): "picture and checkpoint files"}
    what = files.get((picture, networks))
    return f"The other person needs the {what}." if what else ""
