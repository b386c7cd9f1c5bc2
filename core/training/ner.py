"""Train a named-entity tagger: an encoder, a low-rank adapter inside it, and a linear head.

Only the adapter and the head learn, a hundredth of the weights, so that the result is a file of a
few megabytes and the encoder keeps what it knows of other languages.

Paper: Hu et al. 2022, LoRA, arXiv:2106.09685 (adapter); Devlin et al. 2019, BERT, §5.3 (a word is
tagged by its first subword).
Departs: subwords are masked at random, so that the context is used and not the name alone.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from core.encoders import bundled
from core.encoders.quiet import quiet
from core.encoders.reading import Reader
from core.encoders.tagger import DESCRIPTION_FILE
from core.encoders.windowed import WindowedModel
from core.text.tags import tags_from_spans
from core.types import Sentence

if TYPE_CHECKING:
    import torch

Report = Callable[[int, float, float], None]
"""Called after each epoch with (epoch, mean training loss, F1 on the development set)."""
Judge = Callable[[WindowedModel], float]
"""Measures a model on held-out data; higher is better."""

IGNORED = -100
"""Label of subwords that are not the first of their word (torch's own convention)."""
# Every dense layer of a BERT block.
_ADAPTED = (
    "query",
    "key",
    "value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)


@dataclass(frozen=True)
class NerRecipe:
    """How to train; the defaults made the tagger in assets/tagger."""

    base: Annotated[str, Field(description="'bundled', a Hugging Face id or a folder")] = "bundled"
    epochs: Annotated[int, Field(ge=1, description="passes over the training data")] = 6
    batch: Annotated[int, Field(ge=1, description="sentences a step")] = 32
    learning_rate: Annotated[float, Field(gt=0, description="at its peak")] = 1e-3
    warmup: Annotated[float, Field(ge=0, lt=1, description="share of steps up to the peak")] = 0.06
    weight_decay: Annotated[float, Field(ge=0, description="of adapter and head")] = 0.01
    rank: Annotated[int, Field(ge=1, description="rank of the adapter")] = 16
    dropout: Annotated[float, Field(ge=0, lt=1, description="inside the adapter")] = 0.1
    masked: Annotated[float, Field(ge=0, lt=1, description="share of subwords masked")] = 0.05
    longest: Annotated[int, Field(ge=8, description="subwords; a longer sentence is cut")] = 192
    seed: Annotated[int, Field(ge=0, description="of order, dropout and first weights")] = 1


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence as the model reads it, without special tokens."""

    ids: tuple[int, ...]
    labels: tuple[int, ...]


def train_ner(
    sentences: Sequence[Sentence],
    recipe: NerRecipe,
    *,
    judge: Judge,
    folder: Path,
    report: Report | None = None,
) -> float:
    """Train on labelled sentences and keep the epoch that the judge likes best.

    Args:
        sentences: with gold spans; their classes become the tagger's.
        recipe: how to train.
        judge: measures the model after each epoch.
        folder: where adapter, head and tokenizer settings are written, complete after each best
            epoch.
        report: called after each epoch.

    Returns:
        The best value of the judge.

    Raises:
        BackendError: the base model cannot be unpacked.
    """
    import torch

    torch.manual_seed(recipe.seed)
    order = random.Random(recipe.seed)  # noqa: S311 - not for secrets
    tags = tag_names(sentences)
    model, tokenizer = _new_model(recipe, tags)
    examples = make_examples(sentences, tags, Reader(tokenizer), recipe.longest)
    steps = recipe.epochs * len(list(_batches(examples, recipe.batch, order)))
    learner = _Learner.of(model, tokenizer, recipe, steps)
    best = float("-inf")
    for epoch in range(recipe.epochs):
        model.train()
        losses = [learner.step(batch) for batch in _batches(examples, recipe.batch, order)]
        model.eval()
        value = judge(WindowedModel(model, tokenizer, read=lambda out: out.logits, width=len(tags)))
        if report is not None:
            report(epoch + 1, sum(losses) / max(len(losses), 1), value)
        if value > best:
            best = value
            _save(model, folder, recipe.base, tags)
    return best


@dataclass(frozen=True)
class _Learner:
    """A model and what moves its weights."""

    model: Any
    tokenizer: Any
    masked: float
    weights: list[torch.nn.Parameter]
    optimiser: torch.optim.Optimizer
    schedule: torch.optim.lr_scheduler.LRScheduler

    @classmethod
    def of(cls, model: Any, tokenizer: Any, recipe: NerRecipe, steps: int) -> _Learner:
        """Make the optimiser: the rate rises to its peak, then falls linearly to nothing."""
        import torch

        weights = [weight for weight in model.parameters() if weight.requires_grad]
        optimiser = torch.optim.AdamW(
            weights, lr=recipe.learning_rate, weight_decay=recipe.weight_decay
        )
        warm = max(1, round(recipe.warmup * steps))
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimiser, lambda step: min((step + 1) / warm, (steps - step) / max(steps - warm, 1))
        )
        return cls(model, tokenizer, recipe.masked, weights, optimiser, schedule)

    def step(self, batch: Sequence[Example]) -> float:
        """Learn from one batch and return its loss."""
        import torch

        inputs = _collate(batch, self.tokenizer, self.masked, self.model.device)
        # On a processor without bf16 products autocast costs time and changes little.
        with torch.autocast(self.model.device.type, dtype=torch.bfloat16):
            loss = self.model(**inputs).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.weights, 1.0)
        self.optimiser.step()
        self.schedule.step()
        self.optimiser.zero_grad()
        return float(loss.detach())


def tag_names(sentences: Sequence[Sentence]) -> tuple[str, ...]:
    """Return O and the B- and I- tags of every class that occurs, in a fixed order."""
    classes = sorted({span.label for sentence in sentences for span in sentence.spans})
    return ("O", *(f"{prefix}-{name}" for name in classes for prefix in "BI"))


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
        examples.append(Example(tuple(subwords.ids[:longest]), tuple(labels[:longest])))
    return [example for example in examples if example.ids]


def _new_model(recipe: NerRecipe, tags: Sequence[str]) -> tuple[Any, Any]:
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForTokenClassification, AutoTokenizer

    base = str(bundled.unpack()) if recipe.base == "bundled" else recipe.base
    with quiet():
        model = AutoModelForTokenClassification.from_pretrained(
            base,
            num_labels=len(tags),
            id2label=dict(enumerate(tags)),
            label2id={tag: index for index, tag in enumerate(tags)},
        )
    adapter = LoraConfig(
        task_type="TOKEN_CLS",
        r=recipe.rank,
        lora_alpha=2 * recipe.rank,
        lora_dropout=recipe.dropout,
        target_modules=list(_ADAPTED),
    )
    device = "cuda" if torch.cuda.is_available() else "cpu"
    with quiet():
        adapted = get_peft_model(model, adapter).to(device)
    return adapted, AutoTokenizer.from_pretrained(base)


def _batches(
    examples: Sequence[Example], size: int, order: random.Random
) -> Iterator[list[Example]]:
    """Yield batches of like length in random order: little padding, and no order to learn."""
    shuffled = sorted(examples, key=lambda example: (len(example.ids) // 4, order.random()))
    starts = list(range(0, len(shuffled), size))
    order.shuffle(starts)
    for start in starts:
        yield shuffled[start : start + size]


def _collate(
    batch: Sequence[Example], tokenizer: Any, masked: float, device: torch.device
) -> dict[str, torch.Tensor]:
    import torch

    empty = tokenizer("")["input_ids"]
    half = (len(empty) + 1) // 2
    before, after = empty[:half], empty[half:]
    longest = max(len(example.ids) for example in batch) + len(empty)
    ids = torch.full((len(batch), longest), tokenizer.pad_token_id or 0)
    labels = torch.full((len(batch), longest), IGNORED)
    mask = torch.zeros((len(batch), longest), dtype=torch.long)
    for i, example in enumerate(batch):
        end = half + len(example.ids)
        row = torch.tensor(example.ids)
        if masked and tokenizer.mask_token_id is not None:
            row[torch.rand(len(row)) < masked] = tokenizer.mask_token_id
        ids[i, :half] = torch.tensor(before)
        ids[i, half:end] = row
        ids[i, end : end + len(after)] = torch.tensor(after)
        labels[i, half:end] = torch.tensor(example.labels)
        mask[i, : end + len(after)] = 1
    inputs = {"input_ids": ids, "attention_mask": mask, "labels": labels}
    return {name: tensor.to(device) for name, tensor in inputs.items()}


def _save(model: Any, folder: Path, base: str, tags: Sequence[str]) -> None:
    """Write adapter and head in half precision, the base model named but not included."""
    import torch
    from peft import get_peft_model_state_dict
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    weights = {
        name: tensor.detach().to("cpu", torch.float16).contiguous()
        for name, tensor in get_peft_model_state_dict(model).items()
    }
    config = model.peft_config["default"]
    config.base_model_name_or_path = base  # not the folder it was unpacked to on this machine
    config.save_pretrained(str(folder))
    described = json.dumps({"base": base, "tags": list(tags)}, indent=1)
    (folder / DESCRIPTION_FILE).write_text(described + "\n", encoding="utf-8")
    save_file(weights, str(folder / "adapter_model.safetensors"))
