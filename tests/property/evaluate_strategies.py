"""Random tag files and random projections, with traces that agree with themselves."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import strategies as st

from core.text.words import sentence_from_words
from core.types import (
    Alignment,
    Candidate,
    Decision,
    DecisionReason,
    Failure,
    Link,
    Projection,
    Rival,
    ScoreMatrix,
    Sentence,
    SentencePair,
    Span,
    Trace,
)

LABELS = ("PER", "LOC", "ORG")
_UNPROJECTED: tuple[DecisionReason, ...] = (
    "no-link",
    "no-candidate",
    "no-score",
    "blocked",
    "filtered",
    "banned",
)


@st.composite
def disjoint_spans(draw: st.DrawFn, words: int, most: int = 4) -> tuple[Span, ...]:
    """Draw sorted, disjoint, labelled spans of a sentence."""
    cuts = sorted(draw(st.sets(st.integers(0, words), max_size=2 * most)))
    borders = list(pairwise(cuts))
    kept = [border for border in borders if draw(st.booleans())][:most]
    return tuple(Span(start, end, draw(st.sampled_from(LABELS))) for start, end in kept)


@st.composite
def tag_files(draw: st.DrawFn) -> tuple[list[list[str]], list[list[str]]]:
    """Draw gold and predicted IOB2 tags of the same sentences."""
    tag = st.sampled_from(["O", *(f"{prefix}-{label}" for prefix in "BI" for label in LABELS)])
    lengths = draw(st.lists(st.integers(1, 8), min_size=1, max_size=5))
    files = [
        [draw(st.lists(tag, min_size=length, max_size=length)) for length in lengths]
        for _ in range(2)
    ]
    return files[0], files[1]


@st.composite
def sentences(draw: st.DrawFn, language: str) -> Sentence:
    """Draw a sentence of a few words, some of them the same in every language."""
    words = draw(st.lists(st.sampled_from(["a", "b", "Rom", "Ada"]), min_size=1, max_size=7))
    return sentence_from_words(words, language, spans=draw(disjoint_spans(len(words))))


@st.composite
def alignments(draw: st.DrawFn, source: int, target: int) -> Alignment | None:
    """Draw links and sometimes a similarity, sometimes with words that have no vector."""
    if draw(st.integers(0, 5)) == 0:
        return None
    pairs = st.tuples(st.integers(0, source - 1), st.integers(0, target - 1))
    links = tuple(Link(*pair) for pair in sorted(draw(st.sets(pairs, max_size=8))))
    if draw(st.booleans()):
        return Alignment(links)
    similarity = np.full((source, target), 0.6, dtype=np.float32)
    unseen = draw(st.sets(st.integers(0, source - 1), max_size=1))
    return Alignment(links, similarity, source_unseen=tuple(unseen))


@st.composite
def projections(draw: st.DrawFn, *, may_fail: bool = True) -> Projection:
    """Draw a projection whose spans come from its decisions, with or without scores."""
    source, target = draw(sentences("en")), draw(sentences("de"))
    pair = SentencePair(source, target)
    alignment = draw(alignments(len(source.words), len(target.words)))
    if may_fail and draw(st.integers(0, 7)) == 0:
        failure = Failure("align", "model-unusable", "it did not load")
        return Projection(pair, "random", (), (), Trace(alignment=alignment), failure)
    places = draw(disjoint_spans(len(target.words))) if source.spans else ()
    owners = [draw(st.integers(0, len(source.spans) - 1)) for _ in places]
    candidates = draw(_candidates(len(target.words), places))
    scores = draw(_scores(len(source.spans), len(candidates)))
    decisions = [
        decision
        for entity in range(len(source.spans))
        for decision in draw(
            _decisions(
                entity,
                [place for place, owner in zip(places, owners, strict=True) if owner == entity],
                candidates,
                len(source.spans),
            )
        )
    ]
    spans = sorted(
        Span(one.candidate.start, one.candidate.end, source.spans[one.entity].label)
        for one in decisions
        if one.candidate is not None
    )
    trace = Trace(alignment=alignment, candidates=candidates, scores=scores)
    return Projection(pair, "random", tuple(spans), tuple(decisions), trace)


@st.composite
def _candidates(draw: st.DrawFn, words: int, places: tuple[Span, ...]) -> tuple[Candidate, ...]:
    others = draw(st.lists(disjoint_spans(words), max_size=2))
    borders = {(span.start, span.end) for group in (places, *others) for span in group}
    origin = draw(st.sampled_from(["ngram", "aligned"]))
    return tuple(Candidate(start, end, (origin,)) for start, end in sorted(borders))


@st.composite
def _scores(draw: st.DrawFn, entities: int, candidates: int) -> ScoreMatrix | None:
    if draw(st.booleans()):
        return None
    values = draw(
        st.lists(
            st.sampled_from([0.0, 0.3, 0.5, 0.9]),
            min_size=entities * candidates,
            max_size=entities * candidates,
        )
    )
    matrix = np.array(values, dtype=np.float64).reshape(entities, candidates)
    return ScoreMatrix({"align": matrix}, {"align": 1.0}, matrix)


@st.composite
def _decisions(
    draw: st.DrawFn,
    entity: int,
    places: list[Span],
    candidates: tuple[Candidate, ...],
    entities: int,
) -> list[Decision]:
    rivals = tuple(
        Rival(candidate, 0.9, draw(st.sampled_from(("word", "banned", "filtered"))), owner)
        for candidate in candidates
        if draw(st.integers(0, 4)) == 0
        for owner in [draw(st.integers(0, entities - 1))]
    )
    if not places:
        if draw(st.integers(0, 9)) == 0:
            return []
        return [Decision(entity, None, draw(st.sampled_from(_UNPROJECTED)), blocked_by=rivals)]
    score = draw(st.sampled_from([0.3, 0.5, 0.9]))
    return [
        Decision(
            entity,
            Candidate(place.start, place.end),
            draw(st.sampled_from(("chosen", "pinned"))),
            score,
            {"align": score},
            blocked_by=rivals,
        )
        for place in places
    ]
