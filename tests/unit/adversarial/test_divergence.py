"""Divergences against their sums written out, and where an outcome is impossible."""

from __future__ import annotations

import math

import pytest
import torch

from core.adversarial._divergence import divergence, symmetric

P, Q = (0.7, 0.2, 0.1), (0.5, 0.25, 0.25)


def _logits(probabilities: tuple[float, ...], shift: float) -> torch.Tensor:
    return torch.tensor(probabilities, dtype=torch.float64).log() + shift


def test_both_by_hand() -> None:
    forth = sum(p * math.log(p / q) for p, q in zip(P, Q, strict=True))
    back = sum(q * math.log(q / p) for p, q in zip(P, Q, strict=True))
    p, q = _logits(P, 3.0), _logits(Q, -1.0)
    assert divergence(p, q).item() == pytest.approx(forth, rel=1e-12)
    assert divergence(q, p).item() == pytest.approx(back, rel=1e-12)
    assert symmetric(p, q).item() == pytest.approx(forth + back, rel=1e-12)
    assert symmetric(p, p).item() == 0


@pytest.mark.parametrize("measure", [divergence, symmetric])
def test_masked_classes_give_numbers(measure) -> None:  # noqa: ANN001
    lowest = torch.finfo(torch.float32).min
    p = torch.tensor([1.0, 2.0, lowest], requires_grad=True)
    q = torch.tensor([2.0, 0.5, lowest], requires_grad=True)
    value = measure(p, q)
    value.backward()
    assert value.item() == pytest.approx(measure(p[:2], q[:2]).item(), rel=1e-6)
    for side in (p, q):
        assert side.grad is not None
        assert side.grad.isfinite().all()
        assert side.grad[2] == 0
