"""Why each entity got what it got: winner, runner-up, margin, and what blocked better rivals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.matching.fixed import Reduced
from core.types import Candidate, Decision, DecisionReason, Problem, Rival, ScoreMatrix


@dataclass(frozen=True, slots=True)
class _Explainer:
    """Explains one matching; rows are entities, columns candidates."""

    problem: Problem
    scores: ScoreMatrix
    reduced: Reduced
    chosen: frozenset[tuple[int, int]]

    def decisions(self) -> tuple[Decision, ...]:
        found = []
        for entity in range(len(self.problem.entities)):
            columns = sorted(column for row, column in self.chosen if row == entity)
            if columns:
                found += [self._winner(entity, column, set(columns)) for column in columns]
            else:
                found.append(self._loser(entity))
        return tuple(found)

    def _winner(self, entity: int, column: int, own: set[int]) -> Decision:
        score = float(self.scores.total[entity, column])
        pinned = (entity, column) in self.reduced.pinned
        runner_up = self._best_other(entity, own)
        other = 0.0 if runner_up is None else float(self.scores.total[entity, runner_up])
        return Decision(
            entity=entity,
            candidate=self.problem.candidates[column],
            reason="pinned" if pinned else "chosen",
            score=score,
            terms=self._terms(entity, column),
            runner_up=None if runner_up is None else self.problem.candidates[runner_up],
            runner_up_score=other,
            margin=score - other,
            blocked_by=self._rivals(entity, above=score, own=own, pinned=pinned),
        )

    def _loser(self, entity: int) -> Decision:
        best = self._best_other(entity, set())
        score = 0.0 if best is None else float(self.scores.total[entity, best])
        return Decision(
            entity=entity,
            candidate=None,
            reason=self._why_nothing(entity),
            runner_up=None if best is None else self.problem.candidates[best],
            runner_up_score=score,
            margin=-score,
            blocked_by=self._rivals(entity, above=0.0, own=set(), pinned=False),
        )

    def _terms(self, entity: int, column: int) -> dict[str, float]:
        return {name: float(term[entity, column]) for name, term in self.scores.terms.items()}

    def _best_other(self, entity: int, own: set[int]) -> int | None:
        row = self.scores.total[entity].copy()
        row[list(own)] = 0.0
        if not row.size:
            return None
        best = int(row.argmax())  # the first of equals
        return best if row[best] > 0 else None

    def _why_nothing(self, entity: int) -> DecisionReason:
        if not self.problem.candidates:
            return "no-candidate" if self._linked(entity) else "no-link"
        positive = self.scores.total[entity] > 0
        if not positive.any():
            return "no-score" if self._linked(entity) else "no-link"
        allowed = positive & ~self.reduced.banned[entity]
        if not allowed.any():
            return "banned"
        return "blocked" if (allowed & ~self.reduced.filtered[entity]).any() else "filtered"

    def _linked(self, entity: int) -> bool:
        if self.problem.alignment is None:
            return True  # nothing is known of links; do not blame them
        span = self.problem.entities[entity]
        return any(span.start <= link.source < span.end for link in self.problem.alignment.links)

    def _rivals(
        self, entity: int, *, above: float, own: set[int], pinned: bool
    ) -> tuple[Rival, ...]:
        row = self.scores.total[entity]
        better = np.flatnonzero(row > above + 1e-9)
        rivals = []
        for column in better[np.argsort(-row[better], kind="stable")].tolist():
            if column in own:
                continue
            rival = self._rival(entity, column, pinned=pinned)
            if rival is not None:
                rivals.append(rival)
        return tuple(rivals)

    def _rival(self, entity: int, column: int, *, pinned: bool) -> Rival | None:
        candidate, score = self.problem.candidates[column], float(self.scores.total[entity, column])
        if self.reduced.banned[entity, column]:
            return Rival(candidate, score, "banned")
        if pinned:
            return Rival(candidate, score, "pinned")
        if self.reduced.filtered[entity, column]:
            return Rival(candidate, score, "filtered")
        holder = self._holder(entity, candidate)
        return None if holder is None else Rival(candidate, score, "word", *holder)

    def _holder(self, entity: int, candidate: Candidate) -> tuple[int, int] | None:
        """Return which entity holds a word of the candidate, and the first such word."""
        for other, column in sorted(self.chosen):
            taken = self.problem.candidates[column]
            if other != entity and taken.overlaps(candidate):
                return other, max(taken.start, candidate.start)
        return None


def explain_matching(
    problem: Problem, reduced: Reduced, chosen: tuple[tuple[int, int], ...]
) -> tuple[Decision, ...]:
    """Describe every decision of a matching.

    Args:
        problem: what was decided on, with scores.
        reduced: the same after pins and bans.
        chosen: (entity, candidate) index pairs, pins included.

    Returns:
        One decision a chosen span, one with no candidate for an entity that got none, by entity.
    """
    if problem.scores is None:
        return ()
    return _Explainer(problem, problem.scores, reduced, frozenset(chosen)).decisions()


def objective(problem: Problem, chosen: tuple[tuple[int, int], ...]) -> float:
    """Return the sum of the chosen pairs' true scores, without tie bonus."""
    if problem.scores is None:
        return 0.0
    return float(sum(problem.scores.total[entity, column] for entity, column in chosen))
