"""Plain training: the cross-entropy and nothing else; what every other method is compared with.

Paper: none.
Departs: in nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.adversarial import ROBUST_METHODS, StepLosses, TrainingStep


@dataclass(frozen=True)
class Plain:
    """Minimise CE(x)."""

    requires: ClassVar[tuple[str, ...]] = ("torch",)

    def accumulate(self, step: TrainingStep) -> StepLosses:
        """Do one pass."""
        loss = step.loss()
        step.backward(loss)
        clean = float(loss.detach())
        return StepLosses(clean=clean, robust=0.0, total=clean)


ROBUST_METHODS.register(Plain)
