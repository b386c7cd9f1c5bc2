"""Whether an entity's own scores turned the order of two spans round between two runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isclose

from core.evaluate.evidence import Evidence, same_words
from core.overview._replay_runs import BothRuns, Subject
from core.types import Rival, Span

# Scores are sums of float terms in different order.
_RELATIVE, _ABSOLUTE = 1e-9, 1e-12


@dataclass(frozen=True, slots=True)
class Turned:
    """Scores that turned round: how, as a clause, and the term that moved most."""

    reason: str
    term: str


@dataclass(frozen=True, slots=True)
class _Lead:
    """By how much the clean run's span leads the perturbed run's, in one of the runs.

    Attributes:
        total: difference of what counts; a span that an option removed counts 0, as none does.
        own: score of the clean run's span, None where it has none.
        other: score of the perturbed run's span, None where it has none.
        parts: difference by score, weights included.
    """

    total: float
    own: float | None
    other: float | None
    parts: Mapping[str, float]


def scores_turned(runs: BothRuns, subject: Subject) -> Turned | None:
    """Tell whether the entity's own scores led one way and now lead the other way.

    A span that an option removed counts as one without a score.

    Args:
        runs: both runs of the sentence.
        subject: what flipped, with the same source entity in both runs.

    Returns:
        How; None where they did not turn round, or none are recorded.
    """
    clean = _lead(runs.clean, subject.clean_entity, subject.clean, runs.in_clean(subject.perturbed))
    perturbed = _lead(
        runs.perturbed,
        subject.perturbed_entity,
        runs.in_perturbed(subject.clean),
        subject.perturbed,
    )
    if clean is None or perturbed is None or _alike(clean.total, perturbed.total):
        return None
    turned = (clean.total >= 0 or _alike(clean.total, 0)) and (
        perturbed.total <= 0 or _alike(perturbed.total, 0)
    )
    if not turned:
        return None
    fallen = {name: clean.parts[name] - perturbed.parts.get(name, 0.0) for name in clean.parts}
    term = max(fallen, key=lambda name: fallen[name], default="")
    return Turned(_in_words(runs, subject, clean, perturbed), term)


def _lead(
    evidence: Evidence, entity: int | None, own: Span | None, other: Span | None
) -> _Lead | None:
    """Measure the lead; None where no scores are recorded."""
    scores = evidence.projection.trace.scores
    if scores is None or entity is None:
        return None
    known = [None if span is None else evidence.score(entity, span) for span in (own, other)]
    if all(score is None for score in known):
        return None
    counted = [
        0.0 if score is None or span is None or _is_filtered(evidence, entity, span) else score
        for score, span in zip(known, (own, other), strict=True)
    ]
    terms = [{} if span is None else evidence.terms(entity, span) for span in (own, other)]
    parts = {
        name: weight * (terms[0].get(name, 0.0) - terms[1].get(name, 0.0))
        for name, weight in scores.weights.items()
    }
    return _Lead(counted[0] - counted[1], known[0], known[1], parts)


def _is_filtered(evidence: Evidence, entity: int, span: Span) -> bool:
    """Tell whether a decision says that an option, such as the least score, removed a span."""
    rival = rival_of(evidence, entity, span)
    return rival is not None and rival.constraint == "filtered"


def rival_of(evidence: Evidence, entity: int | None, span: Span | None) -> Rival | None:
    """Return what a decision on an entity says about a span that it was stopped from taking."""
    if entity is None or span is None:
        return None
    return next(
        (
            rival
            for decision in evidence.decisions(entity)
            for rival in decision.blocked_by
            if same_words(rival.candidate, span)
        ),
        None,
    )


def _in_words(runs: BothRuns, subject: Subject, clean: _Lead, perturbed: _Lead) -> str:
    if subject.clean is not None and subject.perturbed is not None:
        old = runs.clean.target_text(subject.clean)
        new = runs.perturbed.target_text(subject.perturbed)
        return (
            f"{old} scored {_number(clean.own)} to {_number(clean.other)} of {new}; "
            f"now it is {_number(perturbed.own)} to {_number(perturbed.other)}"
        )
    if subject.clean is not None:
        name = runs.clean.target_text(subject.clean)
        fell = f"from {_number(clean.own)} to {_number(perturbed.own)}"
        return f"the score of {name} fell {fell}, too little to be matched"
    if subject.perturbed is None:
        return ""
    name = runs.perturbed.target_text(subject.perturbed)
    rose = f"from {_number(clean.other)} to {_number(perturbed.other)}"
    return f"the score of {name} rose {rose}, enough to be matched"


def _number(score: float | None) -> str:
    return "no score" if score is None else f"{score:.2f}"


def _alike(one: float, other: float) -> bool:
    return isclose(one, other, rel_tol=_RELATIVE, abs_tol=_ABSOLUTE)
