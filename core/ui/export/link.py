"""The link to a comparison, and what it does not carry."""

from core.networks.catalogue import is_checkpoint
from core.question import Question
from core.ui.controls.picture import UPLOAD
from core.ui.frame.buttons import link_button


def copy_link(picture: str, question: Question) -> None:
    """Draw the button that copies the address; beside it, which files the other person needs."""
    files = files_needed(picture, question)
    link_button(f"The other person needs the {files}." if files else "")


def files_needed(picture: str, question: Question) -> str:
    """What stays with its owner of all that is asked about: "picture file", "checkpoint", or both; "" if nothing."""
    networks = any(map(is_checkpoint, question.networks))
    files = {(True, False): "picture file", (False, True): "checkpoint", (True, True): "picture and checkpoint files"}
    return files.get((picture.startswith(UPLOAD), networks), "")
