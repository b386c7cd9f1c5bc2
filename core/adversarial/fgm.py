"""Fast gradient method: train on the sentence and on its worst neighbour to first order.

Paper: Miyato, Dai, Goodfellow 2017, arXiv:1605.07725, eq. 5: `r = ε · g / ‖g‖₂`, `g = ∇ₓ CE(x)`.
Departs: embeddings are not normalised first, as they come from a trained encoder; r is 0 on special
tokens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import Field

from core.adversarial import ROBUST_METHODS, StepLosses, TrainingStep
from core.adversarial._perturbation import clean_pass, euclidean, pass_with, unit


@dataclass(frozen=True)
class Fgm:
    """Minimise CE(x) + CE(x + r), r taken as a constant."""

    requires: ClassVar[tuple[str, ...]] = ("torch",)

    radius: Annotated[float, Field(gt=0, description="ε: Euclidean norm of r, a sentence")] = 1.0

    def accumulate(self, step: TrainingStep) -> StepLosses:
        """Do two passes."""
        clean, gradient = clean_pass(step)
        shift = self.radius * unit(gradient, euclidean(gradient))
        robust, _ = pass_with(step, shift)
        return StepLosses(clean=clean, robust=robust, total=clean + robust)


ROBUST_METHODS.register(Fgm)
