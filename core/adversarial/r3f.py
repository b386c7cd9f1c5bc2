"""R3F: predictions must not change under one draw of noise; no ascent.

Paper: Aghajanyan et al. 2021, arXiv:2008.03156, eq. 3-4: `CE(x) + λ · (KL(p ‖ q) + KL(q ‖ p))`, q
predicted from `x + z`, z normal or uniform.
Departs: z is 0 on special tokens. As in the released code the two passes draw different dropout,
which moves predictions more than the noise does; `same_dropout` is the formula as printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from core.adversarial import ROBUST_METHODS, StepLosses, TrainingStep
from core.adversarial._divergence import symmetric
from core.adversarial._perturbation import noise


@dataclass(frozen=True)
class R3f:
    """Minimise CE(x) + λ · symKL(f(x), f(x + z))."""

    requires: ClassVar[tuple[str, ...]] = ("torch",)

    weight: Annotated[float, Field(ge=0, description="λ: weight of the divergence")] = 1.0
    distribution: Annotated[Literal["uniform", "normal"], Field(description="of the noise")] = (
        "uniform"
    )
    sigma: Annotated[
        float,
        Field(gt=0, description="σ: half width or standard deviation; lost in half precision"),
    ] = 1e-5
    same_dropout: Annotated[
        bool, Field(description="one dropout mask in both passes, so that only z tells them apart")
    ] = False

    def accumulate(self, step: TrainingStep) -> StepLosses:
        """Do two passes."""
        rewind = step.remember_dropout()
        embeddings = step.embeddings()
        logits = step.logits(embeddings)
        clean = step.cross_entropy(logits)
        shift = self.sigma * noise(step, embeddings.detach(), self.distribution)
        if self.same_dropout:
            rewind()
        robust = step.average(symmetric(logits, step.logits(embeddings + shift)))
        total = clean + self.weight * robust
        step.backward(total)
        return StepLosses(*(float(value.detach()) for value in (clean, robust, total)))


ROBUST_METHODS.register(R3f)
