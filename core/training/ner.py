"""Train a named-entity tagger: an encoder, a low-rank adapter inside it or not, and a linear head.

By default only the adapter and the head learn, a hundredth of the weights, so that the result is a
file of a few megabytes and the encoder keeps what it knows of other languages.

Paper: Hu et al. 2022, LoRA, arXiv:2106.09685 (adapter); Devlin et al. 2019, BERT, §5.3 (a word is
tagged by its first subword).
Departs: subwords are masked at random, so that the context is used and not the name alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from core.adversarial import IGNORED, TokenClassificationStep, TrainingStep
from core.encoders.reading import Reader
from core.encoders.tagger import DESCRIPTION_FILE
from core.encoders.windowed import WindowedModel
from core.text.tags import tags_from_spans
from core.training.collating import frame, padded
from core.training.models import whole_base
from core.training.order import Part
from core.training.recipe import Recipe
from core.types import Sentence


@dataclass(frozen=True)
class NerRecipe(Recipe):
    """How to train a tagger; the defaults made the one in assets/tagger."""

    epochs: Annotated[int, Field(ge=1, description="passes over the training data")] = 6
    masked: Annotated[float, Field(ge=0, lt=1, description="share of subwords masked")] = 0.05
    longest: Annotated[int, Field(ge=8, description="subwords; a longer sentence is cut")] = 192


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence as the model reads it, without special tokens.

    Attributes:
        ids: its subwords.
        labels: the tag's number at the first subword of each word, IGNORED elsewhere.
        is_cut: whether it was too long and lost its tail.
    """

    ids: tuple[int, ...]
    labels: tuple[int, ...]
    is_cut: bool = False


@dataclass(frozen=True)
class NerTask:
    """Tagging words, learnt from labelled sentences.

    Attributes:
        data: sentences with a weight each group: how often an epoch sees each of them.
        tags: O and the B- and I- tags of all classes.
        recipe: how to train.
    """

    data: Sequence[tuple[Sequence[Sentence], float]]
    tags: tuple[str, ...]
    recipe: NerRecipe
    head: Literal["tokens"] = "tokens"

    @property
    def options(self) -> Mapping[str, Any]:
        """Name the labels."""
        return {
            "num_labels": len(self.tags),
            "id2label": dict(enumerate(self.tags)),
            "label2id": {tag: index for index, tag in enumerate(self.tags)},
        }

    @property
    def described(self) -> tuple[str, Mapping[str, Any]]:
        """Say what the model is, as `core.encoders.tagger` reads it."""
        return DESCRIPTION_FILE, {"base": whole_base(self.recipe.base), "tags": list(self.tags)}

    def parts(self, tokenizer: Any) -> list[Part[Example]]:
        """Tokenize all sentences."""
        reader = Reader(tokenizer)
        parts = []
        for sentences, weight in self.data:
            examples = make_examples(sentences, self.tags, reader, self.recipe.longest)
            parts.append(Part(examples, weight, cut=sum(one.is_cut for one in examples)))
        return parts

    def steps(
        self,
        models: Sequence[Any],
        batch: Sequence[Example],
        tokenizer: Any,
        common: Mapping[str, Any],
    ) -> list[TrainingStep]:
        """Frame, mask and pad the sentences."""
        import torch

        before, after = frame(tokenizer)
        rows = [[*before, *self._masked(one.ids, tokenizer), *after] for one in batch]
        labels = [[*(IGNORED for _ in before), *one.labels] for one in batch]
        special = [[1] * len(before) + [0] * len(one.ids) + [1] * len(after) for one in batch]
        device = models[0].device
        inputs = {
            "input_ids": padded(rows, tokenizer.pad_token_id or 0).to(device),
            "attention_mask": padded([[1] * len(row) for row in rows], 0).to(device),
        }
        gold = torch.full(inputs["input_ids"].shape, IGNORED, dtype=torch.long)
        known = padded(labels, IGNORED)
        gold[:, : known.shape[1]] = known
        return [
            TokenClassificationStep(
                model=model,
                inputs=inputs,
                special=padded(special, 1).bool().to(device),
                labels=gold.to(device),
                **common,
            )
            for model in models
        ]

    def _masked(self, ids: Sequence[int], tokenizer: Any) -> list[int]:
        import torch

        mask = tokenizer.mask_token_id
        if not self.recipe.masked or mask is None:
            return list(ids)
        hidden = (torch.rand(len(ids)) < self.recipe.masked).tolist()
        return [mask if is_hidden else one for one, is_hidden in zip(ids, hidden, strict=True)]


def as_windowed(model: Any, tokenizer: Any, width: int) -> WindowedModel:
    """Let a model in training read sentences of any length."""
    reader = Reader(tokenizer)
    return WindowedModel(model, reader, read=lambda output: output.logits, width=width)


def make_examples(
    sentences: Sequence[Sentence], tags: Sequence[str], reader: Reader, longest: int
) -> list[Example]:
    """Tokenize; the first subword of each word carries its tag, all others are ignored."""
    number = {tag: index for index, tag in enumerate(tags)}
    examples = []
    tokenised = reader.tokenize([reader.prepare(sentence) for sentence in sentences])
    for sentence, subwords in zip(sentences, tokenised, strict=True):
        gold = tags_from_spans(sentence.spans, len(sentence.words))
        labels = [IGNORED] * len(subwords.ids)
        previous = -1
        given = subwords.subword_index
        members = range(len(subwords.ids)) if given is None else given.tolist()
        for word, subword in zip(subwords.word_index.tolist(), members, strict=True):
            # Where one subword covers several words (characters), the first of them names it.
            if word != previous and labels[subword] == IGNORED:
                labels[subword] = number[gold[word]]
            previous = word
        ids = tuple(subwords.ids[:longest])
        examples.append(Example(ids, tuple(labels[:longest]), len(subwords.ids) > longest))
    return [example for example in examples if example.ids]
