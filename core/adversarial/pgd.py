"""Projected gradient descent: several small steps to a bad neighbour, then train on it.

Paper: Madry et al. 2018, arXiv:1706.06083, §2.1: `δ ← Π(δ + α · g / ‖g‖₂)`, here in the Euclidean
ball of radius ε a sentence.
Departs: δ starts from 0, so that the clean pass serves as the first ascent, and the clean loss is
trained on too; the passes in between leave no gradient.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from core.adversarial import ROBUST_METHODS, StepLosses, TrainingStep
from core.adversarial._perturbation import (
    ascent,
    clean_pass,
    euclidean,
    into_ball,
    pass_with,
    unit,
)

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Pgd:
    """Minimise CE(x) + CE(x + δ), δ after the last ascent taken as a constant."""

    requires: ClassVar[tuple[str, ...]] = ("torch",)

    steps: Annotated[int, Field(ge=1, le=20, description="K: ascents, the first from x")] = 3
    rate: Annotated[float, Field(gt=0, description="α: Euclidean length of one ascent")] = 0.3
    radius: Annotated[float, Field(gt=0, description="ε: largest Euclidean norm of δ")] = 1.0

    def accumulate(self, step: TrainingStep) -> StepLosses:
        """Do K + 1 passes, of which the first and the last leave a gradient."""
        import torch

        clean, gradient = clean_pass(step)
        shift = self._moved(torch.zeros_like(gradient), gradient)
        for _ in range(self.steps - 1):
            shift.requires_grad_()
            loss = step.loss(step.embeddings().detach() + shift)
            shift = self._moved(shift.detach(), ascent(step, shift, loss))
        robust, _ = pass_with(step, shift)
        return StepLosses(clean=clean, robust=robust, total=clean + robust)

    def _moved(self, shift: torch.Tensor, gradient: torch.Tensor) -> torch.Tensor:
        return into_ball(shift + self.rate * unit(gradient, euclidean(gradient)), self.radius)


ROBUST_METHODS.register(Pgd)
