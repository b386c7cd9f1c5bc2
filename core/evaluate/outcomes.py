"""What became of every gold and every predicted span: the outcomes of the error taxonomy.

Departs: the outcomes follow the usual split of span errors into boundary, class, missing and
spurious; which spans belong together is decided by an optimal assignment instead of in reading
order, so that no early near-miss takes the partner of a better match.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from core.types import Span

Outcome = Literal[
    "correct",  # the gold span with its class
    "too-long",  # right class; the gold span and more words
    "too-short",  # right class; part of the gold span
    "shifted",  # right class; words missing at one end and extra words at the other
    "wrong-class",  # overlaps the gold span, with another class, whatever its boundaries
    "missing",  # a gold span without a predicted one
    "spurious",  # a predicted span without a gold one
]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

# Decides between pairings of equal weight: the one that keeps the order. Far below any difference
# between the overlap ratios of real sentences.
_ORDER_BONUS = 1e-9


@dataclass(frozen=True, slots=True)
class SpanMatch:
    """A gold span and the predicted span that answers it; one of the two may be None."""

    gold: Span | None
    predicted: Span | None
    outcome: Outcome

    @property
    def span(self) -> Span:
        """Return the gold span, or the predicted one where there is none.

        Raises:
            ValueError: there is neither.
        """
        for span in (self.gold, self.predicted):
            if span is not None:
                return span
        msg = "a match must have a gold or a predicted span, got neither"
        raise ValueError(msg)


def match_spans(gold: Sequence[Span], predicted: Sequence[Span]) -> tuple[SpanMatch, ...]:
    """Give every gold and every predicted span of a sentence exactly one outcome.

    Equal spans are paired first, so that `correct` is the true positives of the strict scores.
    The others are paired where they overlap, such that the sum of the overlaps (Dice) plus one for
    every pair of the same class is largest; among equal sums the order of the words decides.

    Args:
        gold: disjoint spans.
        predicted: disjoint spans.

    Returns:
        Matches in order of their first word.
    """
    equal = set(gold) & set(predicted)
    gold_left = sorted(set(gold) - equal)
    predicted_left = sorted(set(predicted) - equal)
    weights = np.array(
        [[_affinity(one, other) for other in predicted_left] for one in gold_left],
        dtype=np.float64,
    ).reshape(len(gold_left), len(predicted_left))
    pairs = assign(weights)
    rows, columns = {row for row, _ in pairs}, {column for _, column in pairs}
    matches = [SpanMatch(span, span, "correct") for span in equal]
    matches += [
        SpanMatch(
            gold_left[row], predicted_left[column], _compare(gold_left[row], predicted_left[column])
        )
        for row, column in pairs
    ]
    matches += [
        SpanMatch(span, None, "missing") for row, span in enumerate(gold_left) if row not in rows
    ]
    matches += [
        SpanMatch(None, span, "spurious")
        for column, span in enumerate(predicted_left)
        if column not in columns
    ]
    return tuple(sorted(matches, key=lambda match: (match.span, match.gold is None)))


def assign(weights: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Pair rows with columns such that the sum of weights is largest.

    Args:
        weights: shape (rows, columns), at least 0; a pair of weight 0 is never made.

    Returns:
        (row, column) pairs in order of the rows, each row and column at most once. Among equal sums
        the one whose pairs lie nearest the diagonal, which keeps the order.
    """
    from scipy.optimize import linear_sum_assignment

    rows, columns = np.indices(weights.shape)
    offset = (rows - columns) / max(*weights.shape, 1)
    ranked = np.where(weights > 0, weights + _ORDER_BONUS * (1 - offset**2), 0.0)
    return [
        (int(row), int(column))
        for row, column in zip(*linear_sum_assignment(ranked, maximize=True), strict=True)
        if weights[row, column] > 0
    ]


def _affinity(gold: Span, predicted: Span) -> float:
    shared = min(gold.end, predicted.end) - max(gold.start, predicted.start)
    if shared <= 0:
        return 0.0
    return 2 * shared / (len(gold) + len(predicted)) + (gold.label == predicted.label)


def _compare(gold: Span, predicted: Span) -> Outcome:
    if gold.label != predicted.label:
        return "wrong-class"
    if predicted.start <= gold.start and gold.end <= predicted.end:
        return "too-long"
    if gold.start <= predicted.start and predicted.end <= gold.end:
        return "too-short"
    return "shifted"
