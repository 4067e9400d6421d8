"""Class activation maps: what the channels of a layer say, each weighted by its gradient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from core.estimators.kinds import About

if TYPE_CHECKING:
    from torch import Tensor

_CANCELLED = 1e-4  # of the terms of a sum: what is left is rounding, and the normalisation's epsilon

KINDS = ("gradcam", "hirescam", "layercam", "guidedcam")


@dataclass(frozen=True, slots=True)
class Cam:
    """kind: how channels are weighted; "guidedcam" is guided backpropagation times the enlarged Grad-CAM."""

    kind: str = "gradcam"

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}, not {self.kind!r}.")

    @property
    def name(self) -> str:
        return self.kind

    def at_picture(
        self, rule: str, gradients: Mapping[str, Tensor], inputs: Tensor, layer: tuple[Tensor, Tensor] | None
    ) -> Tensor:
        if layer is None:
            raise ValueError("a class activation map needs a layer")
        cam = self._of(*layer)
        if self.kind == "guidedcam":
            return gradients["guided"] * enlarged(cam, *inputs.shape[-2:])
        return cam

    def _of(self, activation: Tensor, gradient: Tensor) -> Tensor:
        """(..., channels, rows, columns), twice -> (..., 1, rows, columns), >= 0."""
        if self.kind == "hirescam":
            return _unless_cancelled(gradient * activation).clamp(min=0)
        if self.kind == "layercam":
            return (gradient.clamp(min=0) * activation).sum(-3, keepdim=True).clamp(min=0)
        return grad_cam(activation, gradient)


def grad_cam(activation: Tensor, gradient: Tensor) -> Tensor:
    """(..., channels, rows, columns), twice -> (..., 1, rows, columns), >= 0: channels by their mean gradients."""
    return (gradient.mean((-2, -1), keepdim=True) * activation).sum(-3, keepdim=True).clamp(min=0)


def _unless_cancelled(products: Tensor) -> Tensor:
    """The sums over channels, (..., 1, rows, columns); zeros where nothing but rounding is left of them at any place.

    Layer normalisation does not mind how large its input is. Where a layer is only seen through one, as the tokens of a
    ViT's last block are, its values times their gradients therefore sum to nothing.
    """
    sums, terms = products.sum(-3, keepdim=True), products.abs().sum(-3, keepdim=True)
    largest, scale = (each.abs().amax((-3, -2, -1), keepdim=True) for each in (sums, terms))
    return sums.where(largest > _CANCELLED * scale, 0)


def enlarged(grid: Tensor, height: int, width: int, *, smooth: bool = True) -> Tensor:
    """(..., rows, columns) -> (..., height, width), bilinear between the middles of cells, or each cell as it is."""
    from torch.nn.functional import interpolate

    flat = grid.reshape(-1, 1, *grid.shape[-2:])
    if smooth:
        large = interpolate(flat, (height, width), mode="bilinear", align_corners=False)
    else:
        large = interpolate(flat, (height, width), mode="nearest-exact")
    return large.reshape(*grid.shape[:-2], height, width)


_CANCELS = "no place of this layer speaks for the class, or a normalisation after it cancels what it says"
_ZERO = "no place of this layer speaks for the class"
_REFUSAL = "Grad-CAM uses the true gradient. For a sharp map choose guided Grad-CAM."
_make_row = partial(
    About, refusal=_REFUSAL, zero=_ZERO, looks_at_layer=True, is_linear=False, cost="as vanilla: one pass gives both"
)
_of_grid = partial(_make_row, symbol="CAM", unit="logit", has_colours=False, is_signed=False, reduces="sum")
ABOUT_GRAD = _of_grid(
    title="Grad-CAM",
    short="Grad-CAM",
    make=Cam,
    question="Which places of the last layer that still knows places speak for the class?",
    formula="ReLU(Σₖ mean(∂f/∂Aₖ) · Aₖ)",
    caution="Grad-CAM is as coarse as its layer, and looks smooth only because it is enlarged. It shows where, not "
    "what: of 19 copies of itself that were moved elsewhere it beat 16.6, where plain edges beat 16.1.",
    source="Selvaraju et al. 2017",
    paper="1610.02391",
)
ABOUT_HIRES = _of_grid(
    title="HiResCAM",
    short="HiResCAM",
    make=partial(Cam, "hirescam"),
    zero=_CANCELS,
    question="Which places of a layer speak for the class, each by its own gradient?",
    formula="ReLU(Σₖ ∂f/∂Aₖ ⊙ Aₖ)",
    caution="HiResCAM is Grad-CAM where only an average and a linear layer follow, as in EfficientNet-Lite (likeness "
    "1.00), and zero where places are averaged after a LayerNorm, as in ViT.",
    source="Draelos and Carin 2020",
    paper="2011.08891",
)
ABOUT_LAYER = _of_grid(
    title="LayerCAM",
    short="LayerCAM",
    make=partial(Cam, "layercam"),
    question="Which places of a layer, also an early one, have something that speaks for the class?",
    formula="ReLU(Σₖ ReLU(∂f/∂Aₖ) ⊙ Aₖ)",
    caution="LayerCAM leaves out all that speaks against the class. It shows where, not what: of 19 copies of itself "
    "that were moved elsewhere it beat 17.2 (by EfficientNet-Lite0), where plain edges beat 16.1 (by three networks).",
    source="Jiang et al. 2021, IEEE Transactions on Image Processing",
    paper="",
)
ABOUT_GUIDED = _make_row(
    title="Guided Grad-CAM",
    short="guided Grad-CAM",
    make=partial(Cam, "guidedcam"),
    unit="logit² / σ",
    backward=("vanilla", "guided"),
    question="What of guided backpropagation lies where Grad-CAM sees the class?",
    formula="guided(x) ⊙ Grad-CAM, enlarged",
    caution="Guided Grad-CAM has its edges from guided, which hardly knows the class, and its places from Grad-CAM: "
    "for another class its map is nearly the same (0.96).",
    source="Selvaraju et al. 2017",
    paper="1610.02391",
)
