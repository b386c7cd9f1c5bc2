"""Which sentences count in an evaluation, and which spans on both sides.

One place decides it, so that every figure is over the same sentences: a pair without gold
annotation is set aside and counted; a failed sentence stays, with nothing predicted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from core.errors import DataError
from core.types import Failure, SentencePair, Span


class Answered(Protocol):
    """What an evaluation must know of a sentence: a `Projection`, or what was kept of one."""

    @property
    def pair(self) -> SentencePair:
        """Return the pair, whose target spans are gold."""
        ...

    @property
    def spans(self) -> tuple[Span, ...]:
        """Return the predicted spans."""
        ...

    @property
    def failure(self) -> Failure | None:
        """Return why the sentence failed, None if it worked."""
        ...


@dataclass(frozen=True, slots=True)
class GoldSentence:
    """A sentence with gold annotation and what a method predicted for it.

    Attributes:
        gold: gold spans of the classes in question.
        predicted: predicted spans of the classes in question; empty where the sentence failed.
        failure: why the sentence failed, None if it worked.
    """

    gold: tuple[Span, ...]
    predicted: tuple[Span, ...]
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class GoldCorpus:
    """The sentences an evaluation is over; `unlabelled` counts the pairs set aside."""

    sentences: tuple[GoldSentence, ...]
    unlabelled: int = 0

    @property
    def worked(self) -> tuple[GoldSentence, ...]:
        """Return the sentences that did not fail."""
        return tuple(sentence for sentence in self.sentences if sentence.failure is None)

    @property
    def failures(self) -> int:
        """Return how many sentences failed."""
        return sum(sentence.failure is not None for sentence in self.sentences)

    def failure_codes(self) -> Mapping[str, int]:
        """Count the failures by `stage/code`, sorted by name."""
        counts = Counter(
            f"{sentence.failure.stage}/{sentence.failure.code}"
            for sentence in self.sentences
            if sentence.failure is not None
        )
        return dict(sorted(counts.items()))


def keep_labels(spans: Iterable[Span], labels: Collection[str] | None) -> tuple[Span, ...]:
    """Return the spans of the wanted classes, in order; None keeps all."""
    return tuple(span for span in spans if labels is None or span.label in labels)


def gold_corpus(
    projections: Sequence[Answered], labels: Collection[str] | None = None
) -> GoldCorpus:
    """Select what an evaluation is over.

    Args:
        projections: a run over a corpus.
        labels: classes to keep on the gold and on the predicted side alike; None keeps all.

    Returns:
        The sentences with gold annotation, in order. Failed ones are among them, with no predicted
        span whatever the projection holds.

    Raises:
        DataError: no sentence has gold annotation (code missing-gold).
    """
    sentences = tuple(
        GoldSentence(
            gold=keep_labels(projection.pair.target.spans, labels),
            predicted=keep_labels(projection.spans, labels) if projection.failure is None else (),
            failure=projection.failure,
        )
        for projection in projections
        if projection.pair.has_gold
    )
    if not sentences:
        raise DataError(
            "an evaluation must have at least one sentence with gold annotation, "
            f"got none in {len(projections)}",
            code="missing-gold",
            hint="load a corpus with labelled target sentences",
        )
    return GoldCorpus(sentences, unlabelled=len(projections) - len(sentences))


def check_same_sentences(
    first: Sequence[Answered],
    second: Sequence[Answered],
    labels: Collection[str] | None = None,
) -> None:
    """Make sure that two runs are over the same target sentences, in the same order.

    The source side may differ, as with another translation model.

    Args:
        first: a run over a corpus.
        second: another run.
        labels: classes whose gold spans must agree; None means all.

    Raises:
        DataError: the runs differ in a target sentence or its gold spans (code not-parallel).
    """
    if len(first) != len(second):
        raise DataError(
            f"both runs must be over the same sentences, got {len(first)} and {len(second)}",
            code="not-parallel",
        )
    for index, (one, other) in enumerate(zip(first, second, strict=True)):
        if _identity(one, labels) != _identity(other, labels):
            name = one.pair.id or one.pair.target.id or f"number {index + 1}"
            raise DataError(
                "both runs must be over the same sentences and gold spans, "
                f"got different ones for sentence {name}",
                code="not-parallel",
            )


def _identity(projection: Answered, labels: Collection[str] | None) -> tuple[object, ...]:
    pair = projection.pair
    return pair.has_gold, pair.target.words, keep_labels(pair.target.spans, labels)
