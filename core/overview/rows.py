"""Entities of one sentence side by side: a row for each, a cell for every run.

Where all runs looked at the same source sentence and told of every span which entity it came from,
a row is a source entity, so that spans an entity was given at different places stand side by side.
Everything else (and every row where sources differ) is a place in the target sentence: spans that
overlap, directly or through others, share a row, whatever their class. Gold stands in the row of
the entity that it translates, as most runs' diagnoses have it, else at its place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from core.evaluate.outcomes import assign
from core.overview.concordance import entity_of
from core.overview.outcomes import CorpusRun, SentenceOutcome
from core.types import Span

CellState = Literal[
    "as gold",  # exactly the row's gold spans
    "differs",  # other spans than gold
    "missing",  # gold has a span here and the run has none
    "spurious",  # the run has a span here and gold has none
    "empty",  # neither has
    "given",  # spans, without gold annotation to compare with
    "failed",  # the run failed on the sentence
]
Cell = tuple[CellState, tuple[Span, ...]]
"""How a run compares with gold in a row, and its spans there."""


@dataclass(slots=True)
class EntityRow:
    """One row.

    Attributes:
        entity: index of the source entity; None for a place in the target sentence.
        gold: gold spans of the row.
        cells: one a run, in the order of the runs.
    """

    entity: int | None
    gold: tuple[Span, ...] = ()
    cells: list[Cell] = field(default_factory=list)

    @property
    def spans(self) -> tuple[Span, ...]:
        """Return the distinct spans of the row, gold among them, sorted."""
        return tuple(sorted({*self.gold, *(span for _, spans in self.cells for span in spans)}))

    @property
    def disputed(self) -> bool:
        """Tell whether the runs differ here."""
        return len(set(self.cells)) > 1


@dataclass(frozen=True, slots=True)
class _Item:
    """A span, who has it (None for gold), and its source entity if known."""

    span: Span
    run: int | None
    entity: int | None


def align_rows(
    runs: Mapping[str, CorpusRun], number: int, labels: Collection[str] | None = None
) -> tuple[EntityRow, ...]:
    """Lay the entities of a sentence side by side.

    Args:
        runs: runs over the same sentences.
        number: the sentence, from 1.
        labels: classes to keep; None keeps all.

    Returns:
        Source entities in order, then places in order.
    """
    outcomes = [run.outcomes[number - 1] for run in runs.values()]
    by_entity = _same_source(outcomes)
    items = [
        item
        for item in _items(outcomes, by_entity=by_entity)
        if labels is None or item.span.label in labels
    ]
    entities = [
        entity
        for entity, span in enumerate(outcomes[0].pair.source.spans if by_entity else ())
        if labels is None or span.label in labels or any(item.entity == entity for item in items)
    ]
    rows = [
        _row(entity, [item for item in items if item.entity == entity], outcomes)
        for entity in entities
    ]
    places = _by_place(item for item in items if item.entity is None)
    return (*rows, *(_row(None, group, outcomes) for group in places))


def _same_source(outcomes: Sequence[SentenceOutcome]) -> bool:
    first = outcomes[0].pair.source
    return all(
        (one.pair.source.words, one.pair.source.spans) == (first.words, first.spans)
        and (one.failure is not None or bool(one.decisions) or not one.spans)
        for one in outcomes
    )


def _items(outcomes: Sequence[SentenceOutcome], *, by_entity: bool) -> list[_Item]:
    items = [
        _Item(span, run, entity_of(outcome, span) if by_entity else None)
        for run, outcome in enumerate(outcomes)
        if outcome.failure is None
        for span in outcome.spans
    ]
    if outcomes[0].pair.has_gold:
        translated = _counterparts(outcomes) if by_entity else {}
        items += [_Item(span, None, translated.get(span)) for span in outcomes[0].pair.target.spans]
    return items


def _counterparts(outcomes: Sequence[SentenceOutcome]) -> dict[Span, int]:
    """Return the source entity that each gold span translates, as most diagnoses have it.

    A run that swapped two entities of a class gives each the other's gold span; an assignment keeps
    one entity from getting both.
    """
    gold = outcomes[0].pair.target.spans
    column = {span: place for place, span in enumerate(gold)}
    votes = np.zeros((len(outcomes[0].pair.source.spans), len(gold)))
    for outcome in outcomes:
        for one in outcome.diagnoses:
            if one.gold in column and one.counterpart is not None:
                votes[one.counterpart, column[one.gold]] += 1
    return {gold[place]: entity for entity, place in assign(votes)}


def _by_place(items: Iterable[_Item]) -> list[list[_Item]]:
    groups: list[list[_Item]] = []
    end = -1
    for item in sorted(items, key=lambda one: one.span):
        if item.span.start >= end:
            groups.append([])
        groups[-1].append(item)
        end = max(end, item.span.end)
    return groups


def _row(
    entity: int | None, items: Sequence[_Item], outcomes: Sequence[SentenceOutcome]
) -> EntityRow:
    gold = tuple(sorted({item.span for item in items if item.run is None}))
    row = EntityRow(entity, gold)
    for run, outcome in enumerate(outcomes):
        spans = tuple(sorted({item.span for item in items if item.run == run}))
        row.cells.append((_state(outcome, gold, spans), spans))
    return row


def _state(outcome: SentenceOutcome, gold: tuple[Span, ...], spans: tuple[Span, ...]) -> CellState:
    if outcome.failure is not None:
        return "failed"
    if not outcome.pair.has_gold:
        return "given" if spans else "empty"
    if spans == gold:
        return "as gold" if gold else "empty"
    if not gold:
        return "spurious"
    return "differs" if spans else "missing"
