"""A reviewer's pins and bans as fixed variables: x = 1 and x = 0."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from core.errors import ConfigError
from core.matching.instance import Instance, Sense, bounds, with_tie_bonus
from core.types import Candidate, EntityCandidate, Problem


@dataclass(frozen=True, slots=True)
class Reduced:
    """What is left to decide once pins and bans are applied.

    Attributes:
        instance: scores without banned pairs and without candidates that touch a pinned word; the
            capacity of a pinned entity is used up by its pins.
        pinned: (entity, candidate) index pairs that are fixed.
        banned: shape (entities, candidates), True where a pair is forbidden.
        filtered: same shape, True where the score is positive but below the least allowed.
    """

    instance: Instance
    pinned: tuple[tuple[int, int], ...]
    banned: NDArray[np.bool_]
    filtered: NDArray[np.bool_]


def check_pins(
    pins: tuple[EntityCandidate, ...],
    bans: tuple[EntityCandidate, ...],
    *,
    entities: int,
    words: int,
    capacity: int | None,
) -> None:
    """Check that pins can hold together.

    Args:
        pins: pairs to force.
        bans: pairs to forbid.
        entities: number of source entities.
        words: number of target words.
        capacity: most spans an entity may have; None for no limit.

    Raises:
        ConfigError: a pin or ban names no entity or no words (bad-value), or pins clash: with each
            other, with a ban or with the capacity (clashing-pins); the message names them.
    """
    for pair in (*pins, *bans):
        if not (0 <= pair.entity < entities and 0 <= pair.start < pair.end <= words):
            raise ConfigError(
                f"a pin or ban must name one of {entities} entities and a span inside {words} "
                f"words, got {_show(pair)}",
                code="bad-value",
            )
    clashes = [
        f"{_show(first)} and {_show(second)} share a word"
        for first, second in combinations(pins, 2)
        if first.start < second.end and second.start < first.end
    ]
    clashes += [f"{_show(pin)} is also banned" for pin in pins if pin in bans]
    for entity, count in Counter(pin.entity for pin in pins).items():
        if capacity is not None and count > capacity:
            clashes.append(f"entity {entity} has {count} pins but may have {capacity} spans")
    if clashes:
        raise ConfigError(
            "pins must be able to hold together: " + "; ".join(clashes),
            code="clashing-pins",
            hint="remove one of the pins named",
        )


def _show(pair: EntityCandidate) -> str:
    return f"entity {pair.entity} → words [{pair.start}, {pair.end})"


def pinned_candidates(
    candidates: tuple[Candidate, ...], pins: tuple[EntityCandidate, ...]
) -> tuple[Candidate, ...]:
    """Add pinned spans that nobody proposed, so that a reviewer can choose any span.

    Args:
        candidates: distinct, by start and end.
        pins: spans to add in their place; without any, the very same candidates come back.
    """
    extra = {(pin.start, pin.end) for pin in pins}
    if extra:
        extra -= {(candidate.start, candidate.end) for candidate in candidates}
    if not extra:
        return candidates
    added = [Candidate(start, end, ("pin",)) for start, end in extra]
    return tuple(sorted((*candidates, *added), key=attrgetter("start", "end")))


def reduce_problem(
    problem: Problem, *, capacity: int, sense: Sense, min_score: float = 0.0
) -> Reduced:
    """Apply pins and bans to a problem.

    Args:
        problem: with candidates and scores; pinned spans are among the candidates.
        capacity: spans an entity may, must or must at least get.
        sense: which of these.
        min_score: pairs with a lower total are not matched.

    Raises:
        ConfigError: no scores (missing-stage), or pins that clash.
    """
    if problem.scores is None:
        raise ConfigError("matching needs scores, got none", code="missing-stage")
    check_pins(
        problem.pins,
        problem.bans,
        entities=len(problem.entities),
        words=len(problem.target_words),
        capacity=None if sense == "at_least" else capacity,
    )
    starts, ends = bounds(problem.candidates)
    column: dict[tuple[int, int], int] = {}
    if problem.pins or problem.bans:
        column = {(c.start, c.end): index for index, c in enumerate(problem.candidates)}
    scores = with_tie_bonus(problem.scores.total, starts, ends)
    banned = np.zeros(scores.shape, dtype=np.bool_)
    for ban in problem.bans:
        if (ban.start, ban.end) in column:
            banned[ban.entity, column[ban.start, ban.end]] = True
    filtered = (problem.scores.total > 0) & (problem.scores.total < min_score)
    scores = np.where(banned | filtered, 0.0, scores)
    left = np.full(len(problem.entities), capacity)
    pinned = []
    for pin in problem.pins:
        pinned.append((pin.entity, column[pin.start, pin.end]))
        left[pin.entity] = max(left[pin.entity] - 1, 0)
        scores[:, (starts < pin.end) & (ends > pin.start)] = 0.0
    instance = Instance(scores, starts, ends, left, sense)
    return Reduced(instance, tuple(sorted(pinned)), banned, filtered)
