"""Decisions made on a marked translation, told in terms of the source sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core.routes._marking import MarkedTranslation
from core.stages import fuse
from core.types import (
    Alignment,
    Decision,
    EntityByCandidate,
    EntityCandidate,
    Link,
    Projection,
    ScoreMatrix,
    SentencePair,
)

THROUGH_NOTE = "links lead through the sentence translated back"


def carry_back(pair: SentencePair, marked: MarkedTranslation, found: Projection) -> Projection:
    """Renumber a projection from a marked translation to the source sentence's entities.

    Args:
        pair: source and target.
        marked: the source translated into the target's language.
        found: projection from there onto the target.

    Returns:
        The same spans and scores; entities whose marker was lost are decided as `marker-lost`, and
        links lead from an entity's source words to what its marked words are linked to.
    """
    trace = found.trace
    notes = (marked.damage,) if marked.damage else ()
    carried = replace(
        trace,
        alignment=_through(pair, marked, trace.alignment),
        scores=_all_rows(trace.scores, marked.entities, len(pair.source.spans)),
        messages=(*notes, *trace.messages),
        marked=marked.sentence,
    )
    if found.failure is not None:
        return replace(found, pair=pair, trace=carried)
    decisions = [_renumbered(one, marked.entities) for one in found.decisions]
    decisions += [
        Decision(entity, None, "marker-lost")
        for entity in range(len(pair.source.spans))
        if marked.span_of(entity) is None
    ]
    decisions.sort(key=lambda one: one.entity)  # stable: the spans of one entity stay in order
    return replace(found, pair=pair, decisions=tuple(decisions), trace=carried)


def _renumbered(decision: Decision, entities: Sequence[int]) -> Decision:
    rivals = tuple(
        rival if rival.entity is None else replace(rival, entity=entities[rival.entity])
        for rival in decision.blocked_by
    )
    return replace(decision, entity=entities[decision.entity], blocked_by=rivals)


def _through(
    pair: SentencePair, marked: MarkedTranslation, alignment: Alignment | None
) -> Alignment | None:
    if alignment is None:
        return None
    links = set()
    for span, entity in zip(marked.sentence.spans, marked.entities, strict=True):
        source = pair.source.spans[entity]
        reached = {link.target for link in alignment.links if span.start <= link.source < span.end}
        links |= {
            Link(word, target) for word in range(source.start, source.end) for target in reached
        }
    note = "; ".join(filter(None, [THROUGH_NOTE, alignment.note]))
    return Alignment(tuple(sorted(links)), note=note, target_unseen=alignment.target_unseen)


def _all_rows(
    scores: ScoreMatrix | None, entities: Sequence[int], count: int
) -> ScoreMatrix | None:
    """Give lost entities a row of zeros."""
    if scores is None:
        return None

    def spread(matrix: EntityByCandidate) -> EntityByCandidate:
        rows = np.zeros((count, matrix.shape[1]))
        rows[list(entities)] = matrix
        return rows

    terms = {name: spread(term) for name, term in scores.terms.items()}
    return fuse(terms, scores.weights)


def spans_as_pins(
    back: Projection, given: Sequence[EntityCandidate]
) -> tuple[EntityCandidate, ...]:
    """Return the spans of a projection as pins, except where a given pin has a say.

    Args:
        back: any projection; a failed one has no spans.
        given: pins that win.
    """
    held = {word for pin in given for word in range(pin.start, pin.end)}
    fixed = {pin.entity for pin in given}
    return tuple(
        EntityCandidate(one.entity, one.candidate.start, one.candidate.end)
        for one in back.decisions
        if one.candidate is not None
        and one.entity not in fixed
        and held.isdisjoint(range(one.candidate.start, one.candidate.end))
    )


def links_to_unlinked(direct: Alignment | None, through: Alignment | None) -> Alignment | None:
    """Keep of the links that lead through the way back those to words no direct link reaches."""
    if direct is None or through is None:
        return None
    reached = {link.target for link in direct.links}
    links = tuple(link for link in through.links if link.target not in reached)
    return replace(through, links=links, note=through.note if links else "")


def where_direct_has_none(back: Projection, direct: Projection) -> Projection:
    """Keep of a projection the spans of entities that the direct way left out, on free words."""
    settled = {one.entity for one in direct.decisions if one.candidate is not None}
    held = {word for span in direct.spans for word in range(span.start, span.end)}
    kept = tuple(
        one
        for one in back.decisions
        if one.candidate is not None
        and one.entity not in settled
        and held.isdisjoint(range(one.candidate.start, one.candidate.end))
    )
    return replace(back, decisions=kept)
