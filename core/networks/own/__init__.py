"""Checkpoints of the reader's own: read from untrusted files, recognised, and described as an Architecture."""

from core.networks.own.checkpoint import Checkpoint, read_checkpoint
from core.networks.own.describe import describe
from core.networks.own.guess import fitting

__all__ = ["Checkpoint", "describe", "fitting", "read_checkpoint"]
