"""R-Drop: predictions must not depend on which units dropout leaves.

Paper: Liang et al. 2021, arXiv:2106.14448, eq. 1-4: `CE + α · ½ (KL(p₁ ‖ p₂) + KL(p₂ ‖ p₁))`.
Departs: CE is the mean over the two passes, not their sum (eq. 3), so that it weighs as much as in
plain training.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import Field

from core.adversarial import ROBUST_METHODS, StepLosses, TrainingStep
from core.adversarial._divergence import symmetric


@dataclass(frozen=True)
class Rdrop:
    """Minimise the mean CE of two dropout passes and how far they are apart."""

    requires: ClassVar[tuple[str, ...]] = ("torch",)

    weight: Annotated[float, Field(ge=0, description="α: weight of the divergence")] = 1.0

    def accumulate(self, step: TrainingStep) -> StepLosses:
        """Do two passes, each with its own dropout masks."""
        first, second = step.logits(), step.logits()
        clean = (step.cross_entropy(first) + step.cross_entropy(second)) / 2
        robust = step.average(symmetric(first, second)) / 2
        total = clean + self.weight * robust
        step.backward(total)
        return StepLosses(*(float(value.detach()) for value in (clean, robust, total)))


ROBUST_METHODS.register(Rdrop)
