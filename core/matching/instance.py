"""A matching instance: maximise `Σ c[s,t] x[s,t]` under capacities and disjointness.

Candidates are intervals, so "no two chosen candidates overlap" is exactly one row a target word:
`Σ_s Σ_{t∋w} x[s,t] ≤ 1`. These rows are the maximal cliques of the interval graph.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.matching.same import kept_for_same
from core.types import Candidate, EntityByCandidate

Sense = Literal["at_most", "exactly", "at_least"]

# Several optima are common with alignment scores, and which one is taken moves F1 by up to .7
# points. The bonus decides ties the same way in every solver: longer first, then leftmost. It is
# far below any true difference of scores (one word more or less in a span of 60 is > 1e-3).
TIE_PER_WORD = 1e-5
TIE_BY_POSITION = 1e-6
_START, _END = attrgetter("start"), attrgetter("end")


@dataclass(frozen=True, slots=True)
class Instance:
    """One matching problem.

    Attributes:
        scores: entity × candidate, finite; a pair without a positive score is never chosen.
        starts: first word of each candidate.
        ends: word after the last of each candidate.
        capacity: for each entity, how many spans it may, must or must at least get.
        sense: which of these.
    """

    scores: EntityByCandidate
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    capacity: NDArray[np.int64]
    sense: Sense = "at_most"


@dataclass(frozen=True, slots=True)
class Solution:
    """Chosen (entity, candidate) pairs, sorted.

    Attributes:
        chosen: index pairs into the instance's scores.
        status: `optimal`, `feasible` (stopped early, not proven optimal) or `relaxed`.
        missing: for each entity, how many spans short of its capacity it stayed where the sense
            demanded more.
    """

    chosen: tuple[tuple[int, int], ...]
    status: Literal["optimal", "feasible", "relaxed"]
    missing: tuple[int, ...] = ()


@kept_for_same(64)  # every score and the projector ask; sentences of one length share n-grams
def bounds(
    candidates: tuple[Candidate, ...],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the candidates' starts and ends as arrays, which nobody may write to."""
    starts = np.fromiter(map(_START, candidates), np.int64, len(candidates))
    ends = np.fromiter(map(_END, candidates), np.int64, len(candidates))
    starts.flags.writeable = ends.flags.writeable = False
    return starts, ends


def with_tie_bonus(
    scores: EntityByCandidate, starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> EntityByCandidate:
    """Add the tie bonus to every positive score: prefer longer, then leftmost candidates."""
    if not scores.size:
        return scores
    length = max(int(ends.max()), 1)
    bonus = TIE_PER_WORD * (ends - starts) + TIE_BY_POSITION * (1 - starts / length)
    return np.where(scores > 0, scores + bonus, 0.0)


def prune(
    scores: EntityByCandidate, starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> EntityByCandidate:
    """Set to 0 every pair whose candidate properly contains another with at least its score.

    Replacing such a candidate by the one inside it frees words and loses nothing, so the optimum
    stays the same under every sense.

    Args:
        scores: entity × candidate.
        starts: first words.
        ends: words after the last.

    Returns:
        A pruned copy.
    """
    if not scores.size:
        return scores
    lengths = ends - starts
    words = int(ends.max())
    # best[s, w] = best score of entity s over spans inside [w, w + length], built length by length
    best = np.zeros((scores.shape[0], words + 1))
    pruned = scores.copy()
    for length in range(1, int(lengths.max()) + 1):
        inside = np.maximum(best[:, :-1], best[:, 1:]) if length > 1 else best
        at = np.flatnonzero(lengths == length)
        current = np.zeros((scores.shape[0], words + 1 - (length - 1)))
        current[:, : inside.shape[1]] = inside[:, : current.shape[1]]
        keep = scores[:, at] > current[:, starts[at]]
        pruned[:, at] = np.where(keep, scores[:, at], 0.0)
        current[:, starts[at]] = np.maximum(current[:, starts[at]], scores[:, at])
        best = current
    return pruned
