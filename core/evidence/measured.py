"""What the tests found here of every method: the figures that its caution rests on.

Over twelve photos (a cat, a cup, people, a rocket, a motorcycle, a bus, a temple, a flower, big cats) by
EfficientNet-Lite0, 1 and 2; of slow methods over six of them by Lite0. Measured by
`python -m tests.benchmarks.evidence_figures`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """Medians over `maps` maps of rank correlations with the map itself: None of a layer's grid.

    logits, half, all: with the weights of the logits' layer, of the upper half, of all layers permuted. another_class:
    explaining the most probable other class. noise, jpeg: of two grey levels, of a JPEG file of quality 75. place: how
    many of 19 moved copies it beats, on average, where chance is 9.5 (of input x gradient, integrated gradients,
    LayerCAM and guided Grad-CAM over the twelve maps of Lite0). None: not measured.
    """

    maps: int
    logits: float | None = None
    half: float | None = None
    all: float | None = None
    another_class: float | None = None
    noise: float | None = None
    jpeg: float | None = None
    place: float | None = None


MEASURED: dict[str, Measured] = {
    "vanilla": Measured(36, 0.45, 0.29, 0.00, 0.50, 0.48, 0.39, place=10.7),
    "guided": Measured(36, 1.00, 0.85, 0.07, 1.00, 0.81, 0.70, place=14.7),
    "deconvnet": Measured(36, 1.00, 0.76, 0.11, 1.00, 1.00, 1.00),
    "timesinput": Measured(36, 0.52, 0.47, 0.10, 0.58, 0.54, 0.47, place=14.2),
    "smooth": Measured(6, 0.41, 0.20, 0.09, 0.55, 0.80, 0.64, place=16.7),
    "smoothsq": Measured(6, 0.84, 0.50, 0.26, 0.89, 0.97, 0.93),
    "vargrad": Measured(6, 0.85, 0.51, 0.26, 0.90, 0.97, 0.93),
    "guided~smooth": Measured(6, 1.00, 0.85, 0.09, 1.00, 0.98, 0.94),
    "ig": Measured(6, 0.41, 0.36, 0.22, 0.49, 0.59, 0.44, place=16.3),
    "gradcam": Measured(36, place=16.6),
    "layercam": Measured(36, place=17.2),
    "guidedcam": Measured(36, 0.30, 0.46, 0.10, 0.96, 0.92, 0.87, place=17.8),
    "occlusion": Measured(6, 0.03, 0.01, 0.05, 0.37, 0.80, 0.55),
    "edges": Measured(36, 1.00, 1.00, 1.00, 1.00, 0.97, 0.94, place=16.1),
    "random": Measured(36, 1.00, 1.00, 1.00, 1.00, 1.00, 1.00, place=7.6),
    "centre": Measured(36, 1.00, 1.00, 1.00, 1.00, 1.00, 1.00, place=12.3),
}
