"""Adversarial weight perturbation: train where the loss stays low around the weights.

Paper: Wu et al. 2020, arXiv:2004.05884, eq. 7-10 with one ascent: `v = γ · ‖w‖ · g / ‖g‖` for
every weight matrix w, `g` the gradient of the loss by w; then the gradient is taken at w + v.
Departs: the loss is that of clean input, and by default the gradients at w and at w + v are added,
as FGM adds them for inputs; vectors (biases, norms) stay, as in the released code.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from core.adversarial import ROBUST_METHODS, StepLosses, TrainingStep
from core.adversarial._perturbation import unit

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Awp:
    """Minimise CE at w + v, alone or with CE at w; v taken as a constant."""

    requires: ClassVar[tuple[str, ...]] = ("torch",)

    gamma: Annotated[float, Field(gt=0, description="γ: norm of v in norms of its matrix")] = 5e-3
    learn_from: Annotated[
        Literal["both", "perturbed"], Field(description="weights whose gradient is kept")
    ] = "both"

    def accumulate(self, step: TrainingStep) -> StepLosses:
        """Do two passes; the weights are set back whatever happens in the second."""
        weights = [weight for weight in step.model.parameters() if weight.requires_grad]
        held = [weight.grad for weight in weights]
        for weight in weights:
            weight.grad = None
        loss = step.loss()
        step.backward(loss)
        clean = float(loss.detach())
        moves = [self._move(weight) for weight in weights]
        _hold(weights, held, add=self.learn_from == "both")
        with _moved(weights, moves):
            loss = step.loss()
            step.backward(loss)
        robust = float(loss.detach())
        total = clean + robust if self.learn_from == "both" else robust
        return StepLosses(clean=clean, robust=robust, total=total)

    def _move(self, weight: torch.nn.Parameter) -> torch.Tensor | None:
        """Return v of one weight, or None where it stays."""
        if weight.grad is None or weight.dim() < 2:
            return None
        slope = unit(weight.grad, weight.grad.norm())
        move: torch.Tensor = self.gamma * weight.detach().norm() * slope
        return move


def _hold(
    weights: Sequence[torch.nn.Parameter], held: Sequence[torch.Tensor | None], *, add: bool
) -> None:
    """Put the gradients back that were there before, with or without those there now."""
    for weight, before in zip(weights, held, strict=True):
        if not add:
            weight.grad = before
        elif before is not None:
            weight.grad = before if weight.grad is None else before.add_(weight.grad)


@contextmanager
def _moved(
    weights: Sequence[torch.nn.Parameter], moves: Sequence[torch.Tensor | None]
) -> Iterator[None]:
    """Add the moves; afterwards the weights are what they were, bit by bit."""
    import torch

    pairs = [(w, v) for w, v in zip(weights, moves, strict=True) if v is not None]
    # Copies and not a subtraction, which would leave rounding errors behind.
    copies = [weight.detach().clone() for weight, _ in pairs]
    try:
        with torch.no_grad():
            for weight, move in pairs:
                weight.add_(move)
        yield
    finally:
        with torch.no_grad():
            for (weight, _), copy in zip(pairs, copies, strict=True):
                weight.copy_(copy)


ROBUST_METHODS.register(Awp)
