"""Perturbations of word embeddings: noise, norms a sentence, steps and projections.

A shift has the shape of the embeddings, (sentence, subword, hidden), and is exactly 0 wherever a
step does not allow it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from core.adversarial._values import TrainingStep

if TYPE_CHECKING:
    import torch

Distribution = Literal["uniform", "normal"]


def allowed(step: TrainingStep) -> torch.Tensor:
    """Return which numbers of a shift may differ from 0. Shape: (sentence, subword, 1), bool."""
    return step.perturbable[:, :, None]


def noise(step: TrainingStep, like: torch.Tensor, distribution: Distribution) -> torch.Tensor:
    """Draw a shift, uniform in [-1, 1) or standard normal.

    Args:
        step: whose generator draws it.
        like: embeddings, for shape, type and device.
        distribution: of every number.
    """
    import torch

    # Drawn where the generator lives, so that one seed gives the same noise on every device, and
    # for what may be perturbed only, so that a batch's width does not change it.
    size = (int(step.perturbable.sum()), like.shape[2])
    drawn = torch.empty(size, dtype=like.dtype, device=step.generator.device)
    if distribution == "uniform":
        drawn.uniform_(-1, 1, generator=step.generator)
    else:
        drawn.normal_(generator=step.generator)
    shift = torch.zeros_like(like)
    shift[step.perturbable] = drawn.to(like.device)
    return shift


def euclidean(shift: torch.Tensor) -> torch.Tensor:
    """Return ‖·‖₂ of every sentence. Shape: (sentence, 1, 1)."""
    norm: torch.Tensor = shift.flatten(1).norm(dim=1)
    return norm[:, None, None]


def largest(shift: torch.Tensor) -> torch.Tensor:
    """Return ‖·‖∞ of every sentence. Shape: (sentence, 1, 1)."""
    return shift.flatten(1).abs().amax(1)[:, None, None]


def unit(shift: torch.Tensor, norm: torch.Tensor) -> torch.Tensor:
    """Divide by the norm; what is 0 stays 0, and what has no finite norm becomes 0.

    In half precision a scaled gradient overflows now and then. The pass that follows must not be
    lost to it: whether the whole step is left out is decided by the parameters' gradients.
    """
    import torch

    divided = shift / norm.clamp(min=torch.finfo(shift.dtype).tiny)
    return divided.where(norm.isfinite(), 0)


def into_ball(shift: torch.Tensor, radius: float) -> torch.Tensor:
    """Project every sentence onto the ball ‖·‖₂ ≤ radius."""
    import torch

    norm = euclidean(shift)
    shrunk = shift * (radius / norm.clamp(min=torch.finfo(shift.dtype).tiny))
    return shrunk.where(norm > radius, shift)


def pass_with(
    step: TrainingStep, shift: torch.Tensor, *, share: float = 1.0
) -> tuple[float, torch.Tensor]:
    """Accumulate the parameters' gradient of the loss under a shift.

    Args:
        step: the batch.
        shift: added to the embeddings; left as it is.
        share: factor on the loss that is differentiated.

    Returns:
        The loss, not multiplied, and its gradient by the shift, up to a positive factor.
    """
    moving = shift.detach().clone().requires_grad_()
    loss = step.loss(step.embeddings() + moving)
    step.backward(share * loss)
    return float(loss.detach()), _masked_gradient(step, moving)


def clean_pass(step: TrainingStep) -> tuple[float, torch.Tensor]:
    """Accumulate the gradient of the unperturbed loss; return it and its gradient by a shift."""
    import torch

    return pass_with(step, torch.zeros_like(step.embeddings().detach()))


def ascent(step: TrainingStep, shift: torch.Tensor, objective: torch.Tensor) -> torch.Tensor:
    """Return the gradient of an objective by a shift; the parameters' gradient stays untouched.

    Args:
        step: whose mask is applied.
        shift: a leaf that the objective was computed from.
        objective: a scalar.
    """
    import torch

    (gradient,) = torch.autograd.grad(objective, shift)
    return gradient.where(allowed(step), 0)


def _masked_gradient(step: TrainingStep, moving: torch.Tensor) -> torch.Tensor:
    import torch

    gradient = torch.zeros_like(moving) if moving.grad is None else moving.grad
    return gradient.where(allowed(step), 0)
