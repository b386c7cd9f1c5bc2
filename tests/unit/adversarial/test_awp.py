"""Adversarial weight perturbation on a linear model, against its formula."""

from __future__ import annotations

import math

import pytest
import torch
from torch.func import functional_call

from core.adversarial.awp import Awp
from tests.adversarial_steps import (
    Linear,
    assert_same,
    batch,
    gradients,
    gradients_of,
    tags,
    tokens,
)


def _weights(model: torch.nn.Module) -> dict[str, torch.Tensor]:
    return {name: weight.detach().clone() for name, weight in model.named_parameters()}


def _perturbed(model: torch.nn.Module, gamma: float) -> dict[str, torch.Tensor]:
    """Return w + γ ‖w‖ g / ‖g‖ for matrices and w for vectors."""
    slopes = gradients_of(model, tokens(model).loss())
    return {
        name: weight + gamma * weight.norm() * slopes[name] / slopes[name].norm()
        if weight.dim() > 1
        else weight
        for name, weight in _weights(model).items()
    }


def _slopes_at(
    model: torch.nn.Module, weights: dict[str, torch.Tensor]
) -> tuple[float, dict[str, torch.Tensor]]:
    """Return the loss at other weights and its gradient by them."""
    leaves = {name: weight.clone().requires_grad_() for name, weight in weights.items()}
    logits = functional_call(model, leaves, kwargs=batch()).logits
    loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), tags().flatten())
    found = torch.autograd.grad(loss, list(leaves.values()))
    return loss.item(), dict(zip(leaves, found, strict=True))


@pytest.mark.parametrize("learn_from", ["both", "perturbed"])
def test_the_gradient_is_taken_at_the_moved_weights(learn_from: str) -> None:
    model = Linear()
    robust, expected = _slopes_at(model, _perturbed(model, 0.05))
    clean, here = _slopes_at(model, _weights(model))
    losses = Awp(gamma=0.05, learn_from=learn_from).accumulate(tokens(model))  # type: ignore[arg-type]
    if learn_from == "both":
        expected = {name: value + here[name] for name, value in expected.items()}
    assert_same(gradients(model), expected)
    assert losses.clean == pytest.approx(clean)
    assert losses.robust == pytest.approx(robust)
    assert losses.robust > losses.clean
    assert losses.total == pytest.approx(clean + robust if learn_from == "both" else robust)


def test_every_matrix_moves_by_gamma_of_its_norm_and_vectors_stay() -> None:
    model = Linear()
    before, during = _weights(model), []
    model.register_forward_hook(lambda *_: during.append(_weights(model)))
    Awp(gamma=0.02).accumulate(tokens(model))
    assert len(during) == 2
    for name, weight in before.items():
        assert torch.equal(during[0][name], weight)
        moved = (during[1][name] - weight).norm().item()
        expected = 0.02 * weight.norm().item() if weight.dim() > 1 else 0
        assert moved == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("learn_from", ["both", "perturbed"])
def test_gradients_there_before_do_not_bend_the_move(learn_from: str) -> None:
    model, alone = Linear(), Linear()
    method = Awp(gamma=0.05, learn_from=learn_from)  # type: ignore[arg-type]
    method.accumulate(tokens(alone))
    for weight in model.parameters():
        weight.grad = torch.full_like(weight, 7.0)
    method.accumulate(tokens(model))
    expected = {name: value + 7 for name, value in gradients(alone).items()}
    assert_same(gradients(model), expected)


def test_weights_come_back_after_an_error() -> None:
    model = Linear()
    before = _weights(model)
    passes = []

    def fail(*_: object) -> None:
        passes.append(1)
        if len(passes) == 2:
            raise MemoryError

    model.register_forward_hook(fail)
    with pytest.raises(MemoryError):
        Awp(gamma=0.5).accumulate(tokens(model))
    for name, weight in _weights(model).items():
        assert torch.equal(weight, before[name])


def test_a_matrix_whose_gradient_overflows_does_not_move() -> None:
    model, during = Linear(), []
    model.head.weight.register_hook(lambda slope: slope * math.inf)
    model.register_forward_hook(lambda *_: during.append(_weights(model)))
    losses = Awp(gamma=0.05).accumulate(tokens(model))
    assert math.isfinite(losses.total)
    assert torch.equal(during[0]["head.weight"], during[1]["head.weight"])
    assert not torch.equal(during[0]["table.weight"], during[1]["table.weight"])
    assert not gradients(model)["head.weight"].isfinite().all()  # so that the step is left out


def test_frozen_weights_do_not_move() -> None:
    model = Linear()
    model.table.weight.requires_grad_(False)
    during: list[torch.Tensor] = []
    model.register_forward_hook(lambda *_: during.append(model.table.weight.clone()))
    Awp(gamma=0.5).accumulate(tokens(model))
    assert torch.equal(during[0], during[1])
    assert model.table.weight.grad is None
