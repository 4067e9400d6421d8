"""The link to a comparison, and what it does not carry."""

from core.networks.catalogue import is_checkpoint
from core.selection import Selection
from core.ui.controls.picture import UPLOAD
from core.ui.frame.buttons import link_button


def copy_link(selection: Selection) -> None:
    """Draw the button that copies the address; beside it, which files the other person needs."""
    link_button(needed(selection))


def needed(selection: Selection) -> str:
    """A few words on files that stay with their owner, "" if there are none."""
    picture = selection.picture.startswith(UPLOAD)
    networks = any(is_checkpoint(name) for name in selection.networks)
    files = {(True, False): "picture file", (False, True): "checkpoint", (True, True): "picture and checkpoint files"}
    what = files.get((picture, networks))
    return f"The other person needs the {what}." if what else ""
