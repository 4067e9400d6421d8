"""Scripts that were written for 0.1 still find what they import."""

from core.networks import checkpoints, own


def test_the_former_name_leads_to_the_same_functions():
    for name in ("Checkpoint", "describe", "fitting", "read_checkpoint"):
        assert getattr(own, name) is getattr(checkpoints, name)
