"""FreeLB: every ascent also trains, so that K neighbours cost K passes.

Paper: Zhu et al. 2020, arXiv:1909.11764, algorithm 1: `δ₀ ~ U(−ε, ε) / √N`, N the numbers of a
sentence that may be perturbed; `δ ← Π(δ + α · g / ‖g‖_F)`; the parameters' gradient is the mean of
those of all K passes, which share their dropout masks (§3.3).
Departs: the ascent after the last pass, which nothing reads, is left out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from core.adversarial import ROBUST_METHODS, StepLosses, TrainingStep
from core.adversarial._perturbation import euclidean, into_ball, noise, pass_with, unit

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Freelb:
    """Minimise the mean of CE(x + δₜ) for t = 0 … K − 1, every δₜ taken as a constant."""

    requires: ClassVar[tuple[str, ...]] = ("torch",)

    steps: Annotated[int, Field(ge=1, le=20, description="K: passes, all trained on")] = 3
    rate: Annotated[float, Field(gt=0, description="α: Euclidean length of one ascent")] = 0.1
    radius: Annotated[
        float, Field(gt=0, description="ε: largest Euclidean norm of δ; δ₀ lies within it")
    ] = 0.6

    def accumulate(self, step: TrainingStep) -> StepLosses:
        """Do K passes with the same dropout masks; no pass is clean."""
        rewind = step.remember_dropout()
        shift = self._start(step)
        total = 0.0
        for _ in range(self.steps):
            rewind()
            loss, gradient = pass_with(step, shift, share=1 / self.steps)
            total += loss / self.steps
            moved = shift + self.rate * unit(gradient, euclidean(gradient))
            shift = into_ball(moved, self.radius)
        return StepLosses(clean=math.nan, robust=total, total=total)

    def _start(self, step: TrainingStep) -> torch.Tensor:
        """Draw δ₀, whose norm is at most ε by construction."""
        embeddings = step.embeddings().detach()
        free = step.perturbable.sum(1).clamp(min=1)[:, None, None] * embeddings.shape[2]
        drawn = noise(step, embeddings, "uniform")
        return self.radius * drawn / free.to(drawn.dtype).sqrt()


ROBUST_METHODS.register(Freelb)
