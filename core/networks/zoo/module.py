"""torchvision's modules, made as its own builders make them for a set of weights."""

from typing import Any

from torch import nn
from torchvision import models

from core.networks.zoo import Row


def module_of(row: Row, **settings: Any) -> nn.Module:  # noqa: ANN401
    """With whatever values its constructor gives. settings: of that, what is to be otherwise."""
    return models.get_model(row.model, weights=None, **(_settings(row) | settings))


def _settings(row: Row) -> dict[str, Any]:
    """What torchvision's own builder passes on beside the weights."""
    if row.model in ("googlenet", "inception_v3"):
        return {"aux_logits": True, "transform_input": True, "init_weights": False}
    if row.model.startswith("vit_"):
        return {"image_size": row.crop}
    if row.model.startswith("maxvit_"):
        return {"input_size": (row.crop, row.crop)}
    return {}
