"""Networks as they are named on a command line: torchvision's by name, one's own by the path of a file.

resnet50   resnet50:IMAGENET1K_V1   runs/best.pth   "runs/best.pth?model=resnet18&labels=classes.txt&crop=320"
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from core.errors import AuditError, CheckpointError
from core.networks.catalogue import NetworkSpec, lookup
from core.networks.checkpoints.checkpoint import read_checkpoint
from core.networks.checkpoints.class_names import parse_labels
from core.networks.checkpoints.guess import fitting, misfit
from core.networks.checkpoints.recipes import proposed_recipe
from core.networks.checkpoints.spec import describe
from core.networks.checkpoints.typed_path import typed_path
from core.outputs import OUTPUTS

_SUFFIXES = (".pth", ".pt", ".bin", ".ckpt", ".safetensors", ".zip", ".tar")
_ON_OFF = {"": True, "1": True, "0": False}  # said by its name alone, or with a value
SETTINGS = ("model", "labels", "outputs", "resize", "crop", "interpolation", "squash", "between")


def network_of(text: str, folder: Path) -> tuple[NetworkSpec, tuple[str, ...]]:
    """The spec of what was typed, and what was assumed of it that its owner should know, a sentence each.

    folder: for copies of files' weights. Raises NetworkError, AuditError.
    """
    path, _, settings = text.partition("?")
    if not path.lower().endswith(_SUFFIXES):
        return lookup(text), ()
    said = {name: values[-1] for name, values in parse_qs(settings, keep_blank_values=True).items()}
    changed = _checked(said)
    labels = parse_labels(_file(said["labels"])) if "labels" in said else None
    checkpoint = read_checkpoint(typed_path(path), folder)
    match = next((each for each in fitting(checkpoint) if said.get("model") in (None, each.model)), None)
    if match is None:
        raise CheckpointError(misfit(checkpoint) or f"{path} is no {said.get('model')}: leave the model out.")
    proposed = proposed_recipe(match, checkpoint.said)
    if changed.get("squash"):
        changed["resize"] = changed.get("crop", proposed.crop)
    recipe = replace(proposed, **changed)
    spec = describe(
        checkpoint, match.model, labels=labels, recipe=recipe, outputs=said.get("outputs"), place=match.place,
        between=said.get("between"),
    )  # fmt: skip
    return spec, tuple(_remarks(spec, (*checkpoint.notices, *checkpoint.said.notices, *match.notices)))


def _file(path: str) -> bytes:
    try:
        return typed_path(path).read_bytes()
    except OSError as error:
        raise AuditError(f"The names of classes in {path} cannot be read ({error.strerror}): check the path.") from None


def _checked(said: dict[str, str]) -> dict[str, Any]:
    """What is changed in the proposed recipe. Raises AuditError for settings that make no sense."""
    if unknown := set(said) - set(SETTINGS):
        raise AuditError(f"A network has no setting called {min(unknown)}: there are {', '.join(SETTINGS)}.")
    if (outputs := said.get("outputs")) not in (None, *OUTPUTS):
        raise AuditError(f"Outputs are {', '.join(OUTPUTS)}, not {outputs}.")
    try:
        changed: dict[str, Any] = {name: int(said[name]) for name in ("resize", "crop") if name in said}
    except ValueError:
        raise AuditError("resize and crop are whole numbers of pixels.") from None
    if "interpolation" in said:
        changed["interpolation"] = said["interpolation"]
    if (squash := said.get("squash")) is not None:
        if squash not in _ON_OFF:
            raise AuditError(f"squash is 1 or 0, not {squash}.")
        changed["squash"] = _ON_OFF[squash]
    return changed


def _remarks(spec: NetworkSpec, notices: Sequence[str]) -> Iterator[str]:
    for notice in notices:
        yield f"{spec.title}: {notice}"
    if not OUTPUTS[spec.outputs].is_said:
        yield f'What the outputs of {spec.title} mean was not said, softmax is assumed: add "?outputs=" to its path.'
