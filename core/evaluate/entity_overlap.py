"""Entities that a tagger has met in training, and those it has not.

A mention is seen if training has an entity of the same words and class. A prediction that is right
has the words and class of its gold entity, so it falls on the same side; the two sides partition
gold, predicted and correct entities alike.

Paper: Augenstein et al. 2017, Generalisation in named entity recognition, arXiv:1701.02877
(section 4.3, unseen entities); Bernier-Colborne and Langlais 2020, HardEval, LREC 2020.
Departs: the class must agree too, and precision is told for both sides, not recall alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.evaluate.gold import keep_labels
from core.evaluate.spans import SpanScore
from core.types import Sentence, Span

Mention = tuple[tuple[str, ...], str]
"""Words and class of an entity."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Shares and scores of seen and unseen entities.

    Attributes:
        mentions: gold entities.
        seen: how many of them training has.
        by_label: class → (seen, gold entities).
        seen_score: strict score over the seen ones.
        unseen_score: strict score over the others.
    """

    mentions: int
    seen: int
    by_label: Mapping[str, tuple[int, int]]
    seen_score: SpanScore
    unseen_score: SpanScore

    @property
    def share(self) -> float:
        """Return the share of gold entities that training has, in [0, 1]."""
        return self.seen / self.mentions if self.mentions else 0.0

    def as_dict(self) -> dict[str, Any]:
        """Return the value, ready for JSON."""
        return {
            "share": self.share,
            "mentions": self.mentions,
            "seen": self.seen,
            "by_label": {
                label: {"seen": seen, "mentions": mentions, "share": seen / mentions}
                for label, (seen, mentions) in self.by_label.items()
            },
            "seen_score": self.seen_score.as_dict(),
            "unseen_score": self.unseen_score.as_dict(),
        }


def known_mentions(sentences: Iterable[Sentence]) -> frozenset[Mention]:
    """Return the distinct entities of a training corpus."""
    return frozenset(_mention(one, span) for one in sentences for span in one.spans)


def measure_overlap(
    sentences: Sequence[Sentence],
    predicted: Sequence[Sequence[Span]],
    known: Collection[Mention],
    labels: Collection[str] | None = None,
) -> Overlap:
    """Score seen and unseen entities apart.

    Args:
        sentences: test sentences with gold spans.
        predicted: spans that were found in each.
        known: the entities of training.
        labels: classes to keep on both sides; None keeps all.
    """
    gold_counts, seen_counts = Counter[str](), Counter[str]()
    tallies = {True: Counter[str](), False: Counter[str]()}
    for sentence, found in zip(sentences, predicted, strict=True):
        gold = set(keep_labels(sentence.spans, labels))
        kept = set(keep_labels(found, labels))
        for span in gold | kept:
            is_seen = _mention(sentence, span) in known
            tally = tallies[is_seen]
            tally["support"] += span in gold
            tally["predicted"] += span in kept
            tally["correct"] += span in gold and span in kept
            gold_counts[span.label] += span in gold
            seen_counts[span.label] += span in gold and is_seen
    return Overlap(
        mentions=gold_counts.total(),
        seen=seen_counts.total(),
        by_label={
            label: (seen_counts[label], count)
            for label, count in sorted(gold_counts.items())
            if count
        },
        seen_score=_score(tallies[True]),
        unseen_score=_score(tallies[False]),
    )


def _mention(sentence: Sentence, span: Span) -> Mention:
    return sentence.words_of(span), span.label


def _score(tally: Mapping[str, int]) -> SpanScore:
    return SpanScore(tally["correct"], tally["predicted"], tally["support"])
