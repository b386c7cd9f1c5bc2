"""Hand-built projections, as short as a test can read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

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

FAILURE = Failure("align", "model-unusable", "the model did not load.")


def sentence(words: str, *spans: tuple[int, int, str], language: str = "en") -> Sentence:
    """Make a sentence from words separated by spaces."""
    return sentence_from_words(words.split(), language, spans=[Span(*span) for span in spans])


def links(pharaoh: str) -> tuple[Link, ...]:
    """Read `0-0 1?2` as sure and possible links."""
    found = []
    for item in pharaoh.split():
        source, target = item.replace("?", "-").split("-")
        found.append(Link(int(source), int(target), sure="?" not in item))
    return tuple(sorted(found))


def took(
    entity: int,
    start: int,
    end: int,
    score: float = 1.0,
    *,
    terms: Mapping[str, float] | None = None,
    rivals: Sequence[Rival] = (),
    reason: DecisionReason = "chosen",
) -> Decision:
    """Make a decision for a target span."""
    return Decision(
        entity, Candidate(start, end), reason, score, terms or {}, blocked_by=tuple(rivals)
    )


def lost(entity: int, reason: DecisionReason, *, rivals: Sequence[Rival] = ()) -> Decision:
    """Make a decision by which an entity gets no span."""
    return Decision(entity, None, reason, blocked_by=tuple(rivals))


def score_matrix(**terms: Sequence[Sequence[float]]) -> ScoreMatrix:
    """Make a score matrix whose weights are 1."""
    matrices = {name: np.array(rows, dtype=np.float64) for name, rows in terms.items()}
    total = np.asarray(sum(matrices.values()), dtype=np.float64)
    return ScoreMatrix(matrices, dict.fromkeys(matrices, 1.0), total)


def project(
    source: Sentence,
    target: Sentence,
    *decisions: Decision,
    linked: str | None = "",
    candidates: Sequence[tuple[int, int]] = (),
    origin: str = "ngram",
    scores: ScoreMatrix | None = None,
    unseen: tuple[tuple[int, ...], tuple[int, ...]] = ((), ()),
    failure: Failure | None = None,
    spans: Sequence[Span] | None = None,
    has_gold: bool = True,
    gold_links: Mapping[str, str] | None = None,
    pair_id: str = "",
) -> Projection:
    """Make a projection as the pipeline would; `target` carries the gold spans."""
    chosen = [
        Span(one.candidate.start, one.candidate.end, source.spans[one.entity].label)
        for one in decisions
        if one.candidate is not None
    ]
    alignment = (
        None
        if linked is None
        else Alignment(links(linked), source_unseen=unseen[0], target_unseen=unseen[1])
    )
    named = {name: links(text) for name, text in (gold_links or {}).items()}
    return Projection(
        pair=SentencePair(source, target, pair_id, named, has_gold),
        method="test",
        spans=tuple(sorted(chosen if spans is None else spans)),
        decisions=decisions,
        trace=Trace(
            alignment=alignment,
            candidates=tuple(Candidate(start, end, (origin,)) for start, end in candidates),
            scores=scores,
        ),
        failure=failure,
    )


def answer(
    target: Sentence, *predicted: tuple[int, int, str], failed: bool = False, has_gold: bool = True
) -> Projection:
    """Make a projection of which only gold and predicted spans matter."""
    return project(
        sentence("source"),
        target,
        spans=[Span(*span) for span in predicted],
        failure=FAILURE if failed else None,
        has_gold=has_gold,
    )
