"""Checkpoints of the reader's own: read from untrusted files, recognised, and described as a NetworkSpec."""

from core.networks.checkpoints.checkpoint import Checkpoint, read_checkpoint
from core.networks.checkpoints.guess import fitting
from core.networks.checkpoints.spec import describe

__all__ = ["Checkpoint", "describe", "fitting", "read_checkpoint"]
