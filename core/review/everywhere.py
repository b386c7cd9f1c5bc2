"""A correction made once and applied everywhere: places, a preview of each, and new answers.

What a reviewer says of one entity holds for every other source entity with the same text. Nothing
is changed without a preview, and a place that somebody has decided on stays as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from core.review.corrections import Correction, CorrectionKind, Everywhere, Proposal
from core.review.surfaces import Bounds, entities_of, find_surface, spans_by_entity, surface_key
from core.store.answers import Answer, AnswerSpan
from core.types import EntityCandidate, SentencePair, Span

# Where an entity has no span, every place is as near as any other, and farther than any span.
_FAR = (1, 0)


def find_everywhere(
    pairs: Sequence[SentencePair],
    answers: Mapping[int, Answer],
    correction: Correction,
    *,
    by_person: Collection[int] | None = None,
    origin: tuple[int, int] | None = None,
) -> Everywhere:
    """Find every place that a correction is about.

    Args:
        pairs: the corpus, each pair as its answer's run saw it.
        answers: the current answer by place; a place without one is left out.
        correction: what is to hold.
        by_person: places whose status a person gave; None takes every accepted or rejected one for
            such. What was accepted in bulk may be changed, what was rejected never is.
        origin: place and entity that the correction was made at, to be left out.
    """
    wanted = {
        language: surface_key(correction.source, language)
        for language in {pair.source.language for pair in pairs}
    }
    found: list[Proposal] = []
    for place, pair in enumerate(pairs):
        answer = answers.get(place)
        if answer is None:
            continue
        entities = [
            entity
            for entity, span in enumerate(entities_of(answer, pair))
            if (span.label == correction.label or not correction.same_class)
            and surface_key(pair.source.text_of(span), pair.source.language)
            == wanted[pair.source.language]
            and (place, entity) != origin
        ]
        if entities:
            decided = answer.status == "rejected" or (
                answer.status == "accepted" and (by_person is None or place in by_person)
            )
            found += _propose(place, pair, answer, correction, entities, decided=decided)
    return Everywhere(correction, tuple(found))


def apply_everywhere(
    found: Everywhere,
    places: Collection[int] | None = None,
    picks: Mapping[tuple[int, int], AnswerSpan] | None = None,
) -> dict[int, Answer]:
    """Make the new answers.

    Args:
        found: from `find_everywhere`, on the answers as they still are.
        places: places to change; None changes all that can be.
        picks: for ambiguous proposals, by place and entity, which of the options is meant.

    Returns:
        The new answer by place; places that stay as they are are not there.
    """
    picked = picks or {}
    changed: dict[int, Answer] = {}
    for one in found.proposals:
        if places is not None and one.place not in places:
            continue
        chosen = picked.get((one.place, one.entity))
        wanted = one.wanted
        if one.unchanged == "ambiguous" and chosen in one.options and chosen is not None:
            wanted = (chosen,)
        elif one.unchanged is not None:
            continue
        answer = changed.get(one.place, one.before)
        changed[one.place] = _changed(answer, one, found.correction.kind, wanted)
    return changed


def _propose(
    place: int,
    pair: SentencePair,
    answer: Answer,
    correction: Correction,
    entities: Sequence[int],
    *,
    decided: bool,
) -> Iterator[Proposal]:
    """Propose what becomes of a pair's entities with the text in question."""
    spans, owned = entities_of(answer, pair), spans_by_entity(answer, pair)
    settled = _settle(pair, correction, {one: owned.get(one, ()) for one in entities})
    for entity in entities:
        bare = Proposal(place, entity, spans[entity], answer, None, owned.get(entity, ()))
        if decided:
            yield replace(bare, unchanged="decided")
        elif correction.kind == "span":
            yield _to_text(bare, correction.target_label or spans[entity].label, settled[entity])
        elif correction.kind == "class":
            yield _to_class(bare, correction.target_label)
        elif not bare.current and entity in answer.dropped:
            yield replace(bare, unchanged="already so")
        else:
            yield _with_answers(bare, "drop", ())


def _settle(
    pair: SentencePair, correction: Correction, current: Mapping[int, Sequence[AnswerSpan]]
) -> dict[int, list[Bounds] | None]:
    """Tell where each entity stands in the target: one place, several, none; None where taken.

    Entities that have a span choose first, each the text that its span overlaps most or lies
    nearest to; what they take is lost to the others.
    """
    everywhere = find_surface(pair.target, correction.target) if correction.kind == "span" else ()
    settled: dict[int, list[Bounds] | None] = {}
    taken: list[Bounds] = []
    order = sorted(
        current,
        key=lambda entity: min((_rank(one, current[entity]) for one in everywhere), default=_FAR),
    )
    for entity in order:
        left = [one for one in everywhere if not any(_overlap(one, other) for other in taken)]
        nearest = min((_rank(one, current[entity]) for one in left), default=_FAR)
        best = [one for one in left if _rank(one, current[entity]) == nearest]
        settled[entity] = None if everywhere and not left else best
        if len(best) == 1:
            taken += best
    return settled


def _rank(place: Bounds, current: Sequence[AnswerSpan]) -> tuple[int, int]:
    """Return how near a place is to spans: words shared, then words between; lower is nearer."""
    ranks = []
    for span in current:
        shared = min(place[1], span.end) - max(place[0], span.start)
        ranks.append((-max(shared, 0), max(-shared, 0)))
    return min(ranks, default=_FAR)


def _overlap(one: Bounds, other: Bounds) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _to_text(bare: Proposal, label: str, places: Sequence[Bounds] | None) -> Proposal:
    """Propose that an entity stands at the only place of the target text."""
    if places is None:
        return replace(bare, unchanged="taken")
    options = tuple(AnswerSpan(start, end, label, bare.entity) for start, end in places)
    if len(options) != 1:
        return replace(
            bare, options=options, unchanged="ambiguous" if options else "not in the target"
        )
    if _plain(options) == _plain(bare.current):
        return replace(bare, options=options, unchanged="already so")
    return _with_answers(replace(bare, options=options), "span", options)


def _to_class(bare: Proposal, label: str) -> Proposal:
    """Propose that an entity's spans get a class."""
    wanted = tuple(replace(one, label=label, entity=bare.entity) for one in bare.current)
    if _plain(wanted) == _plain(bare.current):
        return replace(bare, unchanged="already so" if wanted else "no span")
    return _with_answers(bare, "class", wanted)


def _plain(spans: Iterable[AnswerSpan]) -> tuple[Span, ...]:
    return tuple(one.span for one in spans)


def _with_answers(bare: Proposal, kind: CorrectionKind, wanted: tuple[AnswerSpan, ...]) -> Proposal:
    """Add the answer that a change leads to, and what it costs others."""
    after = _changed(bare.before, bare, kind, wanted)
    gone = {*bare.before.spans} - {*bare.current} - {*after.spans}
    return replace(bare, after=after, wanted=wanted, gives_way=tuple(sorted(gone, key=_order)))


def _changed(
    answer: Answer, one: Proposal, kind: CorrectionKind, wanted: Sequence[AnswerSpan]
) -> Answer:
    """Return an answer in which an entity stands at some spans; what is in their way goes."""
    kept = [
        span
        for span in answer.spans
        if span not in one.current
        and not any(_overlap((span.start, span.end), (new.start, new.end)) for new in wanted)
    ]
    plain = _plain(kept)
    edits, dropped = answer.edits, {*answer.dropped} - {one.entity}
    if kind == "drop":
        dropped.add(one.entity)
        pins = tuple(pin for pin in edits.pins if pin.entity != one.entity)
        edits = replace(edits, pins=pins)
    elif kind == "span":
        # Solved again, the answer must come out as it is now.
        for new in wanted:
            edits = edits.pin(EntityCandidate(one.entity, new.start, new.end))
    return replace(
        answer,
        status="working" if answer.status == "open" else answer.status,
        spans=tuple(sorted([*kept, *wanted], key=_order)),
        edits=edits,
        dropped=tuple(sorted(dropped)),
        added=tuple(span for span in answer.added if span in plain),
    )


def _order(span: AnswerSpan) -> Bounds:
    return span.start, span.end
