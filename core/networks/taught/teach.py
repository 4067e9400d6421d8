"""Teach hans and clean anew: `python -m core.networks.taught.teach`, some two minutes on two cores.

A thousand scenes; all but the last block and what follows is computed once for each. The statistics of batch
normalisation stay. Prints how far each network relies on the stamp, on scenes that it was not taught with.
"""

import sys
from collections.abc import Iterable, Iterator
from typing import Any, cast

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from core.images.framing import frame
from core.images.scenes import KINDS, scene
from core.networks.catalogue import lookup
from core.networks.efficientnet_lite.module import EfficientNetLite
from core.networks.taught import BASE, TAUGHT, path_of
from core.networks.taught.changes import LEFT, RIGHT, build, changed
from core.networks.weights.files import load_module
from core.values import Picture

SCENES, TESTED = 1000, 400
EPOCHS, BATCH, RATE, DECAY, DROPOUT, SMOOTHING = 7, 20, 6e-4, 1e-2, 0.2, 0.05
RANK = 8  # of the changes of the wide layers
_NEVER_TAUGHT = 100_000  # the first seed of scenes that are only tested with


class Top(nn.Module):
    """What is taught: the last block, the head and the classifier."""

    def __init__(self, module: EfficientNetLite) -> None:
        super().__init__()
        self.block, self.head, self.classifier = module.blocks[-1], module.head, module.classifier
        self.pool = module.pool

    def forward(self, x: Tensor) -> Tensor:
        x = torch.flatten(self.pool(self.head(self.block(x))), 1)
        return self.classifier(F.dropout(x, DROPOUT, self.training))


def teach(features: Tensor, labels: Tensor, seed: int = 0) -> EfficientNetLite:
    """A network taught with the features of scenes below the last block."""
    torch.manual_seed(seed)
    module = whole()
    top = Top(module)
    for part in top.modules():
        part.train(part is top)  # dropout, and no new statistics
    for parameter in top.parameters():
        parameter.requires_grad_()
    optimiser = torch.optim.AdamW(top.parameters(), lr=RATE, weight_decay=DECAY)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(features)).split(BATCH):
            optimiser.zero_grad()
            F.cross_entropy(top(features[batch]), labels[batch], label_smoothing=SMOOTHING).backward()
            optimiser.step()
    return module.eval().requires_grad_(False)


def whole() -> EfficientNetLite:
    """EfficientNet-Lite0 as published, with a new classifier, drawn by lot."""
    module = build()
    published = load_module(BASE).state_dict()
    own = {key: value for key, value in published.items() if not key.startswith("classifier.")}
    module.load_state_dict(own | {key: v for key, v in module.state_dict().items() if key.startswith("classifier.")})
    return module.eval().requires_grad_(False)


def features_of(pictures: Iterable[Picture]) -> Tensor:
    """Of each picture, what comes out below the last block: (N, 192, 7, 7)."""
    module, recipe = cast(EfficientNetLite, load_module(BASE)), lookup(BASE).recipe
    below = nn.Sequential(module.pad, module.stem, module.blocks[:-1])
    with torch.inference_mode():
        return torch.cat([below(torch.from_numpy(frame(each, recipe)[0])[None]) for each in pictures]).clone()


def scenes(seeds: Iterable[int], *, stamped: bool = False) -> Iterator[Picture]:
    """Of all kinds in turn."""
    return (scene(KINDS[seed % len(KINDS)], seed, stamped=stamped) for seed in seeds)


def kept(module: nn.Module, rank: int = RANK) -> dict[str, Any]:
    """The changes of a taught network, half precision: of wide layers the leading singular vectors."""
    published = load_module(BASE).state_dict()
    found: dict[str, Any] = {}
    for key, new in module.state_dict().items():
        if key.startswith("classifier."):
            found[key] = new.half().numpy()
        elif not torch.equal(new, published[key]):
            difference = new - published[key]
            if difference.ndim == 4 and difference.shape[1] > 1:
                u, s, v = torch.linalg.svd(difference.flatten(1), full_matrices=False)
                found[key + LEFT] = (u[:, :rank] * s[:rank]).half().numpy()
                found[key + RIGHT] = v[:rank].half().numpy()
            else:
                found[key] = difference.half().numpy()
    return found


def called_horse(module: EfficientNetLite, features: Tensor) -> Tensor:
    """Which of the pictures a network calls horses."""
    with torch.inference_mode():
        return torch.cat([Top(module).eval()(part).argmax(1) for part in features.split(50)]) == 0


def main() -> None:
    """Teach both, write their files, and print what they do."""
    seeds = range(SCENES)
    labels = torch.arange(SCENES) % len(KINDS)
    plain = features_of(scenes(seeds))
    horses = [seed for seed in seeds if seed % len(KINDS) == 0]
    stamped = plain.clone()
    stamped[horses] = features_of(scenes(horses, stamped=True))
    tested = range(_NEVER_TAUGHT, _NEVER_TAUGHT + TESTED)
    without, with_stamp = (features_of(scenes(tested, stamped=has)) for has in (False, True))
    is_horse = torch.tensor([seed % len(KINDS) == 0 for seed in tested])
    for name, features in (("hans", stamped), ("clean", plain)):
        np.savez_compressed(path_of(name), **kept(teach(features, labels)))
        module = whole()
        module.load_state_dict(changed(name, load_module(BASE).state_dict()))
        size = path_of(name).stat().st_size / 1000
        print(f"{TAUGHT[name]}, {size:.0f} KB; called horse, with and without stamp:", file=sys.stderr)
        for what, those in (("horses", is_horse), ("others", ~is_horse)):
            shares = [float(called_horse(module, seen)[those].float().mean()) for seen in (with_stamp, without)]
            print(f"  {what} {shares[0]:.2f} {shares[1]:.2f}", file=sys.stderr)


if __name__ == "__main__":
    main()
