"""The guilty stage: where on its way through the pipeline a gold entity was lost.

It is the earliest stage after which the gold span could no longer come out, and it is read from the
trace. Where the trace does not tell, the stage is `unknown`.
"""

from __future__ import annotations

from collections.abc import Mapping

from core.evaluate.contests import lost_on_score, lost_to_rule
from core.evaluate.evidence import Evidence, same_words
from core.evaluate.verdicts import Stage, Verdict
from core.types import Decision, DecisionReason, Span

# What the projector itself says about an entity it did not project, {} being its name.
REASONS: Mapping[DecisionReason, tuple[Stage, str]] = {
    "no-link": ("no-link", "no word of {} is linked to any word"),
    "no-candidate": ("no-candidate", "nothing was proposed for {}"),
    "no-score": ("no-score", "no span proposed for {} has a positive score"),
    "blocked": ("matching", "every span of {} that scored lost its words to another entity"),
    "filtered": ("filtered", "an option of the projector removed the spans of {}"),
    "banned": ("review", "a reviewer forbade every span of {} that scored"),
    "marker-lost": ("marker", "the marker of {} did not survive translation"),
    "outvoted": ("matching", "the tagger's own view of the target outweighed {}"),
}


def trace_loss(
    evidence: Evidence, entity: int, gold: Span, predicted: Span | None = None
) -> Verdict:
    """Find the stage at which an entity lost the gold span that it should have been projected to.

    Args:
        evidence: the projection.
        entity: the source entity.
        gold: its gold span, which is not among the predicted spans.
        predicted: the predicted span in question, if the entity was projected elsewhere.
    """
    name = evidence.source_text(entity)
    if not evidence.projection.decisions:
        return Verdict("unknown", f"no decision on {name} is recorded")
    decision = evidence.decision_about(entity, gold, predicted)
    if decision is None:
        # A projector decides on every entity that it is given.
        return Verdict("filtered", f"{name} was taken out before it reached the projector")
    if decision.candidate is not None and same_words(decision.candidate, gold):
        reason = f"{name} was projected onto it and the trace does not say what undid that"
        return Verdict("unknown", reason)
    ruled = lost_to_rule(evidence, decision, gold)
    if ruled is not None:
        return ruled
    score = evidence.score(entity, gold)
    if score is not None and score > 0:
        return lost_on_score(evidence, decision, gold)
    upstream = _lost_in_links(evidence, entity, gold) or _lost_among_candidates(
        evidence, decision, gold, score
    )
    return upstream or _told_by_projector(evidence, decision)


def _lost_in_links(evidence: Evidence, entity: int, gold: Span) -> Verdict | None:
    linked = evidence.linked_words(entity)
    if linked is None:
        return None
    name, span = evidence.source_text(entity), evidence.target_text(gold)
    inside = linked & set(range(gold.start, gold.end))
    if not inside:
        lead = f"lead to {evidence.target_words(linked)} and not into {span}"
        reason = (
            f"the links of {name} {lead}" if linked else f"no word of {name} is linked to any word"
        )
        return _unseen(evidence, entity, gold) or Verdict("no-link", reason)
    reached = (min(linked), max(linked) + 1)
    follows_links = evidence.made_of_links() and not evidence.is_candidate(gold)
    if follows_links and reached != (gold.start, gold.end):
        reason = f"the links of {name} reach {evidence.target_words(linked)} instead of {span}"
        return Verdict("wrong-link", reason)
    return None


def _unseen(evidence: Evidence, entity: int, gold: Span) -> Verdict | None:
    """Blame the tokenizer if one of the two spans consists of words without a vector."""
    source = evidence.entities[entity]
    silent = "was compared with no word, as happens to words the tokenizer drops or cuts off"
    if evidence.unseen_source.issuperset(range(source.start, source.end)):
        return Verdict("tokenisation", f"{evidence.source_text(entity)} {silent}")
    if evidence.unseen_target.issuperset(range(gold.start, gold.end)):
        return Verdict("tokenisation", f"{evidence.target_text(gold)} {silent}")
    return None


def _lost_among_candidates(
    evidence: Evidence, decision: Decision, gold: Span, score: float | None
) -> Verdict | None:
    span = evidence.target_text(gold)
    proposed = evidence.is_candidate(gold)
    if proposed is None:
        return None
    if not proposed:
        count = len(evidence.columns)
        return Verdict("no-candidate", f"{span} is not among the {count} spans proposed")
    if score is not None:
        return Verdict("no-score", f"{span} was proposed but scored 0")
    return lost_on_score(evidence, decision, gold)


def _told_by_projector(evidence: Evidence, decision: Decision) -> Verdict:
    name = evidence.source_text(decision.entity)
    if decision.candidate is None and decision.reason in REASONS:
        stage, reason = REASONS[decision.reason]
        return Verdict(stage, reason.format(name))
    return Verdict("unknown", f"the trace does not say why {name} was not projected there")
