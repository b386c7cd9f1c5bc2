"""Words of the context that a model has not seen in training."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from core.encoders import Encoder
from core.perturbations._chunks import NO_TRAINING
from core.perturbations._editing import Edit, Plan
from core.perturbations._units import Unit, units
from core.text.function_words import function_words
from core.types import Sentence

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
"""Gives every word a vector, shape (words, width)."""
# Rows of the similarity matrix computed at once.
_ROWS = 1024


class UnseenContext:
    """For each context word that training has, the nearest one of the test set that it lacks.

    Args:
        sentences: test sentences.
        training: training sentences.
        embed: gives words vectors.
    """

    def __init__(
        self, sentences: Sequence[Sentence], training: Sequence[Sentence], embed: Embed
    ) -> None:
        self.has_training = bool(training)
        self.seen = {unit.text.casefold() for one in training for unit in units(one)}
        words = {unit.text for one in sentences for unit in _content(one)} if training else set()
        old = sorted(word for word in words if word.casefold() in self.seen)
        new = sorted(word for word in words if word.casefold() not in self.seen)
        self.nearest = _nearest(old, new, embed) if old and new else {}

    def plan(self, sentence: Sentence) -> Plan:
        """Replace every word that has a nearest one."""
        plan = Plan()
        if not self.has_training:
            plan.kept.append(NO_TRAINING)
            return plan
        seen = [one for one in _content(sentence) if one.text.casefold() in self.seen]
        for unit in seen:
            if unit.text not in self.nearest:
                plan.kept.append("the test set has no word that training lacks")
                continue
            new, similarity = self.nearest[unit.text]
            reason = f"training has it too; the nearest word it lacks, cosine {similarity:.3f}"
            fragment = unit.rewritten(_capital_like(unit.text, new), sentence.language)
            plan.edits.append(Edit(unit.start, unit.end, fragment, reason))
        if not seen:
            plan.kept.append("no word of its context is a content word that training has")
        return plan


def embed_words(words: Sequence[str], encoder: Encoder) -> NDArray[np.float32]:
    """Return the mean vector of each word's subwords, read alone; shape (words, width).

    A word without subwords gets zeros, which are near to nothing.
    """
    encoded = encoder.encode([[word] for word in words])
    return np.array(
        [
            one.vectors.mean(axis=0) if len(one.vectors) else np.zeros(one.vectors.shape[1])
            for one in encoded
        ],
        dtype=np.float32,
    )


def _content(sentence: Sentence) -> Iterator[Unit]:
    """Yield the content words outside entities: no function word, no sign, longer than 1."""
    closed = function_words(sentence.language)
    for unit in units(sentence, "context"):
        is_word = any(letter.isalnum() for letter in unit.text)
        if len(unit.text) > 1 and is_word and unit.text.lower() not in closed:
            yield unit


def _nearest(old: Sequence[str], new: Sequence[str], embed: Embed) -> dict[str, tuple[str, float]]:
    """Return for each old word the nearest new one and their cosine; the first of equals."""
    vectors = embed([*old, *new]).astype(np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit_vectors = vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
    rows, columns = unit_vectors[: len(old)], unit_vectors[len(old) :]
    found = {}
    for start in range(0, len(old), _ROWS):
        cosine = rows[start : start + _ROWS] @ columns.T
        for word, line in zip(old[start : start + _ROWS], cosine, strict=True):
            best = int(line.argmax())
            found[word] = (new[best], float(line[best]))
    return found


def _capital_like(old: str, new: str) -> str:
    """Start a new word with a capital where the old one does: it may open the sentence."""
    return new[0].upper() + new[1:] if old[0].isupper() else new
