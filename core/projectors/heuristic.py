"""Heuristic projection along word links.

Paper: García-Ferrero et al. 2022, arXiv:2210.12623, section 3; extended in Politov et al. 2025,
arXiv:2501.18750 (filter, top-k); hull and completeness filters from arXiv:2505.10507.
Departs: top-k keeps the longest runs and earlier entities keep their words, where released code
keeps the shortest and lets later entities overwrite.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import Field

from core.errors import ConfigError
from core.matching.fixed import check_pins
from core.matching.runs import Run, contiguous_runs, entity_runs, is_punctuation, linked_targets
from core.projectors import PROJECTORS
from core.types import (
    Candidate,
    Decision,
    DecisionReason,
    EntityCandidate,
    Matching,
    Problem,
    Rival,
    Span,
)


@dataclass(frozen=True)
class Heuristic:
    """Turns the runs of words linked to an entity into its spans."""

    inputs: ClassVar[tuple[str, ...]] = ("alignment",)

    merge_distance: Annotated[
        int, Field(ge=0, le=20, description="bridge gaps of up to this many unlinked words")
    ] = 1
    only_i: Annotated[
        bool, Field(description="do not merge a run that starts at the entity's first word")
    ] = False
    threshold: Annotated[
        float,
        Field(
            ge=0, le=5, description="keep runs longer than this share of the entity; 0 keeps all"
        ),
    ] = 0.0
    top_k: Annotated[
        int, Field(ge=0, le=20, description="keep the k longest runs; 0 keeps all")
    ] = 0
    hull: Annotated[bool, Field(description="one span from the first to the last linked word")] = (
        False
    )
    complete_source: Annotated[
        bool, Field(description="COMP-SRC: only entities whose words are all linked")
    ] = False
    complete_target: Annotated[
        bool, Field(description="COMP-TGT: only entities whose linked words are contiguous")
    ] = False
    complete_instance: Annotated[
        bool, Field(description="COMP-INS: only sentences where every entity was projected")
    ] = False

    def project(self, problem: Problem) -> Matching:
        """Decide every entity from the links alone, first come first served.

        Raises:
            ConfigError: no alignment (missing-stage) or pins that clash (clashing-pins).
        """
        if problem.alignment is None:
            raise ConfigError(
                "heuristic projection needs an alignment, got none", code="missing-stage"
            )
        check_pins(
            problem.pins,
            problem.bans,
            entities=len(problem.entities),
            words=len(problem.target_words),
            capacity=None,
        )
        taken: dict[int, int] = {
            word: pin.entity for pin in problem.pins for word in range(pin.start, pin.end)
        }
        decisions: list[Decision] = []
        proposed: set[Run] = set()
        for index, entity in enumerate(problem.entities):
            runs = self._runs(problem, entity)
            proposed.update(runs)
            decisions += self._decide(problem, index, runs, taken)
        decisions = self._keep_complete(decisions)
        return Matching(
            decisions=tuple(decisions),
            candidates=tuple(_candidate(run) for run in sorted(proposed)),
            status="heuristic",
        )

    def _runs(self, problem: Problem, entity: Span) -> list[Run]:
        if self.hull:
            words = linked_targets(problem, entity)
            runs = [(words[0], words[-1] + 1)] if words else []
        else:
            runs = entity_runs(problem, entity, self.merge_distance, only_i=self.only_i)
        return sorted(runs, key=lambda run: (run[0] - run[1], run[0]))  # longest first

    def _decide(
        self, problem: Problem, index: int, runs: list[Run], taken: dict[int, int]
    ) -> list[Decision]:
        pins = [pin for pin in problem.pins if pin.entity == index]
        if pins:
            return [
                Decision(index, _candidate((pin.start, pin.end), "pin"), "pinned") for pin in pins
            ]
        entity = problem.entities[index]
        if not runs:
            return [Decision(index, None, "no-link")]
        filtered = self._filtered(problem, entity, runs)
        chosen: list[Run] = []
        blocked: list[Rival] = []
        for run in runs:
            rival = self._obstacle(problem, index, run, filtered, taken)
            if rival is not None:
                blocked.append(rival)
            else:
                chosen.append(run)
                taken.update(dict.fromkeys(range(*run), index))
        if chosen:
            return [
                Decision(index, _candidate(run), "chosen", blocked_by=tuple(blocked))
                for run in sorted(chosen)
            ]
        return [Decision(index, None, _why(blocked), blocked_by=tuple(blocked))]

    def _filtered(self, problem: Problem, entity: Span, runs: list[Run]) -> set[Run]:
        """Return the runs that an option removes."""
        dropped = {run for run in runs if run[1] - run[0] <= self.threshold * len(entity)}
        if self.top_k:
            dropped.update([run for run in runs if run not in dropped][self.top_k :])
        links = problem.alignment.links if problem.alignment else ()
        sources = {link.source for link in links if entity.start <= link.source < entity.end}
        incomplete = self.complete_source and any(
            word not in sources and not is_punctuation(problem.source_words[word])
            for word in range(entity.start, entity.end)
        )
        scattered = self.complete_target and (
            len(contiguous_runs(linked_targets(problem, entity))) > 1
        )
        return set(runs) if incomplete or scattered else dropped

    def _obstacle(
        self,
        problem: Problem,
        index: int,
        run: Run,
        filtered: set[Run],
        taken: dict[int, int],
    ) -> Rival | None:
        if run in filtered:
            return Rival(_candidate(run), 0.0, "filtered")
        if EntityCandidate(index, *run) in problem.bans:
            return Rival(_candidate(run), 0.0, "banned")
        word = next((word for word in range(*run) if word in taken), None)
        if word is not None:
            return Rival(_candidate(run), 0.0, "word", taken[word], word)
        return None

    def _keep_complete(self, decisions: list[Decision]) -> list[Decision]:
        if not self.complete_instance or all(d.candidate is not None for d in decisions):
            return decisions
        kept: dict[tuple[int, Candidate | None], Decision] = {}
        for decision in decisions:
            rivals = decision.blocked_by
            if decision.candidate is not None and decision.reason != "pinned":
                rivals = (*rivals, Rival(decision.candidate, 0.0, "filtered"))
                decision = Decision(decision.entity, None, "filtered", blocked_by=rivals)
            kept.setdefault((decision.entity, decision.candidate), decision)
        return list(kept.values())


def _candidate(run: Run, origin: str = "aligned") -> Candidate:
    return Candidate(run[0], run[1], (origin,))


def _why(blocked: list[Rival]) -> DecisionReason:
    constraints = {rival.constraint for rival in blocked}
    if "word" in constraints:
        return "blocked"
    return "banned" if "banned" in constraints else "filtered"


PROJECTORS.register(Heuristic)
