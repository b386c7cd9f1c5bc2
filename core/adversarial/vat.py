"""Virtual adversarial training: predictions must not change in the direction they change most.

Paper: Miyato et al. 2018, arXiv:1704.03976, eq. 5-12: `KL(p(x) ‖ p(x + r))`, p(x) a constant,
`r = ε · d / ‖d‖₂`; d is found by power iteration, `d ← ∇ᵣ KL(p(x) ‖ p(x + r)) at r = ξ · d`.
Departs: all passes share their dropout masks, since power iteration needs a divergence that is
least at r = 0; labels decide only which predictions are compared.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from core.adversarial import ROBUST_METHODS, StepLosses, TrainingStep
from core.adversarial._divergence import divergence
from core.adversarial._perturbation import ascent, euclidean, noise, unit

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Vat:
    """Minimise CE(x) + λ · KL(p(x) ‖ p(x + r)), p(x) and r taken as constants."""

    requires: ClassVar[tuple[str, ...]] = ("torch",)

    weight: Annotated[float, Field(ge=0, description="λ: weight of the divergence")] = 1.0
    radius: Annotated[float, Field(gt=0, description="ε: Euclidean norm of r, a sentence")] = 1.0
    probe: Annotated[
        float, Field(gt=0, description="ξ: how far the direction is looked for; small")
    ] = 0.1
    steps: Annotated[int, Field(ge=1, le=20, description="K: power iterations")] = 1

    def accumulate(self, step: TrainingStep) -> StepLosses:
        """Do K + 2 passes with the same dropout masks."""
        rewind = step.remember_dropout()
        logits = step.logits(step.embeddings())
        clean = step.cross_entropy(logits)
        step.backward(clean)
        believed = logits.detach()
        shift = self.radius * self._direction(step, believed, rewind)
        rewind()
        robust = step.average(divergence(believed, step.logits(step.embeddings() + shift)))
        step.backward(self.weight * robust)
        total = clean + self.weight * robust
        return StepLosses(*(float(value.detach()) for value in (clean, robust, total)))

    def _direction(
        self, step: TrainingStep, believed: torch.Tensor, rewind: Callable[[], None]
    ) -> torch.Tensor:
        """Return where predictions change most, of norm 1 a sentence."""
        embeddings = step.embeddings().detach()
        drawn = noise(step, embeddings, "normal")
        direction = unit(drawn, euclidean(drawn))
        for _ in range(self.steps):
            rewind()
            shift = (self.probe * direction).requires_grad_()
            apart = step.average(divergence(believed, step.logits(embeddings + shift)))
            gradient = ascent(step, shift, apart)
            direction = unit(gradient, euclidean(gradient))
        return direction


ROBUST_METHODS.register(Vat)
