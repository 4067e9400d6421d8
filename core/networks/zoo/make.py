"""Make the tables anew from the torchvision that is installed: `python -m core.networks.zoo.make`."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from torchvision import models
from torchvision.models import WeightsEnum

from core.networks.zoo import CLASS_NAMES, HOST, TABLE, Row


def rows() -> Iterator[Row]:
    """Of every published set of weights that classifies."""
    for model in sorted(models.list_models(module=models)):
        available = models.get_model_weights(model)
        for weights in available:
            # VGG16_Weights.IMAGENET1K_FEATURES has no categories: its classifier layers are NaN.
            if weights.meta["categories"] is not None:
                yield _row(model, weights, is_default=weights is available.DEFAULT)


def names() -> tuple[str, ...]:
    """The classes, which are the same of all."""
    (found,) = {tuple(models.get_model_weights(row.model)[row.weights].meta["categories"]) for row in rows()}
    return found


def _row(model: str, weights: WeightsEnum, *, is_default: bool) -> Row:
    meta, transforms = weights.meta, weights.transforms()
    return Row(
        model=model,
        weights=weights.name,
        is_default=is_default,
        file=weights.url.removeprefix(HOST),
        size=round(meta["_file_size"] * 2**20),
        parameters=meta["num_params"],
        resize=transforms.resize_size[0],
        crop=transforms.crop_size[0],
        interpolation=transforms.interpolation.value,
        mean=_rgb(transforms.mean),
        std=_rgb(transforms.std),
        accuracy=meta["_metrics"]["ImageNet-1K"]["acc@1"],
        gflops=meta["_ops"],
        training=meta["recipe"],
        licence=meta.get("license", ""),
    )


def _rgb(values: Sequence[float]) -> tuple[float, float, float]:
    red, green, blue = values
    return red, green, blue


def main() -> None:
    """Write both."""
    lines = (json.dumps(asdict(row), ensure_ascii=False) for row in rows())
    Path(str(TABLE)).write_text("\n".join(lines) + "\n", encoding="utf-8")
    Path(str(CLASS_NAMES)).write_text("\n".join(names()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
