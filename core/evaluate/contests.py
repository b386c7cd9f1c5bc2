"""Lost in matching: to which span, by which constraint, with which scores.

A gold span that was proposed, could be scored and yet was not taken lost a contest; the projector's
decision names the constraint, the score matrix both sides' terms.
"""

from __future__ import annotations

from math import isclose

from core.evaluate.evidence import Evidence, same_words
from core.evaluate.verdicts import Constraint, Contest, Verdict
from core.types import Decision, Rival, Span

# Scores are sums of float terms in different order.
_RELATIVE, _ABSOLUTE = 1e-9, 1e-12


def lost_to_rule(evidence: Evidence, decision: Decision, gold: Span) -> Verdict | None:
    """Say which rule stopped a gold span; None if none is recorded.

    Rules are the constraints of the matching, options of the projector and a reviewer's pins and
    bans; the decision lists them for every span that scored more than the winner.
    """
    for rival in decision.blocked_by:
        if same_words(rival.candidate, gold):
            # A projector without scores lists its rivals with 0.
            score = None if evidence.projection.trace.scores is None else rival.score
            if rival.constraint == "word":
                return _lost_word(evidence, decision, gold, rival, score)
            return _lost_to_option(evidence, decision, gold, rival.constraint, score)
    if decision.reason == "pinned":
        return _lost_to_option(
            evidence, decision, gold, "pinned", evidence.score(decision.entity, gold)
        )
    return None


def lost_on_score(evidence: Evidence, decision: Decision, gold: Span) -> Verdict:
    """Say how a gold span that was a candidate lost where no rule stopped it.

    Args:
        evidence: the projection.
        decision: the decision on the gold span's entity.
        gold: a candidate, with a positive score if scores are recorded.
    """
    span = evidence.target_text(gold)
    score = evidence.score(decision.entity, gold)
    if decision.candidate is None:
        return _not_projected(evidence, decision, gold, score)
    taken = evidence.target_text(decision.candidate)
    if score is None:
        contest = _contest(evidence, decision, gold, "unknown", None)
        reason = f"{span} was a candidate but {taken} was taken, and no scores are recorded"
        return Verdict("matching", reason, contest)
    if isclose(score, decision.score, rel_tol=_RELATIVE, abs_tol=_ABSOLUTE):
        contest = _contest(evidence, decision, gold, "tie", score)
        return Verdict("matching", f"{span} and {taken} both scored {score:.3g}", contest)
    if score < decision.score:
        contest = _contest(evidence, decision, gold, "score", score)
        reason = f"{taken} scored {decision.score:.3g} and {span} only {score:.3g}"
        return Verdict("matching", reason + _terms(contest), contest)
    contest = _contest(evidence, decision, gold, "unknown", score)
    reason = (
        f"{span} scored {score:.3g}, more than {taken}, and no rule that stopped it is recorded"
    )
    return Verdict("unknown", reason, contest)


def _not_projected(
    evidence: Evidence, decision: Decision, gold: Span, score: float | None
) -> Verdict:
    name = evidence.source_text(decision.entity)
    if decision.reason == "filtered":
        return _lost_to_option(evidence, decision, gold, "filtered", score)
    if decision.reason == "blocked":
        contest = _contest(evidence, decision, gold, "word", score)
        reason = f"every span of {name} that scored lost its words to another entity"
        return Verdict("matching", reason, contest)
    contest = _contest(evidence, decision, gold, "unknown", score)
    return Verdict("unknown", f"{name} was not projected and the trace does not say why", contest)


def _lost_to_option(
    evidence: Evidence,
    decision: Decision,
    gold: Span,
    constraint: Constraint,
    score: float | None,
) -> Verdict:
    contest = _contest(evidence, decision, gold, constraint, score)
    span = evidence.target_text(gold)
    if constraint == "filtered":
        return Verdict("filtered", f"an option of the projector removed {span}", contest)
    if constraint == "banned":
        return Verdict("review", f"a reviewer forbade {span}", contest)
    return Verdict("review", f"a reviewer fixed {evidence.source_text(decision.entity)}", contest)


def _lost_word(
    evidence: Evidence, decision: Decision, gold: Span, rival: Rival, score: float | None
) -> Verdict:
    holder = _holder(evidence, rival)
    contest = Contest(
        constraint="word",
        gold_score=score,
        gold_terms=evidence.terms(decision.entity, gold),
        winner=None if holder is None else holder.candidate,
        winner_entity=rival.entity,
        winner_score=None if holder is None or score is None else holder.score,
        winner_terms={} if holder is None else holder.terms,
        word=rival.word,
    )
    word = "a word"
    if rival.word is not None:
        word = f"the word {evidence.target_words(frozenset({rival.word}))}"
    owner = "another span" if rival.entity is None else evidence.source_text(rival.entity)
    scored = "" if score is None else f", which scored {score:.3g},"
    where = ""
    if contest.winner is not None:
        where = f", projected onto {evidence.target_text(contest.winner)}"
    reason = f"{evidence.target_text(gold)}{scored} lost {word} to {owner}{where}"
    return Verdict("matching", reason, contest)


def _holder(evidence: Evidence, rival: Rival) -> Decision | None:
    """Return the decision by which another entity holds the word; None if it is not recorded."""
    if rival.entity is None:
        return None
    for decision in evidence.decisions(rival.entity):
        if decision.candidate is not None and decision.candidate.overlaps(rival.candidate):
            return decision
    return None


def _contest(
    evidence: Evidence,
    decision: Decision,
    gold: Span,
    constraint: Constraint,
    score: float | None,
) -> Contest:
    projected = decision.candidate is not None
    return Contest(
        constraint=constraint,
        gold_score=score,
        gold_terms=evidence.terms(decision.entity, gold),
        winner=decision.candidate,
        winner_entity=decision.entity if projected else None,
        winner_score=None if score is None or not projected else decision.score,
        winner_terms=decision.terms if projected else {},
    )


def _terms(contest: Contest) -> str:
    """Write both sides' score terms side by side; nothing for a single term."""
    names = [name for name in contest.winner_terms if name in contest.gold_terms]
    if len(names) < 2:
        return ""
    sides = (
        f"{name} {contest.winner_terms[name]:.3g} to {contest.gold_terms[name]:.3g}"
        for name in names
    )
    return f" ({', '.join(sides)})"
