"""What was taught, added to what was published."""

import numpy as np
import torch
from torch import Tensor, nn

from core.images.scenes import KINDS
from core.networks.efficientnet_lite import VARIANTS
from core.networks.efficientnet_lite.module import EfficientNetLite
from core.networks.taught import BASE, path_of

LEFT, RIGHT = ":left", ":right"  # of a tensor's name, the factors of its change


def build() -> EfficientNetLite:
    """EfficientNet-Lite0 with a class for each kind."""
    module = EfficientNetLite(VARIANTS[BASE].width, VARIANTS[BASE].depth)
    module.classifier = nn.Linear(module.classifier.in_features, len(KINDS))
    return module


def changed(name: str, state: dict[str, Tensor]) -> dict[str, Tensor]:
    """The published state with a taught network's changes added."""
    with np.load(path_of(name)) as file:
        kept = {key: torch.from_numpy(file[key]).float() for key in file.files}
    state = dict(state)
    for key in {key.partition(":")[0] for key in kept}:
        if key.startswith("classifier."):
            state[key] = kept[key]
        else:
            state[key] = state[key] + change(kept, key).reshape(state[key].shape)
    return state


def change(kept: dict[str, Tensor], key: str) -> Tensor:
    """What is added to a tensor: the product of its factors, or the change itself where it is small."""
    return kept[key] if key in kept else kept[key + LEFT] @ kept[key + RIGHT]
