"""What is learned from reviewed sentences: pins and bans for the next run, gold, better weights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.config import RunConfig
from core.errors import DataError
from core.evaluate.significance import Bootstrap, Comparison, compare_runs
from core.pipeline import Constraints
from core.stages import Progress
from core.store.answers import Answer, check_answer
from core.tuning import Tuned, tune
from core.types import EntityCandidate, Projection, SentencePair, Span
from core.workflow import Workflow

LEAST_SENTENCES = 20
"""Reviewed sentences with an entity that weights can be tuned on: with fewer, a fold of five holds
three sentences or less and a single one decides."""


@dataclass(frozen=True, slots=True)
class Retuned:
    """A method tuned on reviewed sentences.

    Attributes:
        tuned: the method and its scores.
        gain: the method as it was against its weights on the sentences they were chosen without;
            `difference` is the F1 to expect more, with an interval over sentences.
    """

    tuned: Tuned
    gain: Comparison

    def as_dict(self) -> dict[str, Any]:
        """Return the result, ready for JSON."""
        return {**self.tuned.as_dict(), "gain": self.gain.as_dict()}


def constraints_of(projection: Projection, answer: Answer, *, most: int | None = 1) -> Constraints:
    """Turn a reviewer's decisions into pins and bans, so that the next run keeps them.

    A span that stands for a source entity becomes a pin. A span that was projected from an entity
    and is not in the answer becomes a ban. Every candidate of an entity that was dropped becomes a
    ban. Only an accepted answer speaks: nothing is said of the whole by the others. A class that
    the reviewer changed is no matter of pins: the run gives a span the class of its entity.

    Args:
        projection: what the reviewer looked at, with its candidates where the trace is kept.
        answer: of the same sentence.
        most: pins an entity may have, as many as the projector gives it spans; the longest stay.
            None for no limit.

    Returns:
        Pins and bans that can hold together, in order.

    Raises:
        DataError: the answer does not fit the sentence (code bad-annotation).
    """
    if answer.status != "accepted":
        return Constraints()
    check_answer(answer, projection.pair.target)
    place = _places_of_entities(projection, answer)
    dropped = {place[entity] for entity in answer.dropped if entity in place}
    held = {
        EntityCandidate(place[one.entity], one.start, one.end)
        for one in answer.spans
        if one.entity is not None and one.entity in place and place[one.entity] not in dropped
    }
    pins: list[EntityCandidate] = []
    count = Counter[int]()
    for pin in sorted(held, key=lambda one: (one.start - one.end, one.start)):
        if most is None or count[pin.entity] < most:
            pins.append(pin)
            count[pin.entity] += 1
    return Constraints(
        tuple(sorted(pins, key=_order)),
        tuple(sorted(_bans(projection, answer, dropped) - held, key=_order)),
    )


def _places_of_entities(projection: Projection, answer: Answer) -> dict[int, int]:
    """Return the index that the projection knows an entity of the answer by."""
    known = projection.pair.source.spans
    if answer.edits.entities is None:
        return {entity: entity for entity in range(len(known))}
    # The reviewer may have changed entities since: what is the same has the same words.
    index = {(span.start, span.end): entity for entity, span in enumerate(known)}
    bounds = [(span.start, span.end) for span in answer.edits.entities]
    return {entity: index[here] for entity, here in enumerate(bounds) if here in index}


def _bans(projection: Projection, answer: Answer, dropped: set[int]) -> set[EntityCandidate]:
    # A span that the answer has without its entity is right, whoever it stands for.
    nameless = {(one.start, one.end) for one in answer.spans if one.entity is None}
    bans = {
        EntityCandidate(one.entity, one.candidate.start, one.candidate.end)
        for one in projection.decisions
        if one.candidate is not None and (one.candidate.start, one.candidate.end) not in nameless
    }
    considered = [*projection.trace.candidates]
    considered += [rival.candidate for one in projection.decisions for rival in one.blocked_by]
    considered += [one.candidate for one in projection.decisions if one.candidate is not None]
    return bans | {
        EntityCandidate(entity, candidate.start, candidate.end)
        for entity in dropped
        for candidate in considered
    }


def _order(one: EntityCandidate) -> tuple[int, int, int]:
    return one.entity, one.start, one.end


def reviewed_pairs(
    pairs: Sequence[SentencePair], answers: Mapping[int, Answer]
) -> list[SentencePair]:
    """Return the pairs with an accepted answer, that answer being gold.

    Args:
        pairs: the corpus.
        answers: the current answer by place.

    Returns:
        In corpus order, with the source entities as the reviewer left them.

    Raises:
        DataError: an answer does not fit its sentence (code bad-annotation).
    """
    found = []
    for place in sorted(answers):
        answer = answers[place]
        if answer.status == "accepted":
            pair = answer.edits.pair(pairs[place])
            check_answer(answer, pair.target)
            target = replace(pair.target, spans=answer.plain_spans)
            found.append(replace(pair, target=target, has_gold=True))
    return found


def retune(
    config: RunConfig,
    pairs: Sequence[SentencePair],
    answers: Mapping[int, Answer],
    *,
    folds: int = 5,
    seed: int = 0,
    progress: Progress | None = None,
) -> Retuned:
    """Choose a method's weights anew on what was reviewed, and tell what to expect of them.

    Args:
        config: a method with scores.
        pairs: the corpus.
        answers: the current answer by place; accepted ones are gold.
        folds: parts for cross-validation.
        seed: decides which sentence is in which part, and the resampling.
        progress: called as stages advance.

    Raises:
        ConfigError: the method has no scores to weigh (code missing-stage), or a number of folds
            that cannot be (bad-value).
        DataError: too few sentences were reviewed (code missing-gold).
        SpanbridgeError: the method cannot run here.
    """
    gold = reviewed_pairs(pairs, answers)
    have = sum(bool(pair.source.spans or pair.target.spans) for pair in gold)
    needed = max(LEAST_SENTENCES, folds)
    if have < needed:
        raise DataError(
            f"weights must be tuned on at least {needed} accepted sentences with an entity, "
            f"got {have}",
            code="missing-gold",
            hint=f"accept {needed - have} more",
        )
    workflow = Workflow.from_config(config)
    projections = workflow.run(gold, progress=progress)
    tuned = tune(workflow.config, projections, folds=folds, seed=seed)
    gain = compare_runs(
        _with_spans(projections, tuned.before_spans),
        _with_spans(projections, tuned.held_out_spans),
        names=("before", "held out"),
        bootstrap=Bootstrap(seed=seed),
    )
    return Retuned(tuned, gain)


def _with_spans(
    projections: Sequence[Projection], spans: Sequence[frozenset[Span]]
) -> list[Projection]:
    return [
        replace(projection, spans=tuple(sorted(found)))
        for projection, found in zip(projections, spans, strict=True)
    ]
