"""The name that core.networks.checkpoints had until 0.1."""

from core.networks.checkpoints import Checkpoint, describe, fitting, read_checkpoint

__all__ = ["Checkpoint", "describe", "fitting", "read_checkpoint"]
