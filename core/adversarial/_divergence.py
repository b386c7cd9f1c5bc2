"""Divergences between predictions, in nats, one value a prediction."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


def divergence(logits: torch.Tensor, others: torch.Tensor) -> torch.Tensor:
    """Return KL(p ‖ q) = Σ p · (log p − log q), with a gradient to both sides.

    Args:
        logits: of p. Shape: (…, class).
        others: of q, of the same shape.

    Returns:
        Shape: (…), ≥ 0 up to rounding.
    """
    log_p, log_q = logits.log_softmax(-1), others.log_softmax(-1)
    return (log_p.exp() * (log_p - log_q)).sum(-1)


def symmetric(logits: torch.Tensor, others: torch.Tensor) -> torch.Tensor:
    """Return KL(p ‖ q) + KL(q ‖ p) = Σ (p − q) · (log p − log q). Shape: (…)."""
    log_p, log_q = logits.log_softmax(-1), others.log_softmax(-1)
    return ((log_p.exp() - log_q.exp()) * (log_p - log_q)).sum(-1)
