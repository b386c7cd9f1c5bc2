"""The guilty stages and what is said about a lost gold span: values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from core.types import Candidate

Stage = Literal[
    "failed",  # the sentence failed as a whole
    "source-label",  # no source entity to project, or one that gold does not have
    "source-class",  # the source entity has another class than gold
    "tokenisation",  # a word in question has no vector: dropped or cut off
    "marker",  # its marker did not survive translation
    "no-link",  # no link of the source entity leads into the gold span
    "wrong-link",  # links alone make the spans, and they reach other words than the gold span
    "no-candidate",  # the gold span was never proposed
    "no-score",  # it was proposed and scored 0
    "matching",  # it lost to another span
    "filtered",  # an option took the entity or the span out
    "review",  # a reviewer's pin or ban decided
    "unknown",  # the trace does not tell
]
STAGES: tuple[Stage, ...] = get_args(Stage)

Constraint = Literal[
    "score",  # the winner scored more
    "tie",  # the winner scored as much; the projector's rule for ties decided
    "word",  # another entity holds one of its words
    "pinned",  # a reviewer fixed the entity elsewhere
    "banned",  # a reviewer forbade it
    "filtered",  # an option of the projector removed it
    "unknown",  # it was not taken and the trace does not say why
]


@dataclass(frozen=True, slots=True)
class Contest:
    """What a gold span lost to.

    Attributes:
        constraint: what decided.
        gold_score: total score of the gold span for its entity; None if none is recorded.
        gold_terms: the terms of that score before weighting.
        winner: the span taken instead; None if the entity was not projected or it is not known.
        winner_entity: the entity that took it; the same entity where it chose otherwise.
        winner_score: the winner's total score for that entity; None if there is none.
        winner_terms: the terms of that score before weighting.
        word: the target word both wanted, where the constraint is `word`.
    """

    constraint: Constraint
    gold_score: float | None = None
    gold_terms: Mapping[str, float] = field(default_factory=dict)
    winner: Candidate | None = None
    winner_entity: int | None = None
    winner_score: float | None = None
    winner_terms: Mapping[str, float] = field(default_factory=dict)
    word: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A stage, the reason as a clause without a full stop, and the contest if there was one."""

    stage: Stage
    reason: str
    contest: Contest | None = None
