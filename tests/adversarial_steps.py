"""Training steps of tiny models, in double precision, that write down what they are asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import torch

from core.adversarial import IGNORED, QuestionAnsweringStep, TokenClassificationStep

PADDING, BEGIN, END = 0, 1, 2


class Linear(torch.nn.Module):
    """Tags a subword from its embedding and the mean of its sentence's: linear in both."""

    def __init__(self, *, dropout: float = 0.0) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.table = torch.nn.Embedding(9, 4)
        self.dropout = torch.nn.Dropout(dropout)
        self.head = torch.nn.Linear(4, 3)
        self.double()

    def get_input_embeddings(self) -> torch.nn.Module:
        return self.table

    def forward(
        self,
        attention_mask: torch.Tensor,
        input_ids: torch.Tensor | None = None,
        inputs_embeds: torch.Tensor | None = None,
    ) -> Any:
        embeddings = self.table(input_ids) if inputs_embeds is None else inputs_embeds
        read = attention_mask[:, :, None].to(embeddings.dtype)
        mean = (embeddings * read).sum(1, keepdim=True) / read.sum(1, keepdim=True)
        return SimpleNamespace(logits=self.head(self.dropout(embeddings + mean)))


@dataclass(frozen=True, kw_only=True, eq=False)
class SeenTokens(TokenClassificationStep):
    """Keeps the embeddings of every pass."""

    seen: list[torch.Tensor] = field(default_factory=list)

    def logits(self, embeddings: torch.Tensor | None = None) -> torch.Tensor:
        self.seen.append((self.embeddings() if embeddings is None else embeddings).detach().clone())
        return super().logits(embeddings)

    def shifts(self) -> list[torch.Tensor]:
        """Return how far the embeddings of every pass were moved."""
        return [seen - self.embeddings().detach() for seen in self.seen]


@dataclass(frozen=True, kw_only=True, eq=False)
class SeenAnswers(QuestionAnsweringStep):
    """Keeps the embeddings of every pass."""

    seen: list[torch.Tensor] = field(default_factory=list)

    def logits(self, embeddings: torch.Tensor | None = None) -> torch.Tensor:
        self.seen.append((self.embeddings() if embeddings is None else embeddings).detach().clone())
        return super().logits(embeddings)


def batch(wider: int = 0) -> dict[str, torch.Tensor]:
    """Return two sentences, of four and two subwords between special tokens."""
    ids = torch.tensor([[BEGIN, 3, 4, 5, 6, END], [BEGIN, 7, 8, END, PADDING, PADDING]])
    ids = torch.nn.functional.pad(ids, (0, wider), value=PADDING)
    return {"input_ids": ids, "attention_mask": (ids != PADDING).long()}


def tags(wider: int = 0) -> torch.Tensor:
    labels = torch.full((2, 6 + wider), IGNORED)
    labels[0, 1], labels[0, 3], labels[0, 4], labels[1, 1] = 0, 1, 2, 1
    return labels


def shared(model: torch.nn.Module, wider: int = 0, seed: int = 5) -> dict[str, Any]:
    """Return what steps of both tasks are made from."""
    inputs = batch(wider)
    ids = inputs["input_ids"]
    generator = torch.Generator().manual_seed(seed)
    special = (ids == BEGIN) | (ids == END)
    return {"model": model, "inputs": inputs, "special": special, "generator": generator}


def tokens(model: torch.nn.Module, *, wider: int = 0, **more: Any) -> SeenTokens:
    return SeenTokens(**{**shared(model, wider), "labels": tags(wider), **more})


def answers(model: torch.nn.Module, *, wider: int = 0, **more: Any) -> SeenAnswers:
    places = {"starts": torch.tensor([2, 1]), "ends": torch.tensor([3, 2])}
    return SeenAnswers(**{**shared(model, wider), **places, **more})


def gradients(model: torch.nn.Module) -> dict[str, torch.Tensor]:
    """Return the gradients that the parameters hold."""
    return {n: p.grad.clone() for n, p in model.named_parameters() if p.grad is not None}


def gradients_of(model: torch.nn.Module, objective: torch.Tensor) -> dict[str, torch.Tensor]:
    """Return the gradients of an objective by autograd."""
    named = dict(model.named_parameters())
    found = torch.autograd.grad(objective, list(named.values()))
    return dict(zip(named, found, strict=True))


def assert_same(
    got: dict[str, torch.Tensor], expected: dict[str, torch.Tensor], rtol: float = 1e-9
) -> None:
    assert got.keys() == expected.keys()
    for name, value in expected.items():
        torch.testing.assert_close(got[name], value, rtol=rtol, atol=1e-12, msg=name)
