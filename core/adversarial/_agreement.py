"""Co-regularisation: models that differ only by their seeds must agree on noisy labels.

They fit clean labels alike and wrong ones each in its own way, so agreement tells them apart.

Paper: Zhou, Chen 2021, arXiv:2104.08656, eq. 1-3: `1/M Σ CEₘ + γ · 1/M Σ KL(q ‖ pₘ)`, q the mean
of the models' predictions.
Departs: γ is constant; the paper's first steps without agreement are the caller's, with γ = 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from core.adversarial._divergence import divergence
from core.adversarial._values import StepLosses, TrainingStep


@dataclass(frozen=True)
class Agreement:
    """Minimise the mean CE of several models and how far each is from their mean.

    It takes a step a model, so it is no `RobustMethod` and not registered.
    """

    weight: Annotated[float, Field(ge=0, description="γ: weight of the agreement")] = 1.0

    def accumulate(self, steps: Sequence[TrainingStep]) -> tuple[StepLosses, ...]:
        """Do one pass a model and accumulate the gradients of all of them.

        Args:
            steps: one a model, on the same batch read by the same tokenizer.

        Returns:
            Losses in the order of the models; their totals add up to the objective.
        """
        import torch

        logits = [step.logits() for step in steps]
        stacked = torch.stack([each.log_softmax(-1) for each in logits])
        mean = stacked.logsumexp(0)  # of probabilities; log M is taken out by the divergence
        parts = []
        for step, each in zip(steps, logits, strict=True):
            clean, robust = step.cross_entropy(each), step.average(divergence(mean, each))
            parts.append((clean, robust, (clean + self.weight * robust) / len(steps)))
        steps[0].backward(torch.stack([total for _, _, total in parts]).sum())
        return tuple(StepLosses(*(float(value.detach()) for value in part)) for part in parts)
