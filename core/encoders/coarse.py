"""Linear layers in 8-bit integers: half the time on a CPU, for results that differ a little.

Weights are rounded once, to 127 steps either side of zero for each output. What flows in is rounded
at every pass, to 127 steps between the least and the greatest number of each subword by itself: so
nothing else in its batch makes a sentence coarser, least of all the few subwords with numbers far
above all others (`<s>` and `</s>`).

Paper: Dettmers et al. 2022, LLM.int8(), arXiv:2208.07339, section 3.1 (vector-wise quantisation).
Departs: no outlier dimensions are kept apart; inputs have 7 bits and need not lie around zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import ConfigError

if TYPE_CHECKING:
    import torch

# CPUs without VNNI add pairs of products in 16 bits: 2 · 127 · 127 fits, 2 · 255 · 127 does not.
_STEPS = 127
_TINY = 1e-12  # keeps rows of equal numbers from division by zero


def coarsen_linear_layers(model: torch.nn.Module) -> None:
    """Replace the linear layers of a single-precision CPU model by 8-bit ones, in place.

    Raises:
        ConfigError: the model is not on a CPU, or this build of torch has no oneDNN (bad-value).
    """
    import torch

    _check_place(model)

    class CoarseLinear(torch.nn.Module):
        def __init__(self, linear: torch.nn.Linear) -> None:
            super().__init__()
            weight = linear.weight.detach()
            self.scales = weight.abs().amax(dim=1).clamp_min_(_TINY) / _STEPS
            rounded = (weight / self.scales[:, None]).round_().to(torch.int8)
            self.weight = torch.ops.onednn.qlinear_prepack(rounded, None)
            self.zeros = torch.zeros(len(weight), dtype=torch.int)
            self.sums = rounded.sum(dim=1, dtype=torch.int32) * self.scales
            self.bias = torch.zeros(len(weight)) if linear.bias is None else linear.bias.detach()

        def forward(self, inputs: torch.Tensor) -> torch.Tensor:
            rounded, low, step = _round(inputs)
            weight = (self.weight, self.scales, self.zeros)
            # scale 1 and zero 0 on both sides, no bias, single precision out, nothing after it
            products = torch.ops.onednn.qlinear_pointwise(
                rounded, 1.0, 0, *weight, None, 1.0, 0, torch.float32, "none", [], ""
            )
            return torch.addcmul(self.bias, products, step).addcmul_(low, self.sums)

    for module in list(model.modules()):
        for name, child in list(module.named_children()):
            if type(child) is torch.nn.Linear and child.weight.dtype == torch.float32:
                setattr(module, name, CoarseLinear(child))


def _check_place(model: torch.nn.Module) -> None:
    import torch

    place = next(model.parameters()).device.type
    if place != "cpu" or not torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        raise ConfigError(
            f"encoder.precision=int8 must compute on a CPU with oneDNN, got {place!r}",
            code="bad-value",
            hint="--set encoder.device=cpu, or --set encoder.precision=full",
        )


def _round(inputs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return bytes, least number and step of each subword: inputs = low + step · bytes."""
    import torch

    low = inputs.amin(dim=-1, keepdim=True)
    step = (inputs.amax(dim=-1, keepdim=True) - low).clamp_min_(_TINY).div_(_STEPS)
    # Cutting off what follows the point rounds here: a half is added, and no number is below 0.
    # torch converts to signed bytes much faster than to unsigned ones.
    rounded = (inputs - low).div_(step).add_(0.5).to(torch.int8).view(torch.uint8)
    return rounded, low, step
