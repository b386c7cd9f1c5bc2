"""Hypothesis strategies for projections with everything that a trace may hold."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

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
    SentencePair,
    Trace,
    WordTags,
)
from tests.property.strategies import sentences, spans

# Halves of letters and NUL come out of broken files.
TEXTS = st.text(max_size=8) | st.sampled_from(["\0", "\ud800", "ש\u0301", "'\"\\"])
FINITE = st.floats(allow_nan=False)
SMALL = st.integers(0, 9)


def matrices(dtype: Any, rows: int, columns: int) -> st.SearchStrategy[np.ndarray[Any, Any]]:
    """Arrays of a shape, now and then in the other memory order; without NaN."""
    numbers = arrays.from_dtype(np.dtype(dtype), allow_nan=False)
    made = arrays.arrays(dtype, (rows, columns), elements=numbers)
    return st.tuples(made, st.booleans()).map(
        lambda drawn: np.asfortranarray(drawn[0]) if drawn[1] else drawn[0]
    )


def candidates() -> st.SearchStrategy[Candidate]:
    """Candidates anywhere."""
    return st.builds(Candidate, SMALL, SMALL, st.lists(TEXTS, max_size=2).map(tuple))


@st.composite
def word_tags(draw: st.DrawFn, words: int) -> WordTags:
    """A tagger's thoughts about every word."""
    tags = tuple(draw(st.lists(TEXTS, max_size=4)))
    return WordTags(tags, draw(matrices(np.float32, words, len(tags))))


@st.composite
def links(draw: st.DrawFn) -> tuple[Link, ...]:
    """Sorted links, sure and possible ones."""
    return tuple(sorted(draw(st.lists(st.builds(Link, SMALL, SMALL, st.booleans()), max_size=4))))


@st.composite
def pairs(draw: st.DrawFn) -> SentencePair:
    """Pairs with all that may come with them."""
    source = draw(sentences())
    return SentencePair(
        source,
        draw(sentences()),
        id=draw(TEXTS),
        links=draw(st.dictionaries(TEXTS, links(), max_size=2)),
        has_gold=draw(st.booleans()),
        source_labelled=draw(st.booleans()),
        source_tags=draw(st.none() | word_tags(len(source.words))),
    )


@st.composite
def score_matrices(draw: st.DrawFn) -> ScoreMatrix:
    """Scores of up to three entities and candidates."""
    shape = draw(st.tuples(st.integers(0, 3), st.integers(0, 3)))
    terms = draw(st.dictionaries(TEXTS, matrices(np.float64, *shape), max_size=2))
    weights = draw(st.dictionaries(TEXTS, FINITE, max_size=2))
    return ScoreMatrix(terms, weights, draw(matrices(np.float64, *shape)))


def decisions() -> st.SearchStrategy[Decision]:
    """Decisions of any kind, consistent or not."""
    constraint = st.sampled_from(["word", "banned", "pinned", "filtered"])
    rivals = st.builds(
        Rival, candidates(), FINITE, constraint, st.none() | SMALL, st.none() | SMALL
    )
    return st.builds(
        Decision,
        SMALL,
        st.none() | candidates(),
        st.sampled_from(get_args(DecisionReason)),
        score=FINITE | st.floats(0, 1).map(np.float64),
        terms=st.dictionaries(TEXTS, FINITE, max_size=2),
        runner_up=st.none() | candidates(),
        runner_up_score=FINITE,
        margin=FINITE,
        blocked_by=st.lists(rivals, max_size=2).map(tuple),
    )


@st.composite
def traces(draw: st.DrawFn) -> Trace:
    """Traces with or without each part."""
    shape = draw(st.tuples(SMALL, SMALL))
    similarity = st.none() | matrices(np.float32, *shape)
    unseen = st.lists(SMALL, max_size=2).map(tuple)
    alignment = st.builds(Alignment, links(), similarity, TEXTS, unseen, unseen)
    return Trace(
        alignment=draw(st.none() | alignment),
        target_tags=draw(st.none() | word_tags(draw(SMALL))),
        candidates=tuple(draw(st.lists(candidates(), max_size=3))),
        scores=draw(st.none() | score_matrices()),
        status=draw(TEXTS),
        objective=draw(FINITE),
        messages=tuple(draw(st.lists(TEXTS, max_size=2))),
        seconds=draw(st.dictionaries(TEXTS, FINITE, max_size=2)),
        marked=draw(st.none() | sentences()),
    )


@st.composite
def projections(draw: st.DrawFn) -> Projection:
    """Projections with their full trace; some failed."""
    pair = draw(pairs())
    return Projection(
        pair,
        draw(TEXTS),
        draw(spans(len(pair.target.words))),
        tuple(draw(st.lists(decisions(), max_size=3))),
        draw(traces()),
        draw(st.none() | st.builds(Failure, TEXTS, TEXTS, TEXTS)),
    )
