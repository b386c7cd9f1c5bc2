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
from core.review.surfaces import entities_of
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

    @property
    def method(self) -> RunConfig:
        """Return what to keep as a method.

        The stages before projection and the classes belong to the corpus at hand.
        """
        gone = {"translator": None, "labeller": None, "labels": None}
        return self.tuned.config.model_copy(update=gone)

    def as_dict(self) -> dict[str, Any]:
        """Return the result, ready for JSON."""
        return {**self.tuned.as_dict(), "gain": self.gain.as_dict()}


def constraints_of(
    projection: Projection,
    answer: Answer,
    *,
    seen: SentencePair | None = None,
    most: int | None = 1,
) -> Constraints:
    """Turn a reviewer's decisions into pins and bans, so that the next run keeps them.

    A span that stands for a source entity becomes a pin. A span that was projected from an entity
    and is not in the answer becomes a ban. Every candidate of an entity that was dropped becomes a
    ban, and of one that the answer does not know, but where the answer has a span. Only an accepted
    answer speaks: nothing is said of the whole by the others. A class that the reviewer changed is
    no matter of pins: the run gives a span the class of its entity.

    Args:
        projection: of the run to come back to, with its candidates where the trace is kept.
        answer: of the same sentence.
        seen: the pair as the run has it that the answer starts from, whose entities the answer
            numbers; None where that is the projection's own.
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
    place = _places_of_entities(projection.pair, answer, seen or projection.pair)
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
        tuple(sorted(_bans(projection, answer, place, dropped) - held, key=_order)),
    )


def _places_of_entities(pair: SentencePair, answer: Answer, seen: SentencePair) -> dict[int, int]:
    """Return the index in a pair by entity of the answer; one that the pair lacks is not there."""
    if seen.source.words != pair.source.words:
        return {}
    # Another run, or the reviewer, may give the entity another class: the same words tell it.
    index = {(span.start, span.end): entity for entity, span in enumerate(pair.source.spans)}
    bounds = [(span.start, span.end) for span in entities_of(answer, seen)]
    return {entity: index[here] for entity, here in enumerate(bounds) if here in index}


def _bans(
    projection: Projection, answer: Answer, place: Mapping[int, int], dropped: set[int]
) -> set[EntityCandidate]:
    # A span that the answer has for no entity of the projection is right, whoever it stands for.
    nameless = {(one.start, one.end) for one in answer.spans if one.entity not in place}
    projected = {
        (one.entity, (one.candidate.start, one.candidate.end))
        for one in projection.decisions
        if one.candidate is not None
    }
    rivals = [rival.candidate for one in projection.decisions for rival in one.blocked_by]
    considered = {(one.start, one.end) for one in (*projection.trace.candidates, *rivals)}
    considered |= {here for _, here in projected}
    unknown = set(range(len(projection.pair.source.spans))) - {*place.values()}
    bans = projected | {(entity, here) for entity in unknown for here in considered}
    bans = {(entity, here) for entity, here in bans if here not in nameless}
    bans |= {(entity, here) for entity in dropped for here in considered}
    return {EntityCandidate(entity, *here) for entity, here in bans}


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
