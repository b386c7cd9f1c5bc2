"""The failure tracer: one row for every entity of a corpus that was lost, is too much, or is wrong.

Where a sentence has gold, rows are the diagnoses that are not correct. Where it has none, they are
the source entities that were not projected, with the projector's own reason as the stage: without
gold nobody knows whether a projected entity is right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from core.evaluate.diagnosis import EntityDiagnosis
from core.evaluate.outcomes import OUTCOMES, Outcome
from core.evaluate.stages import REASONS
from core.evaluate.verdicts import STAGES, Stage
from core.overview.outcomes import CorpusRun, EntityOutcome, SentenceOutcome


@dataclass(frozen=True, slots=True)
class TracerRow:
    """One lost, spurious or wrong entity.

    Attributes:
        number: place of the sentence in the corpus, from 1.
        id: the corpus's own name for the sentence.
        label: the gold class; the projected one where gold has none.
        gold: text of the gold span; empty where there is none.
        projected: text of the projected span; empty where there is none.
        source: text of the source entity it is about; empty where none is known.
        entity: index of that entity.
        outcome: what became of it.
        stage: the stage to blame.
        explanation: one plain sentence.
    """

    number: int
    id: str
    label: str
    gold: str
    projected: str
    source: str
    entity: int | None
    outcome: Outcome
    stage: Stage
    explanation: str

    def as_dict(self) -> dict[str, Any]:
        """Return the row, ready for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class TracerFilter:
    """Which rows to keep; what is empty keeps all.

    Attributes:
        stages: stages to blame.
        outcomes: what became of the entity.
        labels: its class.
        text: must be in the texts, the id or the explanation, in any case.
    """

    stages: Collection[Stage] = ()
    outcomes: Collection[Outcome] = ()
    labels: Collection[str] = ()
    text: str = ""


def trace_run(run: CorpusRun) -> tuple[TracerRow, ...]:
    """List every lost, spurious or wrong entity, in corpus order."""
    return tuple(
        row
        for number, outcome in enumerate(run.outcomes, start=1)
        for row in _sentence_rows(number, outcome)
    )


def _sentence_rows(number: int, outcome: SentenceOutcome) -> Iterator[TracerRow]:
    if outcome.pair.has_gold:
        for diagnosis in outcome.diagnoses:
            if diagnosis.stage is not None:
                yield _diagnosed(number, outcome, diagnosis, diagnosis.stage)
        return
    for decision in outcome.decisions:
        if decision.start is None and decision.reason in REASONS:
            yield _unprojected(number, outcome, decision)


def _diagnosed(
    number: int, outcome: SentenceOutcome, diagnosis: EntityDiagnosis, stage: Stage
) -> TracerRow:
    source, target = outcome.pair.source, outcome.pair.target
    entity = diagnosis.counterpart if diagnosis.counterpart is not None else diagnosis.entity
    return TracerRow(
        number=number,
        id=outcome.pair.id,
        label=diagnosis.label,
        gold="" if diagnosis.gold is None else target.text_of(diagnosis.gold),
        projected="" if diagnosis.predicted is None else target.text_of(diagnosis.predicted),
        source="" if entity is None else source.text_of(source.spans[entity]),
        entity=entity,
        outcome=diagnosis.outcome,
        stage=stage,
        explanation=diagnosis.explanation,
    )


def _unprojected(number: int, outcome: SentenceOutcome, decision: EntityOutcome) -> TracerRow:
    source = outcome.pair.source
    span = source.spans[decision.entity]
    stage, reason = REASONS[decision.reason]
    text = source.text_of(span)
    return TracerRow(
        number=number,
        id=outcome.pair.id,
        label=span.label,
        gold="",
        projected="",
        source=text,
        entity=decision.entity,
        outcome="missing",
        stage=stage,
        explanation=f"“{text}” ({span.label}) was not projected: {reason.format(f'“{text}”')}.",
    )


def filter_rows(rows: Sequence[TracerRow], wanted: TracerFilter) -> tuple[TracerRow, ...]:
    """Keep the rows that fit all parts of a filter, in order."""
    text = wanted.text.casefold().strip()
    return tuple(
        row
        for row in rows
        if (not wanted.stages or row.stage in wanted.stages)
        and (not wanted.outcomes or row.outcome in wanted.outcomes)
        and (not wanted.labels or row.label in wanted.labels)
        and (not text or text in _searched(row))
    )


def _searched(row: TracerRow) -> str:
    parts = (row.id, row.source, row.gold, row.projected, row.explanation)
    return "\n".join(parts).casefold()


def count_rows(rows: Sequence[TracerRow]) -> dict[tuple[Stage, Outcome], int]:
    """Count rows by stage and outcome, in the order of the taxonomy; without zeros."""
    counts = Counter((row.stage, row.outcome) for row in rows)
    return {
        (stage, outcome): counts[stage, outcome]
        for stage in STAGES
        for outcome in OUTCOMES
        if counts[stage, outcome]
    }
