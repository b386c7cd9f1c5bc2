"""The candidates of an entity that a linked view offers: the best, and all that was decided on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from core.linked_text.marks import Marks
from core.types import Candidate, Decision, Projection, Span

_Place: TypeAlias = tuple[int, int]
"""First word of a span and the word after its last."""


def candidate_records(projection: Projection, marks: Marks, *, most: int) -> list[list[Any]]:
    """Return the candidates of every source entity, best first; those without a score come last.

    Args:
        projection: with its trace.
        marks: pinned and banned spans are among the candidates, whoever proposed them.
        most: about how many an entity; what was chosen, came second or is fixed is always there.
    """
    # Aligned, n-gram and chunk candidates may be the same words: the first of them stands for all.
    columns: dict[_Place, int] = {}
    for column, candidate in enumerate(projection.trace.candidates):
        columns.setdefault(_place(candidate), column)
    return [
        _records(projection, marks, entity, columns, most)
        for entity in range(len(projection.pair.source.spans))
    ]


def _records(
    projection: Projection, marks: Marks, entity: int, columns: Mapping[_Place, int], most: int
) -> list[dict[str, Any]]:
    decisions = [one for one in projection.decisions if one.entity == entity]
    roles = {
        **{_place(d.runner_up): "runner-up" for d in decisions if d.runner_up is not None},
        **{_place(d.candidate): "chosen" for d in decisions if d.candidate is not None},
    }
    known = dict(_told_scores(decisions))
    fixed = _fixed(marks, entity, len(projection.pair.target.words))
    best = _best(projection, entity, most)
    # A method without scores tells of few candidates: all of them are shown.
    wanted = {*roles, *fixed, *(best if projection.trace.scores is not None else known)}
    known.update(_matrix_scores(projection, entity, columns, wanted))
    blocked = {
        _place(rival.candidate): rival.constraint for d in decisions for rival in d.blocked_by
    }
    return [
        {
            "start": int(start),
            "end": int(end),
            "text": projection.pair.target.text_of(Candidate(start, end)),
            "score": known.get((start, end)),
            "role": roles.get((start, end), "rival"),
            "blocked": blocked.get((start, end), ""),
            "origins": _origins(projection, columns, (start, end)),
        }
        for start, end in sorted(wanted, key=lambda one: (-(known.get(one) or 0.0), one))
    ]


def _place(span: Candidate | Span) -> _Place:
    return span.start, span.end


def _told_scores(decisions: Sequence[Decision]) -> Iterator[tuple[_Place, float | None]]:
    """Yield what the decisions themselves say; a score that the method does not keep is None."""
    for decision in decisions:
        for rival in decision.blocked_by:
            yield _place(rival.candidate), _rounded(rival.score) if rival.score > 0 else None
        if decision.runner_up is not None:
            yield _place(decision.runner_up), _rounded(decision.runner_up_score)
        if decision.candidate is not None:
            score = _rounded(decision.score) if decision.terms else None
            yield _place(decision.candidate), score


def _fixed(marks: Marks, entity: int, words: int) -> set[_Place]:
    return {
        (one.start, one.end)
        for one in (*marks.pins, *marks.bans)
        if one.entity == entity and 0 <= one.start < one.end <= words
    }


def _best(projection: Projection, entity: int, most: int) -> list[_Place]:
    scores = projection.trace.scores
    if scores is None or entity >= len(scores.total):
        return []
    row = scores.total[entity]
    order = np.argsort(-row, kind="stable")[:most]
    return [_place(projection.trace.candidates[column]) for column in order if row[column] > 0]


def _matrix_scores(
    projection: Projection, entity: int, columns: Mapping[_Place, int], wanted: set[_Place]
) -> dict[_Place, float | None]:
    scores = projection.trace.scores
    if scores is None or entity >= len(scores.total):
        return {}
    return {
        place: _rounded(scores.total[entity, columns[place]])
        for place in wanted
        if place in columns
    }


def _origins(projection: Projection, columns: Mapping[_Place, int], place: _Place) -> list[str]:
    if place not in columns:
        return []
    return list(projection.trace.candidates[columns[place]].origins)


def _rounded(score: float) -> float:
    return round(float(score), 4)
