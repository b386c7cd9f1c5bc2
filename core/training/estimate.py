"""What a run will take: time, memory, disk. Rough, and on the side of too much.

Sizes come from the base model's configuration and speed from a short measurement on this machine;
the constants are fits to runs of the bundled encoder on two cores.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from core.config import ComponentChoice
from core.encoders.loading import base_folder, model_errors
from core.jobs import Needs
from core.questions import Context
from core.training.methods import CoRegularisation, Method, make_method, models_of
from core.training.models import adapter_rank, whole_base
from core.training.qa import QaRecipe
from core.training.recipe import Recipe
from core.types import Sentence

# Passes of a method in passes of plain training (python -m core bench train); those whose number
# is a parameter are computed.
_PASSES = {"plain": 1.0, "fgm": 2.0, "awp": 2.0, "r3f": 2.1, "rdrop": 2.0}
_PROGRAM_BYTES = 900 << 20  # Python with torch, transformers and peft
_CUDA_BYTES = 2 << 30  # host memory that the driver and its libraries take
_SUBWORDS_A_WORD = 1.5
_LETTERS_A_SUBWORD = 4.0
_SPARE = 1.3
_LONGEST = 32
# Share of the speed of one large matrix product that a training step comes to.
_EFFICIENCY = 0.35
_ADAPTER_SHARE = 0.065  # of the body's weights, for each 16 of rank
_OPTIMISER_SECONDS = 2.5e-9  # a weight that learns, on one core


@dataclass(frozen=True, slots=True)
class DataSize:
    """How much there is to learn from.

    Attributes:
        examples: of an epoch: sentences, or windows of contexts.
        subwords: of one of them, on average.
        longest: of those that make up the longest batch, on average; 0 is as the others.
        dev_subwords: of all that is measured on, together.
    """

    examples: float
    subwords: float
    dev_subwords: float = 0.0
    longest: float = 0.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run will take at most.

    Attributes:
        updates: steps.
        seconds: all of it, on this machine as it is now.
        memory_bytes: of the process.
        disk_bytes: checkpoints and model together.
        weights: of one model.
        learning: weights that learn, of all models together.
    """

    updates: int
    seconds: float
    memory_bytes: int
    disk_bytes: int
    weights: int
    learning: int

    @property
    def needs(self) -> Needs:
        """Return what `core.jobs` looks at before the start."""
        return Needs(disk_bytes=self.disk_bytes, memory_bytes=self.memory_bytes)


@dataclass(frozen=True, slots=True)
class _Sizes:
    """Of a model: numbers of its configuration."""

    hidden: int
    layers: int
    inner: int
    heads: int
    vocabulary: int

    @property
    def body(self) -> int:
        """Weights of the layers."""
        return self.layers * (4 * self.hidden**2 + 2 * self.hidden * self.inner)

    @property
    def table(self) -> int:
        """Weights of the word embeddings."""
        return self.vocabulary * self.hidden


def sentences_size(sentences: Sequence[Sentence], weight: float = 1.0) -> DataSize:
    """Guess the size of labelled sentences without a tokenizer."""
    words = sum(len(sentence.words) for sentence in sentences)
    mean = words / max(len(sentences), 1)
    # Batches hold sentences of like length, so one of them holds the longest.
    longest = sorted(len(sentence.words) for sentence in sentences)[-_LONGEST:]
    return DataSize(
        weight * len(sentences),
        mean * _SUBWORDS_A_WORD + 2,
        longest=sum(longest) / max(len(longest), 1) * _SUBWORDS_A_WORD + 2,
    )


def contexts_size(contexts: Sequence[Context], recipe: QaRecipe, weight: float = 1.0) -> DataSize:
    """Guess the size of contexts with questions without a tokenizer."""
    cut = recipe.windows
    windows, subwords = 0.0, 0.0
    for context in contexts:
        length = len(context.text) / _LETTERS_A_SUBWORD
        room = max(cut.longest - 20, 1)  # beside a question of usual length
        count = 1 + max(0.0, length - room) / max(room - cut.stride, 1)
        windows += count * len(context.questions)
        subwords += min(length + 20, cut.longest) * count * len(context.questions)
    return DataSize(weight * windows, subwords / max(windows, 1.0), longest=cut.longest)


def added(sizes: Sequence[DataSize]) -> DataSize:
    """Return the size of several parts together."""
    examples = sum(one.examples for one in sizes)
    subwords = sum(one.examples * one.subwords for one in sizes)
    longest = max((one.longest for one in sizes), default=0.0)
    return DataSize(examples, subwords / max(examples, 1.0), longest=longest)


def estimate(
    recipe: Recipe, method: ComponentChoice, size: DataSize, *, speed: float | None = None
) -> Estimate:
    """Estimate what a run takes.

    Args:
        recipe: how.
        method: by what.
        size: of the data.
        speed: floating-point operations a second; None measures, in a tenth of a second.

    Raises:
        BackendError: the base model's configuration cannot be had.
        ConfigError: no such method.
    """
    made, model = make_method(method), _sizes(recipe.base)
    count = models_of(made)
    rank = adapter_rank(recipe.base) or recipe.rank
    adapter = int(model.body * _ADAPTER_SHARE * rank / 16)
    table = 0 if recipe.freeze_embeddings else model.table
    learning = count * (model.body + table if recipe.is_full else adapter)
    weights = model.body + model.table
    per_epoch = max(1, -(-int(size.examples) // recipe.batch))
    updates = recipe.updates or recipe.epochs * per_epoch
    tokens = min(recipe.batch, max(size.examples, 1)) * size.subwords
    # Forward 2, back through the inputs 2, and back to the weights 2 where they learn.
    operations = model.body * tokens * (6 if recipe.is_full else 4)
    rate = (speed or _measured_speed()) * _EFFICIENCY
    step = passes(method.name, made) * operations / rate + learning * _OPTIMISER_SECONDS
    judged = updates // (recipe.judge_every or per_epoch) * size.dev_subwords * model.body * 2
    kept = 4 * weights if recipe.is_full else 2 * adapter
    return Estimate(
        updates=updates,
        seconds=_SPARE * (updates * step + judged / rate),
        memory_bytes=int(_memory(recipe, model, size, learning, count)),
        # Three whole checkpoints for a moment (two kept, one being written) and the model twice.
        disk_bytes=int(3 * 12 * learning + 2 * kept) + (1 << 20),
        weights=weights,
        learning=learning,
    )


def passes(name: str, method: Method) -> float:
    """Return a method's passes in those of plain training."""
    if isinstance(method, CoRegularisation):
        return float(models_of(method))
    steps = float(getattr(method, "steps", 1))
    computed = {"freelb": steps + 0.5, "pgd": steps + 1, "smart": steps + 2, "vat": steps + 2}
    return computed.get(name, _PASSES.get(name, 3.0))


def _memory(recipe: Recipe, model: _Sizes, size: DataSize, learning: int, count: int) -> float:
    length = min(max(size.longest, size.subwords), float(getattr(recipe, "longest", math.inf)))
    tokens = min(recipe.batch, max(size.examples, 1)) * length
    # What a layer keeps for the way back: about 17 vectors, and the attention of all heads twice.
    a_token = model.layers * (17 * model.hidden + 2 * model.inner + 2 * model.heads * length)
    activations = 4 * tokens * a_token * max(2, count)  # some methods hold two graphs
    weights = 4 * count * (model.body + model.table)
    learnt = 12 * learning + (4 * learning if recipe.is_full else 0)
    return _PROGRAM_BYTES + _SPARE * (weights + learnt + activations) + _cuda()


def _cuda() -> int:
    import torch

    return _CUDA_BYTES if torch.cuda.is_available() else 0


@lru_cache(maxsize=8)
def _sizes(base: str) -> _Sizes:
    from transformers import AutoConfig

    with model_errors(base):
        config: Any = AutoConfig.from_pretrained(base_folder(whole_base(base)))
    hidden = int(config.hidden_size)
    return _Sizes(
        hidden=hidden,
        layers=int(config.num_hidden_layers),
        inner=int(getattr(config, "intermediate_size", 4 * hidden)),
        heads=int(config.num_attention_heads),
        vocabulary=int(config.vocab_size),
    )


@lru_cache(maxsize=1)
def _measured_speed() -> float:
    """Return the operations a second of a matrix product where training would be."""
    import torch

    device = "cuda" if torch.cuda.is_available() else "cpu"
    size = 4096 if device == "cuda" else 512
    left = torch.rand(size, size, device=device)
    (left @ left).sum().item()
    begun, rounds = time.perf_counter(), 0
    while time.perf_counter() < begun + 0.1:
        (left @ left).sum().item()
        rounds += 1
    return 2 * size**3 * rounds / (time.perf_counter() - begun)
