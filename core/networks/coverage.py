"""What rules reach in a network, known before its weights are there: its activations, counted by tracing."""

from dataclasses import dataclass
from functools import lru_cache

from core.networks.catalogue import NetworkSpec, is_checkpoint

_COUNTED = {  # a test traces every one of them again
    "alexnet": {"ReLU": 7}, "convnext_base": {"GELU": 36}, "convnext_large": {"GELU": 36},
    "convnext_small": {"GELU": 36}, "convnext_tiny": {"GELU": 18}, "densenet121": {"ReLU": 121},
    "densenet161": {"ReLU": 161}, "densenet169": {"ReLU": 169}, "densenet201": {"ReLU": 201},
    "efficientnet_b0": {"SiLU": 49}, "efficientnet_b1": {"SiLU": 69}, "efficientnet_b2": {"SiLU": 69},
    "efficientnet_b3": {"SiLU": 78}, "efficientnet_b4": {"SiLU": 96}, "efficientnet_b5": {"SiLU": 116},
    "efficientnet_b6": {"SiLU": 134}, "efficientnet_b7": {"SiLU": 163}, "efficientnet_v2_l": {"SiLU": 203},
    "efficientnet_v2_m": {"SiLU": 147}, "efficientnet_v2_s": {"SiLU": 102}, "googlenet": {"ReLU": 57},
    "inception_v3": {"ReLU": 94}, "maxvit_t": {"GELU": 45, "SiLU": 11, "Tanh": 1}, "mnasnet0_5": {"ReLU": 35},
    "mnasnet0_75": {"ReLU": 35}, "mnasnet1_0": {"ReLU": 35}, "mnasnet1_3": {"ReLU": 35},
    "mobilenet_v2": {"ReLU6": 35}, "mobilenet_v3_large": {"Hardswish": 21, "ReLU": 19},
    "mobilenet_v3_small": {"Hardswish": 19, "ReLU": 14}, "regnet_x_16gf": {"ReLU": 67},
    "regnet_x_1_6gf": {"ReLU": 55}, "regnet_x_32gf": {"ReLU": 70}, "regnet_x_3_2gf": {"ReLU": 76},
    "regnet_x_400mf": {"ReLU": 67}, "regnet_x_800mf": {"ReLU": 49}, "regnet_x_8gf": {"ReLU": 70},
    "regnet_y_128gf": {"ReLU": 109}, "regnet_y_16gf": {"ReLU": 73}, "regnet_y_1_6gf": {"ReLU": 109},
    "regnet_y_32gf": {"ReLU": 81}, "regnet_y_3_2gf": {"ReLU": 85}, "regnet_y_400mf": {"ReLU": 65},
    "regnet_y_800mf": {"ReLU": 57}, "regnet_y_8gf": {"ReLU": 69}, "resnet101": {"ReLU": 100},
    "resnet152": {"ReLU": 151}, "resnet18": {"ReLU": 17}, "resnet34": {"ReLU": 33}, "resnet50": {"ReLU": 49},
    "resnext101_32x8d": {"ReLU": 100}, "resnext101_64x4d": {"ReLU": 100}, "resnext50_32x4d": {"ReLU": 49},
    "shufflenet_v2_x0_5": {"ReLU": 37}, "shufflenet_v2_x1_0": {"ReLU": 37}, "shufflenet_v2_x1_5": {"ReLU": 37},
    "shufflenet_v2_x2_0": {"ReLU": 37}, "squeezenet1_0": {"ReLU": 26}, "squeezenet1_1": {"ReLU": 26},
    "swin_b": {"GELU": 24}, "swin_s": {"GELU": 24}, "swin_t": {"GELU": 12}, "swin_v2_b": {"ReLU": 24, "GELU": 24},
    "swin_v2_s": {"ReLU": 24, "GELU": 24}, "swin_v2_t": {"ReLU": 12, "GELU": 12}, "vgg11": {"ReLU": 10},
    "vgg11_bn": {"ReLU": 10}, "vgg13": {"ReLU": 12}, "vgg13_bn": {"ReLU": 12}, "vgg16": {"ReLU": 15},
    "vgg16_bn": {"ReLU": 15}, "vgg19": {"ReLU": 18}, "vgg19_bn": {"ReLU": 18}, "vit_b_16": {"GELU": 12},
    "vit_b_32": {"GELU": 12}, "vit_h_14": {"GELU": 32}, "vit_l_16": {"GELU": 24}, "vit_l_32": {"GELU": 24},
    "wide_resnet101_2": {"ReLU": 100}, "wide_resnet50_2": {"ReLU": 49}, "efficientnet_lite0": {"ReLU6": 33},
    "efficientnet_lite1": {"ReLU6": 43}, "efficientnet_lite2": {"ReLU6": 43},
}  # fmt: skip
_GATED = ("ReLU", "ReLU6")
_NEVER_SEES_THE_PICTURE = ("swin_v2_t", "swin_v2_s", "swin_v2_b")  # its ReLUs compute tables of positions


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of a network's activations are gated, counted by calls, not by modules.

    kinds: (name, calls) of every kind of activation, most frequent first. idle: how many of the gated ones never see
    the picture (those of Swin V2 compute tables of positions), so that no rule changes anything there.
    """

    gated: int
    total: int
    kinds: tuple[tuple[str, int], ...]
    idle: int = 0

    @property
    def full(self) -> bool:
        """Whether every activation that was recognised is gated."""
        return self.gated == self.total > 0

    def __str__(self) -> str:
        if self.full:
            return f"{self.gated} of {self.total} rectifiers"
        return f"{self.gated} of {self.total} activations"

    @property
    def idles(self) -> bool:
        """Whether none of the gated activations sees the picture: every rule then gives the same map."""
        return 0 < self.gated == self.idle

    @property
    def names(self) -> str:
        """The kinds in words, such as "19 Hardswish, 14 ReLU"."""
        return ", ".join(f"{calls} {kind}" for kind, calls in self.kinds) or "no activations"


def coverage_of(spec: NetworkSpec) -> Coverage:
    """What rules will reach in a network. Quick for all that torchvision has today, a second for others.

    An own network may have further activations in its head.
    """
    if is_checkpoint(spec.name) or spec.model not in _COUNTED:
        return _traced(spec)
    kinds = _COUNTED[spec.model]
    gated = sum(kinds.get(kind, 0) for kind in _GATED)
    idle = gated if spec.model in _NEVER_SEES_THE_PICTURE else 0
    return Coverage(gated, sum(kinds.values()), tuple(kinds.items()), idle)


@lru_cache(64)
def _traced(spec: NetworkSpec) -> Coverage:
    from core.networks.graph.prepare import prepare  # with torch, for which no page waits
    from core.networks.weights.files import built, without_training_heads

    return prepare(without_training_heads(built(spec.build)).to("meta")).coverage
