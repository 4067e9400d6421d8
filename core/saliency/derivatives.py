"""Derivatives of class scores by the input and by layers, under every rule, from one forward pass."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from core.networks.graph.gates import Ruling
from core.networks.graph.layers import Layer, with_outputs
from core.networks.graph.network import Network, laid_out
from core.rules import RULES
from core.saliency.classes import Indices, checked_pair, cotangents_of
from core.targets import TopK


@dataclass(frozen=True, slots=True, eq=False)
class Derivatives:
    """logits: (N, classes). targets, against: (N,) or (K, N). by_rule: (N, C, H, W) or (K, N, C, H, W).

    layers: by layer, its values, (N, ...), and their gradients by the true rule, (N, ...) or (K, N, ...).
    sums: by layer, the gradients of the sum of all logits, (N, ...), where they were asked for.
    """

    logits: Tensor
    targets: Tensor
    against: Tensor | None
    by_rule: Mapping[str, Tensor]
    layers: Mapping[Layer, tuple[Tensor, Tensor]]
    sums: Mapping[Layer, Tensor]


def differentiate(
    network: Network,
    inputs: Tensor,
    targets: Indices | TopK,
    against: Indices,
    rules: Sequence[str],
    layers: Sequence[Layer] = (),
    *,
    with_sums: bool = False,
) -> Derivatives:
    """One forward pass, and one backward pass a rule; the one of vanilla gives layers' gradients too.

    As `core.saliency.attribution.attribute`, whose inputs these are. No rules: the logits alone. with_sums: whether
    `sums` are wanted, by one more backward pass, which ends at the layers.
    """
    forward = with_outputs(network, [layer.node for layer in layers]) if layers else None
    ruling, device = Ruling(), network.device.type
    with torch.inference_mode(False), torch.set_grad_enabled(bool(rules)), torch.autocast(device, enabled=False):
        image = laid_out(inputs.detach().clone().to(network.device, network.dtype)).requires_grad_(bool(rules))
        copied = image.clone()  # since a network may write into its input
        logits, *values = forward(copied, ruling) if forward else (network.logits(copied, ruling),)
        indices, rivals = checked_pair(targets, against, logits)
        several = indices.ndim == 2 and len(indices) > 1  # vmap costs time, also for one class
        cotangents = cotangents_of(indices, rivals, logits)
        # As a number, of one class each, which is the same to the bit: for cotangents torch would import sympy first.
        outputs, given = (logits, cotangents) if several else ((logits * cotangents.reshape(logits.shape)).sum(), None)
        by_rule: dict[str, Tensor] = {}
        gradients: list[Tensor] = []
        of_sum: tuple[Tensor, ...] = ()
        if with_sums:
            ruling.rule = RULES["vanilla"]
            of_sum = torch.autograd.grad(logits.sum(), values, retain_graph=True, materialize_grads=True)
        for rule in rules:
            ruling.rule = RULES[rule]
            asked: list[Tensor] = values if rule == "vanilla" else []
            gradient, *of_layers = torch.autograd.grad(
                outputs, (image, *asked), given, retain_graph=rule != rules[-1], is_grads_batched=several,
                materialize_grads=bool(asked),
            )  # fmt: skip
            by_rule[rule] = gradient.reshape(*indices.shape, *image.shape[1:]).contiguous()
            gradients = of_layers or gradients
    found = {
        layer: (value.detach(), gradient.reshape(*indices.shape, *value.shape[1:]))
        for layer, value, gradient in zip(layers, values, gradients, strict=True)
    }
    return Derivatives(logits.detach(), indices, rivals, by_rule, found, dict(zip(layers, of_sum, strict=False)))
