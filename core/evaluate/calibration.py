"""Does a tagger know when it is wrong? Confidence against how often it is right.

The expected calibration error is the mean distance between confidence and accuracy over bins of
equal width, weighted by how many items fall into each: 0 is perfect, in [0, 1].

Paper: Guo et al. 2017, On calibration of modern neural networks, arXiv:1706.04599, equation 3 (15
bins).
Departs: nearly all words are O and easily right, so predicted entities are told apart too; their
confidence is the probability of exactly this span under the tagger's word probabilities: B of the
class, I of every later word, and no I behind.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.evaluate.gold import keep_labels
from core.text.tags import split_tag, tags_from_spans
from core.types import Labelling, Sentence, Span, WordTags

BINS = 15


@dataclass(frozen=True, slots=True)
class Bin:
    """Items of like confidence."""

    items: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """Confidence against accuracy.

    Attributes:
        error: expected calibration error, in [0, 1].
        confidence: mean confidence.
        accuracy: share that is right.
        items: how many.
        bins: those that are not empty, least confident first.
    """

    error: float
    confidence: float
    accuracy: float
    items: int
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Reliability of the tags of words, and of predicted entities."""

    words: Reliability
    entities: Reliability

    def as_dict(self) -> dict[str, Any]:
        """Return the value, ready for JSON."""
        return asdict(self)


def measure_calibration(
    sentences: Sequence[Sentence],
    labellings: Sequence[Labelling],
    labels: Collection[str] | None = None,
) -> Calibration | None:
    """Measure how well a tagger's probabilities tell what is right.

    Args:
        sentences: with gold spans.
        labellings: of each sentence.
        labels: classes of gold spans, of predicted entities and of words' tags to keep; None keeps
            all.

    Returns:
        None where the tagger gives no probabilities.
    """
    words: list[tuple[float, bool]] = []
    entities: list[tuple[float, bool]] = []
    for sentence, labelling in zip(sentences, labellings, strict=True):
        if labelling.tags is None:
            return None
        gold = keep_labels(sentence.spans, labels)
        words += _words(labelling.tags, gold, labels)
        entities += [
            (span_probability(labelling.tags, span), span in gold)
            for span in keep_labels(labelling.spans, labels)
        ]
    return Calibration(reliability(words), reliability(entities))


def reliability(items: Sequence[tuple[float, bool]], bins: int = BINS) -> Reliability:
    """Sort (confidence, is right) into bins of equal width.

    >>> round(reliability([(0.9, True), (0.9, False)]).error, 3)
    0.4
    """
    if not items:
        return Reliability(0.0, 0.0, 0.0, 0, ())
    confidence = np.array([one for one, _ in items], dtype=np.float64)
    right = np.array([one for _, one in items], dtype=np.float64)
    # Bins are open below and closed above, as in the paper.
    places = np.clip(np.ceil(confidence * bins).astype(np.int64) - 1, 0, bins - 1)
    found = [
        Bin(int(mask.sum()), float(confidence[mask].mean()), float(right[mask].mean()))
        for mask in (places == place for place in range(bins))
        if mask.any()
    ]
    error = sum(one.items * abs(one.accuracy - one.confidence) for one in found) / len(items)
    return Reliability(
        error, float(confidence.mean()), float(right.mean()), len(items), tuple(found)
    )


def span_probability(tags: WordTags, span: Span) -> float:
    """Return the probability of exactly this span, in [0, 1]; 0 for a class unknown to the tagger.

    Args:
        tags: word probabilities.
        span: an entity in that sentence.
    """
    begin, inside = f"B-{span.label}", f"I-{span.label}"
    if begin not in tags.tags or inside not in tags.tags:
        return 0.0
    first = tags.probabilities[span.start, tags.tags.index(begin)]
    later = tags.probabilities[:, tags.tags.index(inside)]
    found = float(first) * float(np.prod(later[span.start + 1 : span.end], dtype=np.float64))
    if span.end < len(later):
        found *= 1 - float(later[span.end])
    return min(max(found, 0.0), 1.0)


def _words(
    tags: WordTags, gold: Sequence[Span], labels: Collection[str] | None
) -> list[tuple[float, bool]]:
    if not len(tags.probabilities):
        return []
    wanted = tags_from_spans(gold, len(tags.probabilities))
    probabilities = _of_kept_tags(tags, labels)
    best = probabilities.argmax(axis=1)
    return [
        (min(float(row[column]), 1.0), tags.tags[column] == tag)
        for row, column, tag in zip(probabilities, best, wanted, strict=True)
    ]


def _of_kept_tags(tags: WordTags, labels: Collection[str] | None) -> NDArray[np.float32]:
    """Return probabilities in which the mass of a class that is not kept says: no entity."""
    if labels is None:
        return tags.probabilities
    dropped = [split_tag(tag)[1] not in ("", *labels) for tag in tags.tags]
    table = np.where(dropped, 0, tags.probabilities).astype(np.float32)
    table[:, 0] += tags.probabilities[:, dropped].sum(axis=1)
    return table
