"""What a network says of a picture, without any gradient."""

import torch
from torch import Tensor

from core.errors import UnknownClass
from core.images.framing import frame
from core.networks.catalogue import NetworkSpec
from core.networks.graph.network import Network
from core.values import Picture, Prediction


def predict(
    picture: Picture, spec: NetworkSpec, network: Network, target: int | None = None, *, fit: str = "crop"
) -> Prediction:
    """One class of one network: `target`, or the most probable one. Raises UnknownClass."""
    image, _ = frame(picture, spec.recipe, fit)
    (logits,) = network(torch.from_numpy(image)[None]).double().cpu()
    if target is not None and not 0 <= target < len(logits):
        raise UnknownClass(target, len(logits))
    return prediction_of(logits, int(logits.argmax()) if target is None else target, spec)


def prediction_of(logits: Tensor, index: int, spec: NetworkSpec) -> Prediction:
    """One class among all of a network's logits, (classes,) float64."""
    return Prediction(index, spec.categories[index], float(logits[index]), float(logits.softmax(0)[index]))
