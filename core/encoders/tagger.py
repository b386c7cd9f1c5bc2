"""Token-classification models: probabilities of every tag for every word.

A model is a Hugging Face id, a folder of a whole model, or a folder of an adapter over a base model
(`adapter_config.json` and `tagger.json`, as `core.training.ner` writes them).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.encoders.loading import (
    adapter_errors,
    base_folder,
    free_memory,
    model_errors,
    model_place,
    read_description,
    ready,
)
from core.encoders.quiet import quiet
from core.encoders.reading import Reader, Text, shared_reader
from core.encoders.windowed import Progress, WindowedModel
from core.errors import BackendError
from core.types import SubwordVectors

BUNDLED_TAGGER = Path(__file__).parents[2] / "assets" / "tagger"
DESCRIPTION_FILE = "tagger.json"


@dataclass(frozen=True)
class Tagger:
    """A loaded model and the names of its outputs, as the model calls them."""

    model: WindowedModel
    names: tuple[str, ...]

    def probabilities(
        self, sentences: Sequence[Text], batch_subwords: int, progress: Progress | None = None
    ) -> list[tuple[NDArray[np.float32], NDArray[np.bool_]]]:
        """Compute tag probabilities of every word, from its first subword.

        Returns:
            Two arrays a sentence. Probabilities, shape (words, names); a word without subword has
            zeros. And which words go on with the subword of the word before, shape (words,).
        """
        encoded = self.model.encode(sentences, batch_subwords, progress)
        return [(word_probabilities(one), continued_words(one)) for one in encoded]


def word_probabilities(logits: SubwordVectors) -> NDArray[np.float32]:
    """Take the softmax at each word's first subword, shape (words, tags)."""
    found = np.zeros((logits.words, logits.vectors.shape[1]), dtype=np.float32)
    words, first = np.unique(logits.word_index, return_index=True)
    if len(words):
        values = logits.vectors[logits.members[first]]
        values = np.exp(values - values.max(axis=1, keepdims=True))
        found[words] = values / values.sum(axis=1, keepdims=True)
    return found


def continued_words(logits: SubwordVectors) -> NDArray[np.bool_]:
    """Tell which words begin in the subword that the word before begins in.

    In text without spaces a subword may cover several words (characters): they are one to the
    tagger, and only the first of them can begin an entity.
    """
    first = np.full(logits.words, -1)
    words, places = np.unique(logits.word_index, return_index=True)
    first[words] = logits.members[places]
    continued = np.zeros(logits.words, dtype=np.bool_)
    continued[1:] = (first[1:] == first[:-1]) & (first[1:] >= 0)
    return continued


@lru_cache(maxsize=2)
def load_tagger(name: str, device: str) -> Tagger:
    """Load a model once a process.

    Args:
        name: 'bundled', a Hugging Face id, a folder, or `run:RUN`.
        device: `auto`, `cpu` or `cuda`.

    Raises:
        BackendError: no such model, or not one that tags (model-not-found, model-unusable).
    """
    folder = str(BUNDLED_TAGGER) if name == "bundled" else model_place(name)
    with model_errors(name):
        if Path(folder, "adapter_config.json").is_file():
            model, reader, names = _with_adapter(name, Path(folder))
        else:
            model, reader, names = _whole(folder)
    windowed = WindowedModel(
        ready(model, device), reader, read=lambda output: output.logits, width=len(names)
    )
    return Tagger(windowed, names)


def release_taggers() -> None:
    """Forget the loaded models, so that the next stage has their memory."""
    load_tagger.cache_clear()
    free_memory()


def tagger_names(name: str) -> tuple[str, ...]:
    """Return a model's tags without loading its weights.

    Raises:
        BackendError: no such model.
    """
    place = str(BUNDLED_TAGGER) if name == "bundled" else model_place(name)
    folder = Path(place)
    if (folder / DESCRIPTION_FILE).is_file():
        return read_description(name, folder / DESCRIPTION_FILE, tags_of)
    from transformers import AutoConfig

    with model_errors(name):
        return _names(AutoConfig.from_pretrained(place), name)


def _names(config: Any, name: str) -> tuple[str, ...]:
    names = tuple(str(config.id2label[index]) for index in range(config.num_labels))
    if not any(tag == "O" for tag in names):
        raise BackendError(
            f"model {name!r} must tag words, with O among its labels; it has {', '.join(names)}",
            code="model-unusable",
        )
    return names


def _whole(folder: str) -> tuple[Any, Reader, tuple[str, ...]]:
    from transformers import AutoConfig, AutoModelForTokenClassification

    config = AutoConfig.from_pretrained(folder)
    names = _names(config, folder)
    with quiet():
        model = AutoModelForTokenClassification.from_pretrained(folder, config=config)
    return model, shared_reader(folder), names


def tags_of(described: Mapping[str, Any]) -> tuple[str, ...]:
    """Take the tags out of what training wrote about a tagger."""
    return tuple(described["tags"])


def _with_adapter(name: str, folder: Path) -> tuple[Any, Reader, tuple[str, ...]]:
    from peft import PeftModel
    from transformers import AutoModelForTokenClassification

    path = folder / DESCRIPTION_FILE
    names = read_description(name, path, tags_of)
    base = base_folder(read_description(name, path, lambda described: str(described["base"])))
    with quiet():
        model = AutoModelForTokenClassification.from_pretrained(base, num_labels=len(names))
    with adapter_errors(name):
        adapted = PeftModel.from_pretrained(model, str(folder)).merge_and_unload()
    return adapted, shared_reader(base), names
