"""An answer in the making: from a run's projection, by changes that are solved anew, to its spans.

Links, pins, bans and source entities are changed as `core.whatif.edits`, and the pair is solved
again with them; a reviewer's word on the target alone (no counterpart, a span without a source
entity) is laid over what was solved.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from core.config import RunConfig
from core.errors import DataError
from core.review.surfaces import entities_of
from core.store.answers import Answer, AnswerSpan
from core.types import Candidate, Decision, Projection, SentencePair, Span
from core.whatif.edits import Edits


def answer_of(projection: Projection, run: int | None = None) -> Answer:
    """Return what a run says of a sentence, as an answer nobody has given yet.

    Args:
        projection: of the run; a failed one has no spans.
        run: its id in the store.
    """
    return _with_spans(Answer(run=run), projection)


def solved_answer(answer: Answer, projection: Projection) -> Answer:
    """Return an answer with the spans that its changes lead to.

    Args:
        answer: with its edits.
        projection: solved with these edits.
    """
    return _with_spans(replace(answer, status="working"), projection)


def _with_spans(answer: Answer, projection: Projection) -> Answer:
    spans = [*_projected(projection), *(AnswerSpan(*_parts(one)) for one in answer.added)]
    kept: list[AnswerSpan] = []
    # What a person put there by hand comes last here, and what overlaps it gives way.
    for span in reversed(spans):
        if span.entity in answer.dropped and span.entity is not None:
            continue
        if all(one.end <= span.start or span.end <= one.start for one in kept):
            kept.append(span)
    return replace(answer, spans=tuple(sorted(kept, key=lambda one: (one.start, one.end))))


def _projected(projection: Projection) -> list[AnswerSpan]:
    if projection.failure is not None:
        return []
    entities = {
        (one.candidate.start, one.candidate.end): one.entity
        for one in projection.decisions
        if one.candidate is not None
    }
    return [
        AnswerSpan(*_parts(span), entities.get((span.start, span.end))) for span in projection.spans
    ]


def _parts(span: Span) -> tuple[int, int, str]:
    return span.start, span.end, span.label


def view_of(projection: Projection, answer: Answer) -> Projection:
    """Return a projection that shows an answer: its spans, links and source entities.

    Args:
        projection: of the run that the answer starts from; links and similarity are its own.
        answer: what to show.
    """
    pair = answer.edits.pair(projection.pair)
    alignment = projection.trace.alignment
    links = None if alignment is None else answer.edits.links(alignment)
    own = {(one.entity, _place(one.candidate)): one for one in projection.decisions}
    if answer.edits.entities is not None:
        own = {}
    decisions: list[Decision] = []
    for entity in range(len(pair.source.spans)):
        spans_of = [one for one in answer.spans if one.entity == entity]
        decisions += [_decision(entity, span, own) for span in spans_of or (None,)]
    spans = answer.plain_spans
    # A person's answer takes the place of a projection that failed.
    failure = projection.failure if not spans and answer.status == "open" else None
    return replace(
        projection,
        pair=pair,
        spans=spans,
        decisions=tuple(decisions),
        trace=replace(projection.trace, alignment=links),
        failure=failure,
    )


def _place(candidate: Candidate | None) -> tuple[int, int] | None:
    return None if candidate is None else (candidate.start, candidate.end)


def _decision(
    entity: int,
    span: AnswerSpan | None,
    own: dict[tuple[int, tuple[int, int] | None], Decision],
) -> Decision:
    place = None if span is None else (span.start, span.end)
    if (entity, place) in own:
        return own[entity, place]
    if span is None:
        return Decision(entity, None, "banned")
    return Decision(entity, Candidate(span.start, span.end), "pinned")


def pinned_alone(projection: Projection, edits: Edits) -> Projection:
    """Return a projection with edits laid over it, where its method cannot be run again.

    A pinned entity goes where it is pinned, a banned one goes, and what overlaps a pin gives way;
    links change nothing by themselves.

    Args:
        projection: of a run that was made elsewhere.
        edits: of its pair.
    """
    entities = edits.pair(projection.pair).source.spans
    banned = {(one.entity, one.start, one.end) for one in edits.bans}
    pins = [
        Decision(one.entity, Candidate(one.start, one.end), "pinned")
        for one in edits.pins
        if one.entity < len(entities)
    ]
    pinned = {one.entity for one in pins}
    own = [] if edits.entities is not None else projection.decisions
    kept = [
        one
        for one in own
        if one.candidate is not None
        and one.entity not in pinned
        and (one.entity, one.candidate.start, one.candidate.end) not in banned
        and not any(pin.candidate and pin.candidate.overlaps(one.candidate) for pin in pins)
    ]
    decisions = sorted([*kept, *pins], key=lambda one: one.entity)
    places = [(one.candidate, entities[one.entity].label) for one in decisions]
    spans = sorted(Span(one.start, one.end, label) for one, label in places if one is not None)
    return replace(projection, spans=tuple(spans), decisions=tuple(decisions), failure=None)


def drop(answer: Answer, entity: int) -> Answer:
    """Say that a source entity has no counterpart; said again, it may have one."""
    if entity in answer.dropped:
        dropped = tuple(one for one in answer.dropped if one != entity)
        return replace(answer, dropped=dropped, status="working")
    pins = tuple(one for one in answer.edits.pins if one.entity != entity)
    return replace(
        answer,
        dropped=tuple(sorted({*answer.dropped, entity})),
        edits=replace(answer.edits, pins=pins),
        spans=tuple(one for one in answer.spans if one.entity != entity),
        status="working",
    )


def add(answer: Answer, span: Span, words: int) -> Answer:
    """Add a target span that stands for no source entity; what overlaps it gives way.

    Args:
        answer: to add it to.
        span: with its class.
        words: of the target sentence.

    Raises:
        DataError: it does not lie inside the sentence (code bad-annotation).
    """
    if span.end > words:
        raise DataError(
            f"a span must lie inside {words} words, got [{span.start}, {span.end})",
            code="bad-annotation",
        )
    spans = _free_of(answer.spans, span)
    return replace(
        answer,
        added=tuple(sorted([*_free_of_spans(answer.added, span), span])),
        spans=tuple(sorted([*spans, AnswerSpan(*_parts(span))], key=lambda one: one.start)),
        status="working",
    )


def remove(answer: Answer, span: AnswerSpan) -> Answer:
    """Take a target span out, whatever it stands for."""
    if span.entity is not None:
        return drop(answer, span.entity)
    return replace(
        answer,
        added=_free_of_spans(answer.added, span.span),
        spans=tuple(one for one in answer.spans if one != span),
        status="working",
    )


def _free_of(spans: Iterable[AnswerSpan], other: Span) -> list[AnswerSpan]:
    return [one for one in spans if one.end <= other.start or other.end <= one.start]


def _free_of_spans(spans: Iterable[Span], other: Span) -> tuple[Span, ...]:
    return tuple(one for one in spans if not one.overlaps(other))


def with_edits(answer: Answer, edits: Edits, pair: SentencePair) -> Answer:
    """Return an answer with other edits; what was dropped follows the source entities.

    Args:
        answer: as it is.
        edits: the new ones.
        pair: as the run has it.
    """
    before, after = answer.edits.pair(pair).source.spans, edits.pair(pair).source.spans
    moved = {after.index(before[one]) for one in answer.dropped if before[one] in after}
    pinned = {one.entity for one in edits.pins}
    dropped = tuple(sorted(moved - pinned))
    return replace(answer, edits=edits, dropped=dropped, status="working")


def solving_config(config: RunConfig) -> RunConfig:
    """Return a run's method as one pair is solved anew with: sentences and entities are there.

    A class that a reviewer gives counts whether or not the run was asked for it.
    """
    gone = {"translator": None, "labeller": None, "labels": None}
    tagger = config.tagger or (
        config.labeller if config.labeller and config.labeller.name != "gold" else None
    )
    return config.model_copy(update={**gone, "tagger": tagger})


def entity_labels(pair: SentencePair, answer: Answer) -> list[str]:
    """Return the classes of an answer's source entities and spans, sorted and distinct."""
    own = {one.label for one in entities_of(answer, pair)}
    return sorted(own | {one.label for one in answer.spans})
