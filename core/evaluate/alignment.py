"""Word alignment error rate against links of sure and possible kind.

Paper: Och and Ney 2003, A systematic comparison of various statistical alignment models, section
4.1: `AER = 1 − (|A∩S| + |A∩P|) / (|A| + |S|)`.
Departs: none; sure links are possible links too, whether or not the annotation repeats them, and
counts are summed over the corpus before dividing, as there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.errors import DataError
from core.types import Link, Projection


@dataclass(frozen=True, slots=True)
class AlignmentScore:
    """Counts of links over a corpus and the ratios made of them.

    Attributes:
        predicted: links the aligner made, |A|.
        sure: gold links marked sure, |S|.
        possible: gold links of either kind, |P|, sure ones included.
        predicted_sure: |A∩S|.
        predicted_possible: |A∩P|.
        sentences: how many sentence pairs it is over.
    """

    predicted: int
    sure: int
    possible: int
    predicted_sure: int
    predicted_possible: int
    sentences: int

    @property
    def precision(self) -> float:
        """Return the share of predicted links that are possible, in [0, 1]; 0 without links."""
        return self.predicted_possible / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Return the share of sure links that were predicted, in [0, 1]; 0 without sure links."""
        return self.predicted_sure / self.sure if self.sure else 0.0

    @property
    def aer(self) -> float:
        """Return the alignment error rate in [0, 1], lower is better.

        It is 0 exactly where the prediction lies between the sure and the possible links; nothing
        predicted where nothing is sure is such a case.
        """
        both = self.predicted + self.sure
        # One minus a ratio leaves rounding dust where the true value is 0.
        return (both - self.predicted_sure - self.predicted_possible) / both if both else 0.0

    def as_dict(self) -> dict[str, float | int]:
        """Return ratios and counts, ready for JSON."""
        return {
            "aer": self.aer,
            "precision": self.precision,
            "recall": self.recall,
            "predicted": self.predicted,
            "sure": self.sure,
            "possible": self.possible,
            "sentences": self.sentences,
        }


@dataclass(frozen=True, slots=True)
class AlignmentReport:
    """Alignment score of a run.

    Attributes:
        score: over all pairs with gold links; a pair without a predicted alignment counts with all
            its sure links missed.
        unaligned: pairs with gold links where the run made no alignment, failed ones among them.
        without_gold: pairs without gold links, left out.
    """

    score: AlignmentScore
    unaligned: int
    without_gold: int

    def as_dict(self) -> dict[str, Any]:
        """Return the report, ready for JSON."""
        return {
            **self.score.as_dict(),
            "unaligned": self.unaligned,
            "without_gold": self.without_gold,
        }


def score_links(
    predicted: Sequence[Iterable[Link]], gold: Sequence[Iterable[Link]]
) -> AlignmentScore:
    """Score predicted links against gold links, summed over the corpus.

    Args:
        predicted: links of each sentence pair; whether they are marked sure plays no part.
        gold: gold links of the same pairs; one marked both sure and possible is sure.

    Raises:
        DataError: the two have not the same number of sentence pairs (code not-parallel).
    """
    if len(predicted) != len(gold):
        raise DataError(
            "predicted and gold links must be for the same number of sentence pairs, "
            f"got {len(predicted)} and {len(gold)}",
            code="not-parallel",
        )
    counts = np.zeros(5, dtype=np.int64)
    for predicted_of_pair, gold_of_pair in zip(predicted, gold, strict=True):
        marked = tuple(gold_of_pair)
        sure = _words(link for link in marked if link.sure)
        possible = _words(marked)
        made = _words(predicted_of_pair)
        sets = (made, sure, possible, made & sure, made & possible)
        counts += [len(links) for links in sets]
    predicted_links, sure_links, possible_links, in_sure, in_possible = counts.tolist()
    return AlignmentScore(
        predicted=predicted_links,
        sure=sure_links,
        possible=possible_links,
        predicted_sure=in_sure,
        predicted_possible=in_possible,
        sentences=len(gold),
    )


def score_alignments(projections: Sequence[Projection], name: str) -> AlignmentReport:
    """Score the alignments behind a run against gold links that came with the corpus.

    Args:
        projections: a run over a corpus.
        name: which of the pairs' link sets is gold.

    Raises:
        DataError: no pair has links of that name, or the run aligned no pair that has (code
            missing-links).
    """
    with_gold = [projection for projection in projections if name in projection.pair.links]
    if not with_gold:
        known = sorted({known for projection in projections for known in projection.pair.links})
        raise DataError(
            f"the corpus must have links named {name!r}, got {', '.join(known) or 'none'}",
            code="missing-links",
        )
    alignments = [projection.trace.alignment for projection in with_gold]
    unaligned = sum(alignment is None for alignment in alignments)
    if unaligned == len(alignments):
        raise DataError(
            f"the run must have aligned words, got no alignment in {unaligned} pairs",
            code="missing-links",
            hint="choose a method with a word aligner",
        )
    score = score_links(
        [() if alignment is None else alignment.links for alignment in alignments],
        [projection.pair.links[name] for projection in with_gold],
    )
    return AlignmentReport(score, unaligned, without_gold=len(projections) - len(with_gold))


def _words(links: Iterable[Link]) -> set[tuple[int, int]]:
    return {(link.source, link.target) for link in links}
