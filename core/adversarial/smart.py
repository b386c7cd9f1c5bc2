"""SMART: predictions must not change within a tiny box around the embeddings.

Paper: Jiang et al. 2020, arXiv:1911.03437, eq. 1-2 and algorithm 1: `x̃ = x + N(0, σ²)`, then K
times `x̃ ← Π(x̃ + η · g / ‖g‖∞)` in the box `‖x̃ − x‖∞ ≤ ε`, g the gradient of the symmetric KL.
Departs: the smoothness-inducing part only, without Bregman proximal updates; norms are taken a
sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from core.adversarial import ROBUST_METHODS, StepLosses, TrainingStep
from core.adversarial._divergence import symmetric
from core.adversarial._perturbation import ascent, largest, noise, unit

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Smart:
    """Minimise CE(x) + λ · symKL(f(x), f(x + δ)), δ taken as a constant."""

    requires: ClassVar[tuple[str, ...]] = ("torch",)

    weight: Annotated[float, Field(ge=0, description="λ: weight of the divergence")] = 1.0
    steps: Annotated[int, Field(ge=1, le=20, description="K: ascents")] = 1
    sigma: Annotated[float, Field(gt=0, description="σ: standard deviation of the noise")] = 1e-5
    rate: Annotated[float, Field(gt=0, description="η: largest number of one ascent")] = 1e-3
    radius: Annotated[float, Field(gt=0, description="ε: largest number of δ")] = 1e-5
    same_dropout: Annotated[
        bool, Field(description="one dropout mask in all passes, so that only δ tells them apart")
    ] = False

    def accumulate(self, step: TrainingStep) -> StepLosses:
        """Do K + 2 passes."""
        rewind = step.remember_dropout()
        logits = step.logits(step.embeddings())
        clean = step.cross_entropy(logits)
        shift = self._shift(step, logits.detach(), rewind)
        if self.same_dropout:
            rewind()
        robust = step.average(symmetric(logits, step.logits(step.embeddings() + shift)))
        total = clean + self.weight * robust
        step.backward(total)
        return StepLosses(*(float(value.detach()) for value in (clean, robust, total)))

    def _shift(
        self, step: TrainingStep, believed: torch.Tensor, rewind: Callable[[], None]
    ) -> torch.Tensor:
        embeddings = step.embeddings().detach()
        shift = self.sigma * noise(step, embeddings, "normal")
        for _ in range(self.steps):
            if self.same_dropout:
                rewind()
            shift.requires_grad_()
            apart = step.average(symmetric(believed, step.logits(embeddings + shift)))
            gradient = ascent(step, shift, apart)
            moved = shift.detach() + self.rate * unit(gradient, largest(gradient))
            shift = moved.clamp(-self.radius, self.radius)
        return shift


ROBUST_METHODS.register(Smart)
