"""What a step measures: losses, averages, masks, dropout."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch

from core.adversarial import IGNORED
from tests.adversarial_steps import Linear, answers, batch, shared, tags, tokens


class Pointer(torch.nn.Module):
    """Points at start and end by two weights a hidden unit; reads no mask, as BERT's head."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.table = torch.nn.Embedding(9, 4)
        self.head = torch.nn.Linear(4, 2)
        self.double()

    def get_input_embeddings(self) -> torch.nn.Module:
        return self.table

    def forward(self, attention_mask, input_ids=None, inputs_embeds=None):  # noqa: ANN001, ANN201
        embeddings = self.table(input_ids) if inputs_embeds is None else inputs_embeds
        starts, ends = self.head(embeddings).unbind(-1)
        return SimpleNamespace(start_logits=starts, end_logits=ends)


def test_the_loss_of_tags_is_the_mean_over_first_subwords() -> None:
    model = Linear()
    step = tokens(model)
    log_p = model(**batch()).logits.log_softmax(-1)
    expected = -(log_p[0, 1, 0] + log_p[0, 3, 1] + log_p[0, 4, 2] + log_p[1, 1, 1]) / 4
    assert step.loss().item() == pytest.approx(expected.item(), rel=1e-12)
    assert torch.equal(step.loss(), step.loss(step.embeddings()))


def test_the_loss_of_answers_adds_start_and_end_and_leaves_padding_out() -> None:
    model = Pointer()
    out = model(**batch())
    expected = torch.tensor(0.0, dtype=torch.float64)
    for logits, (first, second) in ((out.start_logits, (2, 1)), (out.end_logits, (3, 2))):
        expected = expected - logits[0].log_softmax(0)[first] / 2
        expected = expected - logits[1, :4].log_softmax(0)[second] / 2  # two are padding
    assert answers(model).loss().item() == pytest.approx(expected.item(), rel=1e-12)


def test_an_answer_that_was_cut_off_does_not_count() -> None:
    model = Pointer()
    cut = answers(model, starts=torch.tensor([2, IGNORED]), ends=torch.tensor([3, 2]))
    out = model(**batch())
    ends = out.end_logits[0].log_softmax(0)[3] + out.end_logits[1, :4].log_softmax(0)[2]
    expected = -out.start_logits[0].log_softmax(0)[2] - ends / 2
    assert cut.loss().item() == pytest.approx(expected.item(), rel=1e-12)


def test_padding_and_special_tokens_may_not_be_perturbed() -> None:
    yes, no = True, False
    expected = [[no, yes, yes, yes, yes, no], [no, yes, yes, no, no, no]]
    assert tokens(Linear()).perturbable.tolist() == expected


def test_dropout_is_replayed_after_rewinding_only() -> None:
    step = tokens(Linear(dropout=0.5).train())
    rewind = step.remember_dropout()
    first, second = step.logits(), step.logits()
    rewind()
    again = step.logits()
    assert torch.equal(first, again)
    assert not torch.equal(first, second)


def test_noise_leaves_the_global_generator_alone() -> None:
    from core.adversarial._perturbation import noise

    step = tokens(Linear())
    before = torch.get_rng_state()
    drawn = noise(step, step.embeddings().detach(), "uniform")
    assert torch.equal(before, torch.get_rng_state())
    assert (drawn[~step.perturbable] == 0).all()
    assert (drawn[step.perturbable].abs() <= 1).all()
    assert drawn[step.perturbable].unique().numel() == 6 * 4


def test_half_precision_logits_are_compared_in_single() -> None:
    step = tokens(Linear().float(), autocast=torch.bfloat16)
    assert step.logits().dtype == torch.float32


def test_token_labels_mark_what_counts() -> None:
    made = shared(Linear())
    assert tokens(made["model"]).labelled.equal(tags() != IGNORED)


def test_embeddings_stand_for_ids_where_positions_are_counted_from_ids() -> None:
    from peft import LoraConfig, get_peft_model
    from transformers import XLMRobertaConfig, XLMRobertaForTokenClassification

    config = XLMRobertaConfig(
        vocab_size=9,
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=8,
        max_position_embeddings=16,
        pad_token_id=0,
        num_labels=3,
        initializer_range=0.5,
    )
    adapter = LoraConfig(task_type="TOKEN_CLS", r=2, target_modules=["query"])
    model = get_peft_model(XLMRobertaForTokenClassification(config), adapter).double().eval()
    step = tokens(model)
    assert step.loss(step.embeddings()).item() == pytest.approx(step.loss().item(), rel=1e-12)
