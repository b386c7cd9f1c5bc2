"""Projections in plain words: why each entity went where it did, and a sentence's full report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from core.errors import DataError
from core.evaluate.diagnosis import diagnose
from core.text.brackets import parse_brackets, to_brackets
from core.text.pharaoh import format_links
from core.types import Candidate, Decision, Projection, Rival, Sentence, SentencePair, Span

SentenceStatus = Literal["as in gold", "differs", "failed", "no gold"]

# A long list of near-identical rivals tells a reader no more than its head.
_RIVALS_IN_WORDS = 3

_NOTHING = {
    "no-link": "none of its words is linked to a target word",
    "no-candidate": "no candidate span was proposed for it",
    "no-score": "no candidate span has a positive score for it",
    "blocked": "every candidate with a positive score lost a word to another entity",
    "filtered": "a filter of the method, such as its least score, removed every candidate",
    "banned": "a reviewer forbade every candidate with a positive score",
    "marker-lost": "its marker did not survive translation",
    "outvoted": "the tagger's own view of the target outweighed it",
}


def entity_letter(index: int) -> str:
    """Name an entity by its place: A to Z, then AA, AB and so on.

    >>> [entity_letter(index) for index in (0, 25, 26, 27)]
    ['A', 'Z', 'AA', 'AB']
    """
    letter = chr(ord("A") + index % 26)
    return letter if index < 26 else entity_letter(index // 26 - 1) + letter


def sentence_status(projection: Projection) -> SentenceStatus:
    """Compare a sentence's projected spans with gold; a failed sentence is failed, not wrong."""
    if projection.failure is not None:
        return "failed"
    if not projection.pair.has_gold:
        return "no gold"
    return "as in gold" if projection.spans == projection.pair.target.spans else "differs"


def typed_pair(
    source: str, target: str, source_language: str, target_language: str
) -> SentencePair:
    """Make a pair from two texts in bracket notation.

    Args:
        source: text whose entities are marked.
        target: its translation; entities marked in it are gold.
        source_language: BCP-47 code.
        target_language: BCP-47 code.

    Raises:
        DataError: a side has no words (code empty-corpus) or malformed brackets (bad-annotation);
            the message names the side.
    """
    sides = []
    for side, text, language in (
        ("source", source, source_language),
        ("target", target, target_language),
    ):
        try:
            sentence = parse_brackets(text, language)
        except DataError as error:
            raise DataError(
                f"the {side} sentence: {error.message}", code=error.code, hint=error.hint
            ) from error
        if not sentence.words:
            raise DataError(
                f"the {side} sentence must have words, got none",
                code="empty-corpus",
                hint="type a sentence; entities are marked as [PER Ada Lovelace]",
            )
        sides.append(sentence)
    return SentencePair(sides[0], sides[1], id="typed", has_gold=bool(sides[1].spans))


def explain_decision(projection: Projection, decision: Decision) -> str:
    """Say in one or two sentences why an entity got the span it got, or none.

    Args:
        projection: the projection that the decision belongs to.
        decision: one of its decisions.
    """
    entity = _entity(projection, decision.entity)
    if decision.candidate is None:
        return f"{entity} was not projected: {_why_nothing(projection, decision)}."
    place = f"{_quote(projection, decision.candidate)} {_bounds(decision.candidate)}"
    verb = "was fixed by a reviewer" if decision.reason == "pinned" else "was chosen"
    lead = f"{place} {verb} for {entity}"
    parts = [f"{lead}: {_sum_of_terms(projection, decision)}{_runner_up(projection, decision)}."]
    return " ".join([*parts, *_rivals(projection, decision)])


def _entity(projection: Projection, index: int) -> str:
    """Name a source entity; its letter is added where another has the same class and text."""
    source = projection.pair.source
    names = [f"{span.label} “{source.text_of(span)}”" for span in source.spans]
    name = names[index]
    return f"{name} ({entity_letter(index)})" if names.count(name) > 1 else name


def _quote(projection: Projection, span: Candidate | Span) -> str:
    return f"“{projection.pair.target.text_of(span)}”"


def _bounds(span: Candidate | Span) -> str:
    return f"[{span.start}, {span.end})"


def _sum_of_terms(projection: Projection, decision: Decision) -> str:
    if not decision.terms:
        return "it is a run of words linked to the entity; the method keeps no scores"
    scores = projection.trace.scores
    weights: Mapping[str, float] = {} if scores is None else scores.weights
    terms = []
    for name, value in decision.terms.items():
        weight = weights.get(name, 1.0)
        factor = "" if weight == 1 else f"{weight:g} × "
        terms.append(f"{factor}{name} {value:.2f}")
    return f"score {decision.score:.2f} = {' + '.join(terms)}"


def _runner_up(projection: Projection, decision: Decision) -> str:
    if decision.runner_up is None:
        return "; no other candidate scored" if decision.terms else ""
    if decision.margin < 0:  # told among the rivals, with what stopped it
        return ""
    return (
        f"; the runner-up {_quote(projection, decision.runner_up)} scored "
        f"{decision.runner_up_score:.2f} (margin {decision.margin:.2f})"
    )


def _rivals(projection: Projection, decision: Decision) -> list[str]:
    entity = _entity(projection, decision.entity)
    told = [
        f"{_quote(projection, rival.candidate)} {_scored(rival)} for {entity} "
        f"but {explain_rival(projection, rival)}."
        for rival in decision.blocked_by[:_RIVALS_IN_WORDS]
    ]
    more = len(decision.blocked_by) - len(told)
    return [*told, f"{more} more scored higher and were stopped too."] if more else told


def _scored(rival: Rival) -> str:
    # A method without scores records rivals with 0.
    return f"scored higher ({rival.score:.2f})" if rival.score > 0 else "is linked too"


def explain_rival(projection: Projection, rival: Rival) -> str:
    """Say what stopped a span that scored higher, as a clause."""
    if rival.constraint == "word":
        if rival.word is None or rival.entity is None:
            return "one of its words is held by another entity"
        word = projection.pair.target.words[rival.word]
        return f"its word “{word}” is held by {_entity(projection, rival.entity)}"
    return {
        "banned": "a reviewer forbade it",
        "pinned": "a reviewer fixed another span",
        "filtered": "a filter of the method, such as its least score, removed it",
    }[rival.constraint]


def _why_nothing(projection: Projection, decision: Decision) -> str:
    reason = _NOTHING.get(decision.reason, decision.reason)
    best = next(
        (rival for rival in decision.blocked_by if rival.candidate == decision.runner_up),
        decision.blocked_by[0] if decision.blocked_by else None,
    )
    if best is None:
        if decision.runner_up is None:
            return reason
        name = _quote(projection, decision.runner_up)
        return f"{reason}; the best one, {name}, scored {decision.runner_up_score:.2f}"
    scored = f" (score {best.score:.2f})" if best.score > 0 else ""
    told = f"{reason}; the best one, {_quote(projection, best.candidate)}{scored}, was not taken"
    return f"{told} because {explain_rival(projection, best)}"


def explanation_record(projection: Projection) -> dict[str, Any]:
    """Return the full story of one pair as a JSON object.

    Sentences are in bracket notation; `projected` is null where the sentence failed, `gold` and
    `diagnoses` where there is no gold annotation, `links` where nothing was aligned, `marked` where
    the method translates nothing back with markers.
    """
    pair, trace, failure = projection.pair, projection.trace, projection.failure
    scores, alignment = trace.scores, trace.alignment
    return {
        "id": pair.id,
        "source_language": pair.source.language,
        "target_language": pair.target.language,
        "method": projection.method,
        "outcome": sentence_status(projection),
        "source": to_brackets(pair.source),
        "projected": None if failure else _marked(pair.target, projection.spans),
        "gold": to_brackets(pair.target) if pair.has_gold else None,
        "marked": None if trace.marked is None else to_brackets(trace.marked),
        "links": None if alignment is None else format_links(alignment),
        "link_note": "" if alignment is None else alignment.note,
        "candidates": len(trace.candidates),
        "weights": {} if scores is None else dict(scores.weights),
        "decisions": [_decision_record(projection, decision) for decision in projection.decisions],
        "diagnoses": _diagnosis_records(projection),
        "status": trace.status,
        "objective": float(trace.objective),
        "messages": list(trace.messages),
        "seconds": {stage: float(spent) for stage, spent in trace.seconds.items()},
        "failure": failure
        and {"stage": failure.stage, "code": failure.code, "message": failure.message},
    }


def _marked(sentence: Sentence, spans: tuple[Span, ...]) -> str:
    return to_brackets(replace(sentence, spans=spans))


def _decision_record(projection: Projection, decision: Decision) -> dict[str, Any]:
    source, target = projection.pair.source, projection.pair.target
    entity = source.spans[decision.entity]
    return {
        "letter": entity_letter(decision.entity),
        "label": entity.label,
        "entity": _place(source, entity),
        "chosen": _place(target, decision.candidate),
        "reason": decision.reason,
        "score": float(decision.score),
        "terms": {name: float(value) for name, value in decision.terms.items()},
        "runner_up": _place(target, decision.runner_up),
        "runner_up_score": float(decision.runner_up_score),
        "margin": float(decision.margin),
        "blocked_by": [_rival_record(projection, rival) for rival in decision.blocked_by],
        "explanation": explain_decision(projection, decision),
    }


def _rival_record(projection: Projection, rival: Rival) -> dict[str, Any]:
    return {
        **(_place(projection.pair.target, rival.candidate) or {}),
        "score": float(rival.score),
        "constraint": rival.constraint,
        "held_by": None if rival.entity is None else entity_letter(rival.entity),
        "word": None if rival.word is None else projection.pair.target.words[rival.word],
        "explanation": explain_rival(projection, rival),
    }


def _place(sentence: Sentence, span: Candidate | Span | None) -> dict[str, Any] | None:
    if span is None:
        return None
    return {"start": int(span.start), "end": int(span.end), "text": sentence.text_of(span)}


def _diagnosis_records(projection: Projection) -> list[dict[str, Any]] | None:
    if not projection.pair.has_gold:
        return None
    target = projection.pair.target
    return [
        {
            "label": one.label,
            "gold": _place(target, one.gold),
            "predicted": _place(target, one.predicted),
            "outcome": one.outcome,
            "stage": one.stage,
            "explanation": one.explanation,
        }
        for one in diagnose(projection)
    ]


def explanation_text(projection: Projection) -> str:
    """Return the full story of one pair as text for people, several lines."""
    record = explanation_record(projection)
    languages = f"{record['source_language']} → {record['target_language']}"
    weights = ", ".join(f"{name} × {weight:g}" for name, weight in record["weights"].items())
    lines = [
        f"{record['id'] or 'sentence'}  {languages}  method {record['method']}",
        f"source:     {record['source']}",
        *([f"back:       {record['marked']}"] if record["marked"] else []),
        f"projected:  {record['projected'] if record['failure'] is None else 'FAILED'}",
        f"gold:       {'none' if record['gold'] is None else record['gold']}",
        f"links:      {record['links'] or 'none'}",
        f"candidates: {record['candidates']}; scores: {weights or 'none'}",
        f"status:     {record['status'] or 'failed'}, {record['outcome']}",
    ]
    if projection.failure is not None:
        failure = projection.failure
        lines.append(f"failed in {failure.stage} [{failure.code}]: {failure.message}")
    lines += [f"  {one['letter']}  {one['explanation']}" for one in record["decisions"]]
    if record["diagnoses"]:
        lines += ["diagnosis:", *(f"  {one['explanation']}" for one in record["diagnoses"])]
    lines += [f"message: {message}" for message in record["messages"]]
    if record["link_note"]:
        lines.append(f"note on links: {record['link_note']}")
    spent = ", ".join(f"{stage} {value:.3f}" for stage, value in record["seconds"].items())
    return "\n".join([*lines, f"seconds:    {spent or 'none'}"])
