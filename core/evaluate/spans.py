"""Strict span scores: an entity is right if its first word, last word and class are right.

Paper: Tjong Kim Sang and De Meulder 2003, Introduction to the CoNLL-2003 shared task, section 4.
Departs: none for the figures, which equal seqeval in its default mode; the macro average of a
corpus without any entity is 0 here and not a number there. Failed sentences have their own rule,
see `ProjectionReport`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import DataError
from core.evaluate.gold import Answered, GoldSentence, gold_corpus, keep_labels
from core.types import Span


@dataclass(frozen=True, slots=True)
class SpanScore:
    """Counts and the ratios made of them; a ratio with a zero denominator is 0.

    Attributes:
        correct: predicted spans that are gold spans.
        predicted: predicted spans.
        support: gold spans.
    """

    correct: int
    predicted: int
    support: int

    @property
    def precision(self) -> float:
        """Return the share of predicted spans that are right, in [0, 1]."""
        return self.correct / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Return the share of gold spans that were found, in [0, 1]."""
        return self.correct / self.support if self.support else 0.0

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall, in [0, 1]."""
        both = self.predicted + self.support
        return 2 * self.correct / both if both else 0.0

    def as_dict(self) -> dict[str, float | int]:
        """Return ratios and counts, ready for JSON."""
        return {
            "f1": self.f1,
            "precision": self.precision,
            "recall": self.recall,
            "support": self.support,
            "predicted": self.predicted,
            "correct": self.correct,
        }


@dataclass(frozen=True, slots=True)
class MacroScore:
    """Unweighted means over the classes seen on either side, each in [0, 1]."""

    precision: float
    recall: float
    f1: float

    def as_dict(self) -> dict[str, float]:
        """Return the means, ready for JSON."""
        return {"f1": self.f1, "precision": self.precision, "recall": self.recall}


@dataclass(frozen=True, slots=True)
class SpanReport:
    """Strict scores over some sentences.

    Attributes:
        overall: micro average.
        macro: macro average.
        per_label: score of each class seen in gold or prediction, sorted by name.
        sentences: how many sentences it is over.
    """

    overall: SpanScore
    macro: MacroScore
    per_label: Mapping[str, SpanScore]
    sentences: int

    def as_dict(self) -> dict[str, Any]:
        """Return the report, ready for JSON."""
        return {
            "overall": self.overall.as_dict(),
            "macro": self.macro.as_dict(),
            "per_label": {label: score.as_dict() for label, score in self.per_label.items()},
            "sentences": self.sentences,
        }


@dataclass(frozen=True, slots=True)
class ProjectionReport:
    """Strict scores of a run, with its failures in plain view.

    The headline figure is over ALL sentences with gold annotation: a sentence that failed counts
    with all its gold entities missed, as it does for the user. `worked` is the figure over the
    sentences that did not fail, for telling a weak method from a broken run.

    Attributes:
        headline: scores over all sentences with gold annotation.
        worked: scores over those that did not fail.
        failures: how many failed.
        failure_codes: failures by `stage/code`.
        unlabelled: pairs without gold annotation, in neither figure.
    """

    headline: SpanReport
    worked: SpanReport
    failures: int
    failure_codes: Mapping[str, int]
    unlabelled: int

    def as_dict(self) -> dict[str, Any]:
        """Return the headline at the top level, then the rest, ready for JSON."""
        return {
            **self.headline.as_dict(),
            "failures": self.failures,
            "failure_codes": dict(self.failure_codes),
            "unlabelled": self.unlabelled,
            "worked": self.worked.as_dict(),
        }


def score_spans(
    gold: Sequence[Sequence[Span]],
    predicted: Sequence[Sequence[Span]],
    labels: Collection[str] | None = None,
) -> SpanReport:
    """Score predicted spans against gold spans, sentence by sentence.

    Args:
        gold: gold spans of each sentence, any order; a repeated span counts once.
        predicted: predicted spans of the same sentences.
        labels: classes to keep on both sides; None keeps all.

    Returns:
        Micro, macro and per-class scores.

    Raises:
        DataError: gold and predicted have not the same number of sentences (code not-parallel).
    """
    if len(gold) != len(predicted):
        raise DataError(
            "gold and predicted must have the same number of sentences, "
            f"got {len(gold)} and {len(predicted)}",
            code="not-parallel",
        )
    return _report(
        [
            GoldSentence(keep_labels(gold_spans, labels), keep_labels(predicted_spans, labels))
            for gold_spans, predicted_spans in zip(gold, predicted, strict=True)
        ]
    )


def score_projections(
    projections: Sequence[Answered], labels: Collection[str] | None = None
) -> ProjectionReport:
    """Score a run against the gold spans of its target sentences.

    Args:
        projections: a run over a corpus.
        labels: classes to keep on the gold and on the predicted side alike; None keeps all.

    Raises:
        DataError: no sentence has gold annotation (code missing-gold).
    """
    corpus = gold_corpus(projections, labels)
    return ProjectionReport(
        headline=_report(corpus.sentences),
        worked=_report(corpus.worked),
        failures=corpus.failures,
        failure_codes=corpus.failure_codes(),
        unlabelled=corpus.unlabelled,
    )


def count_by_sentence(sentences: Sequence[GoldSentence]) -> NDArray[np.int64]:
    """Count what strict scores are made of, per sentence.

    Returns:
        Shape (sentences, 3): correct, predicted and gold spans.
    """
    counts = [
        (
            len(set(sentence.gold) & set(sentence.predicted)),
            len(set(sentence.predicted)),
            len(set(sentence.gold)),
        )
        for sentence in sentences
    ]
    return np.array(counts, dtype=np.int64).reshape(-1, 3)


def _report(sentences: Sequence[GoldSentence]) -> SpanReport:
    correct, predicted, support = Counter[str](), Counter[str](), Counter[str]()
    for sentence in sentences:
        gold_spans, predicted_spans = set(sentence.gold), set(sentence.predicted)
        correct.update(span.label for span in gold_spans & predicted_spans)
        predicted.update(span.label for span in predicted_spans)
        support.update(span.label for span in gold_spans)
    per_label = {
        label: SpanScore(correct[label], predicted[label], support[label])
        for label in sorted(predicted.keys() | support.keys())
    }
    return SpanReport(
        overall=SpanScore(correct.total(), predicted.total(), support.total()),
        macro=_macro(list(per_label.values())),
        per_label=per_label,
        sentences=len(sentences),
    )


def _macro(scores: Sequence[SpanScore]) -> MacroScore:
    classes = max(len(scores), 1)
    return MacroScore(
        precision=sum(score.precision for score in scores) / classes,
        recall=sum(score.recall for score in scores) / classes,
        f1=sum(score.f1 for score in scores) / classes,
    )
