"""FGM, PGD and FreeLB on a linear model, against their formulas.

The gradient by the embeddings is written out by hand: with `p` the predictions, `y` the labels and
`n` labelled subwords, CE has the gradient `G = (p − y) / n` by the logits; a subword's embedding
enters its own logits and, through the mean, those of its sentence.
"""

from __future__ import annotations

import math

import pytest
import torch

from core.adversarial import IGNORED
from core.adversarial.fgm import Fgm
from core.adversarial.freelb import Freelb
from core.adversarial.pgd import Pgd
from tests.adversarial_steps import (
    Linear,
    SeenTokens,
    assert_same,
    batch,
    gradients,
    gradients_of,
    tags,
    tokens,
)


def _slope(step: SeenTokens, shift: torch.Tensor) -> torch.Tensor:
    """Return the gradient of the loss by the shift, without autograd, masked."""
    read = batch()["attention_mask"][:, :, None].double()
    labels = tags()
    weight = step.model.head.weight.detach()
    logits = step.logits(step.embeddings() + shift).detach()
    del step.seen[-1]  # the test's own pass
    right = torch.nn.functional.one_hot(labels.clamp(min=0), 3)
    counted = (labels != IGNORED)[:, :, None]
    by_logits = (logits.softmax(-1) - right) * counted / counted.sum()
    by_sum = by_logits @ weight
    by_mean = read * by_sum.sum(1, keepdim=True) / read.sum(1, keepdim=True)
    return (by_sum + by_mean) * step.perturbable[:, :, None]


def _norms(shift: torch.Tensor) -> torch.Tensor:
    return (shift**2).sum((1, 2)).sqrt()


def _ascend(shift: torch.Tensor, slope: torch.Tensor, rate: float, radius: float) -> torch.Tensor:
    moved = shift + rate * slope / _norms(slope)[:, None, None]
    factor = (radius / _norms(moved)).clamp(max=1)
    return moved * factor[:, None, None]


def _close(got: torch.Tensor, expected: torch.Tensor) -> None:
    torch.testing.assert_close(got, expected, rtol=1e-9, atol=1e-12)


def test_fgm_moves_along_the_gradient_by_epsilon() -> None:
    model = Linear()
    step = tokens(model)
    Fgm(radius=0.7).accumulate(step)
    slope = _slope(step, torch.zeros(2, 6, 4))
    nothing, shift = step.shifts()
    assert (nothing == 0).all()
    _close(_norms(shift), torch.full((2,), 0.7, dtype=torch.float64))
    _close(shift, 0.7 * slope / _norms(slope)[:, None, None])


def test_fgm_learns_from_both_losses() -> None:
    model = Linear()
    step = tokens(model)
    losses = Fgm().accumulate(step)
    shift = step.shifts()[1]
    clean, robust = step.loss(), step.loss(step.embeddings() + shift)
    assert_same(gradients(model), gradients_of(model, clean + robust))
    assert losses.clean == pytest.approx(clean.item())
    assert losses.robust == pytest.approx(robust.item())
    assert losses.total == pytest.approx((clean + robust).item())
    assert losses.robust > losses.clean


def test_fgm_leaves_a_sentence_without_labels_in_place() -> None:
    labels = tags()
    labels[1] = IGNORED
    step = tokens(Linear(), labels=labels)
    Fgm().accumulate(step)
    shift = step.shifts()[1]
    assert (shift[1] == 0).all()
    assert _norms(shift)[0].item() == pytest.approx(1)


@pytest.mark.parametrize("method", [Fgm(), Pgd(), Freelb(rate=1.0, radius=5.0)])
def test_a_gradient_that_overflows_leaves_its_sentence_in_place(method: Fgm) -> None:
    # Half precision: the first sentence's gradient is not finite, that of the second is.
    step = tokens(Linear())

    def overflow(_module: object, _inputs: object, output: torch.Tensor) -> None:
        output.register_hook(lambda slope: torch.cat([slope[:1] * math.inf, slope[1:]]))

    step.model.dropout.register_forward_hook(overflow)
    losses = method.accumulate(step)
    assert math.isfinite(losses.total)
    first, last = step.shifts()[0], step.shifts()[-1]
    assert torch.equal(first[0], last[0])
    assert not torch.equal(first[1], last[1])


@pytest.mark.parametrize(("rate", "radius"), [(0.3, 1.0), (0.3, 0.5), (2.0, 0.4)])
def test_pgd_climbs_and_is_projected(rate: float, radius: float) -> None:
    model = Linear()
    step = tokens(model)
    losses = Pgd(steps=3, rate=rate, radius=radius).accumulate(step)
    made = step.shifts()
    assert len(made) == 4  # a clean pass and K others
    expected = torch.zeros(2, 6, 4, dtype=torch.float64)
    for got in made[1:]:
        expected = _ascend(expected, _slope(step, expected), rate, radius)
        _close(got, expected)
        assert (_norms(got) <= radius * (1 + 1e-12)).all()
    if 3 * rate > 2 * radius:
        _close(_norms(made[-1]), torch.full((2,), radius, dtype=torch.float64))
    objective = step.loss() + step.loss(step.embeddings() + made[-1])
    assert_same(gradients(model), gradients_of(model, objective))
    assert losses.total == pytest.approx(objective.item())


def test_one_step_of_pgd_is_fgm() -> None:
    one, other = Linear(), Linear()
    first = Pgd(steps=1, rate=0.8, radius=0.8).accumulate(tokens(one))
    second = Fgm(radius=0.8).accumulate(tokens(other))
    assert first.total == pytest.approx(second.total, rel=1e-12)
    assert_same(gradients(one), gradients(other))


def test_freelb_starts_in_the_ball_climbs_and_averages() -> None:
    model = Linear()
    step = tokens(model)
    steps, rate, radius = 4, 0.3, 0.5
    losses = Freelb(steps=steps, rate=rate, radius=radius).accumulate(step)
    made = step.shifts()
    assert len(made) == steps
    generator = torch.Generator().manual_seed(5)
    drawn = torch.empty(6, 4, dtype=torch.float64).uniform_(-1, 1, generator=generator)
    expected = torch.zeros(2, 6, 4, dtype=torch.float64)
    expected[step.perturbable] = radius * drawn
    expected[0] /= math.sqrt(4 * 4)  # four subwords of four numbers
    expected[1] /= math.sqrt(2 * 4)
    for got in made:
        _close(got, expected)
        assert (_norms(got) <= radius * (1 + 1e-12)).all()
        expected = _ascend(expected, _slope(step, expected), rate, radius)
    passes = [step.loss(step.embeddings() + shift) for shift in made]
    objective = torch.stack(passes).mean()
    assert_same(gradients(model), gradients_of(model, objective))
    assert losses.total == losses.robust == pytest.approx(objective.item())
    assert math.isnan(losses.clean)


def test_freelb_drops_the_same_units_in_every_pass() -> None:
    model = Linear(dropout=0.5).train()
    kept: list[torch.Tensor] = []
    model.dropout.register_forward_hook(lambda _, __, out: kept.append(out != 0))
    Freelb(steps=3).accumulate(tokens(model))
    assert len(kept) == 3
    assert not kept[0].all()
    assert all(torch.equal(kept[0], other) for other in kept)
