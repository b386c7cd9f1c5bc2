"""Laws of every registered training method, for tagging and for questions."""

from __future__ import annotations

import copy
import math
import weakref
from collections.abc import Callable
from typing import Any

import pytest
import torch
from transformers import BertConfig, BertForQuestionAnswering, BertForTokenClassification

from core.adversarial import ROBUST_METHODS, RobustMethod
from tests.adversarial_steps import answers, assert_same, gradients, tokens

WITHOUT_CLEAN_PASS = ("Freelb",)
ASCENDING = ("Fgm", "Freelb", "Pgd", "Smart", "Vat")
GOLDEN = ("awp", "fgm", "freelb", "pgd", "plain", "r3f", "rdrop", "smart", "vat")
CLASSES = {"tokens": BertForTokenClassification, "answers": BertForQuestionAnswering}
STEPS: dict[str, Callable[..., Any]] = {"tokens": tokens, "answers": answers}


@pytest.fixture(autouse=True, scope="module")
def _one_thread() -> Any:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # so small a model is slower on several cores
    yield
    torch.set_num_threads(threads)


@pytest.fixture(params=ROBUST_METHODS.names())
def method(request: pytest.FixtureRequest) -> RobustMethod:
    return ROBUST_METHODS.create(request.param)


@pytest.fixture(params=list(CLASSES))
def task(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _model(task: str, dropout: float = 0.0) -> torch.nn.Module:
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=9,
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=16,
        hidden_dropout_prob=dropout,
        attention_probs_dropout_prob=dropout,
        num_labels=3 if task == "tokens" else 2,
        initializer_range=0.5,  # far from uniform, so that tests see differences
    )
    model: torch.nn.Module = CLASSES[task](config).double().train()
    return model


def test_the_family_holds_what_is_written_down() -> None:
    assert ROBUST_METHODS.names() == GOLDEN


def test_the_clean_loss_is_that_of_plain_training(method: RobustMethod, task: str) -> None:
    model = _model(task)
    plain = ROBUST_METHODS.create("plain").accumulate(STEPS[task](model))
    losses = method.accumulate(STEPS[task](model))
    assert isinstance(method, RobustMethod)
    if method.__class__.__name__ in WITHOUT_CLEAN_PASS:
        assert math.isnan(losses.clean)
    else:
        assert losses.clean == pytest.approx(plain.clean, rel=1e-12)
    assert losses.robust >= -1e-15


@pytest.mark.parametrize("kind", [torch.float32, torch.float64])
def test_weights_are_restored_and_gradients_finite(
    method: RobustMethod, task: str, kind: torch.dtype
) -> None:
    model = _model(task, dropout=0.1).to(kind)
    before = copy.deepcopy(model.state_dict())
    method.accumulate(STEPS[task](model))
    for name, value in model.state_dict().items():
        assert torch.equal(value, before[name]), name
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.isfinite().all(), name
        assert parameter.requires_grad, name
    assert any(value.abs().max() > 0 for value in gradients(model).values())


def test_padding_and_special_tokens_are_not_perturbed(method: RobustMethod, task: str) -> None:
    step = STEPS[task](_model(task), wider=1)
    method.accumulate(step)
    fixed = ~step.perturbable
    assert fixed.sum() == 8
    assert step.seen
    name = type(method).__name__
    if name != "Awp":  # it moves the table itself, and all of it
        for seen in step.seen:
            assert torch.equal(seen[fixed], step.embeddings()[fixed])
    moved = any(not torch.equal(seen, step.embeddings()) for seen in step.seen)
    assert moved == (name not in ("Plain", "Rdrop"))


def test_same_seeds_give_the_same_gradient(method: RobustMethod, task: str) -> None:
    results = []
    for _ in range(2):
        model = _model(task, dropout=0.2)
        torch.manual_seed(11)
        losses = method.accumulate(STEPS[task](model))
        results.append((losses, gradients(model)))
    assert results[0][0] == results[1][0]
    for name, value in results[0][1].items():
        assert torch.equal(value, results[1][1][name]), name


def test_more_padding_changes_nothing(method: RobustMethod, task: str) -> None:
    found = []
    for wider in (0, 3):
        model = _model(task)
        losses = method.accumulate(STEPS[task](model, wider=wider))
        found.append((losses, gradients(model)))
    assert found[0][0].total == pytest.approx(found[1][0].total, rel=1e-9)
    for name, value in found[0][1].items():
        torch.testing.assert_close(found[1][1][name], value, rtol=1e-6, atol=1e-9, msg=name)


def test_gradients_are_added_to_those_there(method: RobustMethod, task: str) -> None:
    model = _model(task)
    method.accumulate(STEPS[task](model))
    once = gradients(model)
    method.accumulate(STEPS[task](model))
    twice = {name: value / 2 for name, value in gradients(model).items()}
    assert_same(twice, once)


def test_a_scaled_step_has_a_scaled_gradient(method: RobustMethod, task: str) -> None:
    whole, part = _model(task), _model(task)
    losses = method.accumulate(STEPS[task](whole))
    scaled = method.accumulate(STEPS[task](part, scale=0.25))
    assert scaled.total == pytest.approx(losses.total, rel=1e-9)
    expected = {name: value / 4 for name, value in gradients(whole).items()}
    assert_same(gradients(part), expected, rtol=1e-6)


def test_nothing_else_keeps_a_gradient(
    method: RobustMethod, task: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = _model(task)
    step = STEPS[task](model)
    looked_up: list[torch.Tensor] = []
    table = model.get_input_embeddings()  # type: ignore[operator]
    table.register_forward_hook(lambda _, __, out: looked_up.append(out))
    shifts: list[weakref.ref[torch.Tensor]] = []
    plainly = torch.Tensor.requires_grad_

    def remember(shift: torch.Tensor) -> torch.Tensor:
        shifts.append(weakref.ref(shift))
        return plainly(shift)

    monkeypatch.setattr(torch.Tensor, "requires_grad_", remember)
    method.accumulate(step)
    assert looked_up
    assert not any(one.retains_grad for one in looked_up)
    assert bool(shifts) == (type(method).__name__ in ASCENDING)
    living = [shift for one in shifts if (shift := one()) is not None]
    assert all(shift.grad is None for shift in living)


def test_frozen_weights_stay_without_a_gradient(method: RobustMethod, task: str) -> None:
    model = _model(task)
    for name, parameter in model.named_parameters():
        parameter.requires_grad_("embeddings" not in name)
    method.accumulate(STEPS[task](model))
    for name, parameter in model.named_parameters():
        assert (parameter.grad is None) == ("embeddings" in name), name


def test_a_batch_without_labels_teaches_nothing_but_is_no_error(method: RobustMethod) -> None:
    model = _model("tokens")
    losses = method.accumulate(tokens(model, labels=torch.full((2, 6), -100)))
    assert losses.total == 0
    assert losses.clean == 0 or method.__class__.__name__ in WITHOUT_CLEAN_PASS
    assert all((value == 0).all() for value in gradients(model).values())


def test_mixed_precision_works(method: RobustMethod, task: str) -> None:
    model = _model(task).float()
    losses = method.accumulate(STEPS[task](model, autocast=torch.bfloat16))
    assert losses.total > 0
    assert all(value.isfinite().all() for value in gradients(model).values())


def test_parameters_are_described_and_checked(method: RobustMethod) -> None:
    name = type(method).__module__.rpartition(".")[2]
    for parameter in ROBUST_METHODS.parameters(name):
        assert parameter.help
        created = ROBUST_METHODS.create(name, {parameter.name: str(parameter.default)})
        assert getattr(created, parameter.name) == parameter.default
