"""What went wrong, entity by entity: the outcome against gold and the stage to blame.

Every gold span and every predicted span gets exactly one diagnosis. The stage is the earliest one
after which the gold span could no longer come out. It rests on the recorded trace and on which
source entity a gold span translates (`counterparts`); `basis` says how sure the latter is, and
`unknown` is said where neither tells.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from typing import Any

from core.errors import DataError
from core.evaluate.counterparts import Basis, Counterparts, find_counterparts
from core.evaluate.evidence import Evidence, gather
from core.evaluate.gold import keep_labels
from core.evaluate.outcomes import Outcome, SpanMatch, match_spans
from core.evaluate.stages import trace_loss
from core.evaluate.verdicts import Contest, Stage, Verdict
from core.types import Projection, Span


@dataclass(frozen=True, slots=True)
class EntityDiagnosis:
    """What became of one entity, and why.

    Attributes:
        gold: the gold span; None for a spurious one.
        predicted: the predicted span; None for a missing one.
        label: the gold class, or the predicted one of a spurious span.
        outcome: what became of it.
        stage: the stage to blame; None where it is correct.
        explanation: one plain sentence that names the words.
        entity: source entity the predicted span was projected from; None if nothing was predicted.
        counterpart: source entity that the gold span translates; None if there is none or no gold.
        basis: what tells that the counterpart is the one.
        contest: what the gold span lost to, where it lost in matching.
    """

    gold: Span | None
    predicted: Span | None
    label: str
    outcome: Outcome
    stage: Stage | None
    explanation: str
    entity: int | None = None
    counterpart: int | None = None
    basis: Basis | None = None
    contest: Contest | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the diagnosis, ready for JSON."""
        return asdict(self)


def diagnose(
    projection: Projection, labels: Collection[str] | None = None
) -> tuple[EntityDiagnosis, ...]:
    """Diagnose every gold and every predicted span of a sentence.

    Args:
        projection: a projection with its trace.
        labels: classes to keep on the gold and on the predicted side alike; None keeps all.

    Returns:
        Diagnoses in order of their first word.

    Raises:
        DataError: the sentence has no gold annotation (code missing-gold).
    """
    if not projection.pair.has_gold:
        raise DataError(
            "a sentence must have gold annotation to be diagnosed, got none",
            code="missing-gold",
            hint="load a corpus with labelled target sentences",
        )
    evidence = gather(projection)
    gold = keep_labels(projection.pair.target.spans, labels)
    if projection.failure is not None:
        reason = f"the sentence failed in {projection.failure.stage}: {projection.failure.message}"
        verdict = Verdict("failed", reason.rstrip("."))
        return tuple(_state(evidence, SpanMatch(span, None, "missing"), verdict) for span in gold)
    matches = match_spans(gold, keep_labels(projection.spans, labels))
    found = find_counterparts(evidence, matches)
    return tuple(_diagnose_match(evidence, found, match) for match in matches)


def _diagnose_match(evidence: Evidence, found: Counterparts, match: SpanMatch) -> EntityDiagnosis:
    entity = None if match.predicted is None else evidence.entity_of(match.predicted)
    diagnosis = _state(evidence, match, _blame(evidence, found, match, entity))
    if match.gold is None:
        return replace(diagnosis, entity=entity)
    return replace(
        diagnosis,
        entity=entity,
        counterpart=found.entity_of.get(match.gold),
        basis=found.basis_of.get(match.gold),
    )


def _state(evidence: Evidence, match: SpanMatch, verdict: Verdict | None) -> EntityDiagnosis:
    headline = _headline(evidence, match)
    return EntityDiagnosis(
        gold=match.gold,
        predicted=match.predicted,
        label=match.span.label,
        outcome=match.outcome,
        stage=None if verdict is None else verdict.stage,
        explanation=f"{headline}." if verdict is None else f"{headline}: {verdict.reason}.",
        contest=None if verdict is None else verdict.contest,
    )


def _headline(evidence: Evidence, match: SpanMatch) -> str:
    named = f"{evidence.target_text(match.span)} ({match.span.label})"
    if match.outcome == "correct":
        return f"{named} is as in gold"
    if match.predicted is None:
        return f"{named} is missing"
    if match.gold is None:
        return f"{named} is spurious"
    onto = evidence.target_text(match.predicted)
    if match.outcome == "wrong-class":
        return f"{named} was projected as {match.predicted.label} onto {onto}"
    return f"{named} was projected onto {onto}, {match.outcome.replace('-', ' ')}"


def _blame(
    evidence: Evidence, found: Counterparts, match: SpanMatch, entity: int | None
) -> Verdict | None:
    """Find the stage to blame for a match; None where it is correct."""
    if match.outcome == "correct":
        return None
    if match.predicted is None:
        return _blame_for_gold(evidence, found, match.span, None)
    if entity is None:
        return Verdict("unknown", "no decision behind it is recorded")
    label = evidence.entities[entity].label
    if label != match.predicted.label:
        name = evidence.source_text(entity)
        return Verdict("unknown", f"{name} is {label} and nothing tells what changed its class")
    if match.gold is None:
        return _blame_for_spurious(evidence, found, match.predicted, entity)
    return _blame_for_gold(evidence, found, match.gold, match.predicted)


def _blame_for_gold(
    evidence: Evidence, found: Counterparts, gold: Span, predicted: Span | None
) -> Verdict:
    """Blame a stage for a gold span that did not come out: what happened to its counterpart."""
    entity = found.entity_of.get(gold)
    if entity is None:
        left = [one for one in found.open_entities if evidence.entities[one].label == gold.label]
        if not left:
            return Verdict("source-label", "no source entity is left that it could translate")
        names = " or ".join(map(evidence.source_text, left))
        return Verdict("unknown", f"nothing tells whether it translates {names}")
    name, label = evidence.source_text(entity), evidence.entities[entity].label
    if label != gold.label:
        return Verdict("source-class", f"the source has {name} as {label}")
    verdict = trace_loss(evidence, entity, gold, predicted)
    if found.basis_of[gold] != "order":
        return verdict
    # The weakest basis: say so, or a guess would read like a fact.
    return replace(
        verdict, reason=f"taking {name} as its source by class and order, {verdict.reason}"
    )


def _blame_for_spurious(
    evidence: Evidence, found: Counterparts, predicted: Span, entity: int
) -> Verdict:
    """Blame a stage for a predicted span where gold has nothing left."""
    name, gold = evidence.source_text(entity), found.gold_of.get(entity)
    if gold is None:
        if any(span.label == predicted.label for span in found.open_gold):
            return Verdict("unknown", f"nothing tells which gold entity translates {name}")
        return Verdict("source-label", f"{name} has no counterpart in gold")
    if _answered(evidence, entity, gold, predicted):
        return _blame_for_repetition(evidence, entity, gold, predicted)
    verdict = trace_loss(evidence, entity, gold, predicted)
    belongs = "belongs" if found.basis_of[gold] != "order" else "by class and order belongs"
    place = evidence.target_text(gold)
    return replace(verdict, reason=f"{name} {belongs} on {place} and {verdict.reason}")


def _answered(evidence: Evidence, entity: int, gold: Span, predicted: Span) -> bool:
    """Tell whether an entity was projected onto its gold span beside a predicted one."""
    return any(
        span.overlaps(gold) and evidence.entity_of(span) == entity
        for span in evidence.projection.spans
        if span != predicted
    )


def _blame_for_repetition(evidence: Evidence, entity: int, gold: Span, predicted: Span) -> Verdict:
    name, place = evidence.source_text(entity), evidence.target_text(gold)
    linked = evidence.linked_words(entity) or frozenset()
    astray = linked & set(range(predicted.start, predicted.end))
    if evidence.made_of_links() and astray:
        words = evidence.target_words(astray)
        return Verdict("wrong-link", f"{name} is linked to {words} beside {place}")
    return Verdict("matching", f"{name} was also projected onto {place}")
