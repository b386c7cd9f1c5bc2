"""SMART, R3F, R-Drop, VAT and agreement on a linear model, against their formulas."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from core.adversarial import Agreement
from core.adversarial.r3f import R3f
from core.adversarial.rdrop import Rdrop
from core.adversarial.smart import Smart
from core.adversarial.vat import Vat
from tests.adversarial_steps import (
    Linear,
    SeenTokens,
    answers,
    assert_same,
    gradients,
    gradients_of,
    tags,
    tokens,
)


def _kl(log_p: torch.Tensor, log_q: torch.Tensor) -> torch.Tensor:
    return (log_p.exp() * (log_p - log_q)).sum(-1)


def _apart(step: SeenTokens, p: torch.Tensor, q: torch.Tensor, *, both: bool) -> torch.Tensor:
    """Average the divergence over the labelled subwords, written out."""
    log_p, log_q = p.log_softmax(-1), q.log_softmax(-1)
    values = _kl(log_p, log_q) + (_kl(log_q, log_p) if both else 0)
    return values[tags() != -100].mean()


def _drawn(kind: str) -> torch.Tensor:
    """Return the noise that the step's generator gives to six free subwords of four numbers."""
    generator = torch.Generator().manual_seed(5)
    drawn = torch.empty(6, 4, dtype=torch.float64)
    if kind == "uniform":
        drawn.uniform_(-1, 1, generator=generator)
    else:
        drawn.normal_(generator=generator)
    noise = torch.zeros(2, 6, 4, dtype=torch.float64)
    noise[tokens(Linear()).perturbable] = drawn
    return noise


def _ascent(step: SeenTokens, shift: torch.Tensor, *, both: bool) -> torch.Tensor:
    """Return the masked gradient of the divergence from the clean predictions."""
    shift = shift.clone().requires_grad_()
    believed = step.logits().detach()
    moved = step.logits(step.embeddings().detach() + shift)
    (slope,) = torch.autograd.grad(_apart(step, believed, moved, both=both), shift)
    return slope * step.perturbable[:, :, None]


def _close(got: torch.Tensor, expected: torch.Tensor, rtol: float = 1e-9) -> None:
    torch.testing.assert_close(got, expected, rtol=rtol, atol=1e-12)


# Larger than the defaults, so that rounding does not hide a wrong direction.
@pytest.mark.parametrize(("rate", "radius"), [(0.02, 1.0), (0.2, 0.05)])
def test_smart_climbs_in_the_largest_norm(rate: float, radius: float) -> None:
    model = Linear()
    step = tokens(model)
    method = Smart(weight=3, steps=2, sigma=0.01, rate=rate, radius=radius)
    losses = method.accumulate(step)
    _, start, once, last = step.shifts()
    reference = tokens(model)
    expected = 0.01 * _drawn("normal")
    for got in (start, once, last):
        _close(got, expected, rtol=1e-7)
        slope = _ascent(reference, expected, both=True)
        largest = slope.abs().amax((1, 2), keepdim=True)
        expected = (expected + rate * slope / largest).clamp(-radius, radius)
    clean = step.logits()
    divergence = _apart(step, clean, step.logits(step.embeddings() + last), both=True)
    objective = step.cross_entropy(clean) + 3 * divergence
    assert_same(gradients(model), gradients_of(model, objective))
    assert losses.robust == pytest.approx(divergence.item())
    assert losses.total == pytest.approx(objective.item())
    assert last.abs().max() <= radius * (1 + 1e-9)


@pytest.mark.parametrize("kind", ["uniform", "normal"])
def test_r3f_adds_one_draw_of_noise(kind: str) -> None:
    model = Linear()
    step = tokens(model)
    losses = R3f(weight=2, distribution=kind, sigma=0.1).accumulate(step)  # type: ignore[arg-type]
    nothing, shift = step.shifts()
    assert (nothing == 0).all()
    _close(shift, 0.1 * _drawn(kind), rtol=1e-12)
    clean = step.logits()
    divergence = _apart(step, clean, step.logits(step.embeddings() + shift), both=True)
    objective = step.cross_entropy(clean) + 2 * divergence
    assert_same(gradients(model), gradients_of(model, objective))
    assert losses.robust == pytest.approx(divergence.item())


@pytest.mark.parametrize("method", [R3f(), Smart()])
def test_with_the_same_dropout_only_the_noise_tells_passes_apart(method: R3f | Smart) -> None:
    fresh = method.accumulate(tokens(Linear(dropout=0.5).train()))
    same = replace(method, same_dropout=True).accumulate(tokens(Linear(dropout=0.5).train()))
    assert fresh.robust > 1e-3
    assert 0 < same.robust < 1e-7


def test_rdrop_compares_two_dropout_passes() -> None:
    model = Linear(dropout=0.5).train()
    step = tokens(model)
    torch.manual_seed(1)
    losses = Rdrop(weight=4).accumulate(step)
    torch.manual_seed(1)
    first, second = step.logits(), step.logits()
    loss = torch.nn.functional.cross_entropy
    labels = tags().flatten()
    entropy = (loss(first.flatten(0, 1), labels) + loss(second.flatten(0, 1), labels)) / 2
    divergence = _apart(step, first, second, both=True) / 2
    assert divergence > 0.01
    objective = entropy + 4 * divergence
    assert_same(gradients(model), gradients_of(model, objective))
    assert losses.clean == pytest.approx(entropy.item())
    assert losses.robust == pytest.approx(divergence.item())
    assert losses.total == pytest.approx(objective.item())


def test_vat_follows_the_power_iteration() -> None:
    model = Linear()
    step = tokens(model)
    losses = Vat(weight=2, radius=0.9, probe=0.05, steps=2).accumulate(step)
    _, first, second, shift = step.shifts()
    direction = _drawn("normal")
    reference = tokens(model)
    for got, length in ((first, 0.05), (second, 0.05), (shift, 0.9)):
        direction = direction / direction.norm(dim=(1, 2), keepdim=True)
        _close(got, length * direction, rtol=1e-7)
        direction = _ascent(reference, 0.05 * direction, both=False)
    clean = step.logits()
    moved = step.logits(step.embeddings() + shift)
    divergence = _apart(step, clean.detach(), moved, both=False)
    objective = step.cross_entropy(clean) + 2 * divergence
    assert_same(gradients(model), gradients_of(model, objective))
    assert losses.total == pytest.approx(objective.item())


def test_vat_finds_the_direction_of_greatest_curvature() -> None:
    model = Linear()
    labels = torch.full((2, 6), -100)
    labels[1, 1] = 0
    step = tokens(model, labels=labels)
    Vat(steps=20, probe=1e-3).accumulate(step)
    found = step.shifts()[-1][1, 1:3].flatten()
    # Near 0, KL(p ‖ p(r)) = ½ rᵀ H r with H = J (diag p − p pᵀ) Jᵀ; the mean adds a quarter.
    p = step.logits()[1, 1].softmax(-1).detach()
    weight = model.head.weight.detach()
    by_logits = torch.cat((1.25 * weight, 0.25 * weight), dim=1)
    curvature = by_logits.T @ (p.diag() - p[:, None] * p[None, :]) @ by_logits
    top = torch.linalg.eigh(curvature).eigenvectors[:, -1]
    assert abs(float(found @ top)) == pytest.approx(1, abs=1e-4)


def test_vat_does_not_look_at_the_labels() -> None:
    made = []
    for labels in (tags(), torch.where(tags() == -100, tags(), 2 - tags())):
        step = tokens(Linear(), labels=labels)
        Vat().accumulate(step)
        made.append(step.shifts()[-1])
    assert torch.equal(made[0], made[1])


def test_vat_drops_the_same_units_in_every_pass() -> None:
    model = Linear(dropout=0.5).train()
    kept: list[torch.Tensor] = []
    model.dropout.register_forward_hook(lambda _, __, out: kept.append(out != 0))
    Vat(steps=2).accumulate(tokens(model))
    assert len(kept) == 4
    assert all(torch.equal(kept[0], other) for other in kept)


def test_agreement_draws_models_to_their_mean() -> None:
    one, other = Linear(), Linear()
    with torch.no_grad():
        other.head.weight.mul_(-1)
    steps = [tokens(one), tokens(other)]
    losses = Agreement(weight=3).accumulate(steps)
    logits = [step.logits() for step in steps]
    mean = (logits[0].softmax(-1) + logits[1].softmax(-1)) / 2
    entropy = [step.cross_entropy(each) for step, each in zip(steps, logits, strict=True)]
    apart = [_apart(steps[0], mean.log(), each, both=False) for each in logits]
    objective = sum(entropy) / 2 + 3 * sum(apart) / 2
    both = torch.nn.ModuleList([one, other])
    assert_same(gradients(both), gradients_of(both, objective))
    assert sum(each.total for each in losses) == pytest.approx(objective.item())
    assert losses[1].clean == pytest.approx(entropy[1].item())


def test_equal_models_agree_and_one_is_plain() -> None:
    losses = Agreement().accumulate([tokens(Linear()), tokens(Linear())])
    assert losses[0] == losses[1]
    assert losses[0].robust == pytest.approx(0, abs=1e-15)
    model = Linear()
    (alone,) = Agreement().accumulate([tokens(model)])
    assert alone.total == pytest.approx(alone.clean, rel=1e-12)
    assert_same(gradients(model), gradients_of(model, tokens(model).loss()))


def test_agreement_serves_questions_too() -> None:
    from transformers import BertConfig, BertForQuestionAnswering

    config = BertConfig(
        vocab_size=9,
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=1,
        intermediate_size=8,
        initializer_range=0.5,
    )
    models = [BertForQuestionAnswering(config).eval() for _ in range(2)]
    losses = Agreement().accumulate([answers(model) for model in models])
    assert all(each.robust > 0 for each in losses)
    for model in models:
        assert all(value.isfinite().all() for value in gradients(model).values())
