"""Projections for capsules."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.capsule import About, CapsuleItem, Credit
from core.explain import typed_pair
from core.types import (
    Alignment,
    Candidate,
    Decision,
    Failure,
    Link,
    Projection,
    ScoreMatrix,
    Span,
    Trace,
)

ABOUT = About(
    "corpus:c|method:m",
    "2026-11-25",
    (Credit("Corpus", "c", "CC0"),),
    {"spanbridge": "0.1.0"},
    "https://example.org/?sentence=1",
)


def projection(
    source: str = "[LOC Berlin] is old",
    target: str = "[LOC Berlin] ist alt",
    language: str = "de",
    label: str = "LOC",
) -> Projection:
    """Make a projection of a first word onto a first word, with a runner-up."""
    pair = replace(typed_pair(source, target, "en", language), id="c:1")
    chosen, second = Candidate(0, 1), Candidate(0, 2)
    terms = {"content": np.array([[1.0, 0.5]]), "emb": np.array([[0.5, 0.25]])}
    weights = {"content": 1.0, "emb": 2.0}
    decision = Decision(
        entity=0,
        candidate=chosen,
        reason="chosen",
        score=2.0,
        terms={"content": 1.0, "emb": 0.5},
        runner_up=second,
        runner_up_score=1.0,
        margin=1.0,
    )
    similarity = np.full((len(pair.source.words), len(pair.target.words)), 0.5, dtype=np.float32)
    trace = Trace(
        alignment=Alignment((Link(0, 0), Link(1, 1, sure=False)), similarity),
        candidates=(chosen, second),
        scores=ScoreMatrix(terms, weights, 1.0 * terms["content"] + 2.0 * terms["emb"]),
        status="optimal",
        seconds={"match": 0.1},
    )
    return Projection(pair, "m", (Span(0, 1, label),), (decision,), trace)


def failed() -> Projection:
    """Make a projection that failed."""
    failure = Failure("align", "model-unusable", "the model must read the text, got nothing")
    return replace(projection(), spans=(), decisions=(), trace=Trace(), failure=failure)


def items(*projections: Projection) -> list[CapsuleItem]:
    """Make items of projections."""
    return [CapsuleItem(one) for one in projections]
