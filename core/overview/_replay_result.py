"""What an attack did: flips, the stages at which the runs part, and what failed.

A source entity flips if its target span or its class comes out otherwise; a span that only stands
elsewhere, because a change has put more or fewer words before it, does not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from core.overview._replay_attack import Attack, Side
from core.overview._replay_runs import Subject, compare, find_subjects
from core.overview._replay_stages import PARTINGS, Parting, part
from core.overview._replay_steps import Step, steps
from core.perturbations import Change
from core.types import Failure, Projection, Sentence, Span

FlipKind = Literal[
    "lost",  # projected in the clean run only
    "gained",  # projected in the perturbed run only
    "moved",  # onto other words, with the same class
    "class",  # with another class, on whatever words
]
Effect = Literal[
    "broken",  # as in gold in the clean run, not so in the perturbed one
    "mended",  # the other way round
    "neither",  # wrong in both
]
RunName = Literal["clean", "perturbed"]


@dataclass(frozen=True, slots=True)
class Flip:
    """An entity that came out otherwise.

    Attributes:
        kind: what became of it.
        stage: the first stage at which the runs part over it.
        reason: why it is this one, as a clause without a full stop.
        subject: its spans and source entities in both runs.
        term: the score that moved most, where the runs part at the scores.
        effect: what it means against gold; None without gold annotation.
    """

    kind: FlipKind
    stage: Parting
    reason: str
    subject: Subject
    term: str = ""
    effect: Effect | None = None


@dataclass(frozen=True, slots=True)
class ReplayedPair:
    """Both runs of one pair.

    Attributes:
        number: place of the pair in the corpus, from 1.
        side: the side that was perturbed.
        clean: projection of the pair as it is.
        perturbed: projection of the changed pair; the clean one where nothing was changed.
        changes: what was changed, in order.
        flips: entities that came out otherwise, in order; none where a run failed.
        unchanged: why nothing was changed; empty where something was.
    """

    number: int
    side: Side
    clean: Projection
    perturbed: Projection
    changes: tuple[Change, ...] = ()
    flips: tuple[Flip, ...] = ()
    unchanged: str = ""

    @property
    def id(self) -> str:
        """Return the corpus's own name for the pair."""
        return self.clean.pair.id

    @property
    def failures(self) -> tuple[tuple[RunName, Failure], ...]:
        """Return the run or runs that failed, each with the reason."""
        runs: tuple[tuple[RunName, Projection], ...] = (
            ("clean", self.clean),
            ("perturbed", self.perturbed),
        )
        return tuple((name, run.failure) for name, run in runs if run.failure is not None)


def replay_pair(
    number: int,
    clean: Projection,
    perturbed: Projection,
    changes: Sequence[Change] = (),
    *,
    side: Side,
    unchanged: str = "",
) -> ReplayedPair:
    """Compare both runs of a pair.

    Args:
        number: place of the pair in the corpus, from 1.
        clean: with its trace.
        perturbed: with its trace.
        changes: of the perturbed sentence, in order.
        side: the side that was perturbed.
        unchanged: why nothing was changed.
    """
    pair = ReplayedPair(number, side, clean, perturbed, tuple(changes), (), unchanged)
    if pair.failures:
        return pair
    runs = compare(clean, perturbed, changes, side=side)
    flips = []
    for subject in find_subjects(runs):
        parted = part(runs, subject)
        flips.append(
            Flip(
                kind=_kind(subject),
                stage=parted.stage,
                reason=parted.reason,
                subject=subject,
                term=parted.term,
                effect=_effect(clean, perturbed, subject),
            )
        )
    return ReplayedPair(number, side, clean, perturbed, tuple(changes), tuple(flips), unchanged)


def _kind(subject: Subject) -> FlipKind:
    if subject.clean is None:
        return "gained"
    if subject.perturbed is None:
        return "lost"
    return "moved" if subject.clean.label == subject.perturbed.label else "class"


def _effect(clean: Projection, perturbed: Projection, subject: Subject) -> Effect | None:
    if not clean.pair.has_gold:
        return None
    # Where a run has no span, that is right unless it ought to have the other run's.
    was_right = _is_right(clean, subject.clean)
    is_right = _is_right(perturbed, subject.perturbed)
    if subject.perturbed is None:
        is_right = not was_right
    if subject.clean is None:
        was_right = not is_right
    if was_right == is_right:
        return "neither"
    return "broken" if was_right else "mended"


def _is_right(projection: Projection, span: Span | None) -> bool:
    return span is not None and span in projection.pair.target.spans


def follow(pair: ReplayedPair, flip: Flip) -> tuple[Step, ...]:
    """Follow a flipped entity from the changed words to the span that came out.

    Args:
        pair: the pair it belongs to.
        flip: one of its flips.
    """
    runs = compare(pair.clean, pair.perturbed, pair.changes, side=pair.side)
    return steps(runs, flip.subject, flip.stage, pair.changes, side=pair.side)


@dataclass(frozen=True, slots=True)
class Replay:
    """A corpus under an attack.

    Attributes:
        signature: everything that it depends on.
        attack: what was done to the sentences.
        pairs: all of them, in corpus order.
        notes: what a reader must know of the perturbation.
    """

    signature: str
    attack: Attack
    pairs: tuple[ReplayedPair, ...]
    notes: tuple[str, ...] = ()

    @property
    def flips(self) -> tuple[tuple[ReplayedPair, Flip], ...]:
        """Return every flip with its pair, in corpus order."""
        return tuple((pair, flip) for pair in self.pairs for flip in pair.flips)

    @property
    def failed(self) -> tuple[ReplayedPair, ...]:
        """Return the pairs that failed in one of the runs."""
        return tuple(pair for pair in self.pairs if pair.failures)

    @property
    def changed(self) -> int:
        """Return how many pairs were changed."""
        return sum(bool(pair.changes) for pair in self.pairs)

    def counts(self) -> dict[Parting, int]:
        """Count flips by stage, in the order of the stages; without zeros."""
        found = Counter(flip.stage for _, flip in self.flips)
        return {stage: found[stage] for stage in PARTINGS if found[stage]}

    def as_dict(self) -> dict[str, Any]:
        """Return the replay without its traces, ready for JSON."""
        return {
            "signature": self.signature,
            "sentences": len(self.pairs),
            "changed": self.changed,
            "failures": len(self.failed),
            "counts": dict(self.counts()),
            "kinds": dict(Counter(flip.kind for _, flip in self.flips)),
            "effects": dict(Counter(flip.effect for _, flip in self.flips if flip.effect)),
            "flips": [flip_record(pair, flip) for pair, flip in self.flips],
            "failed": [_failed_record(pair, *one) for pair in self.failed for one in pair.failures],
            "unchanged": dict(Counter(one.unchanged for one in self.pairs if one.unchanged)),
            "notes": list(self.notes),
        }


def flip_record(pair: ReplayedPair, flip: Flip) -> dict[str, Any]:
    """Return a flip with its texts and the changes of its sentence, ready for JSON."""
    subject = flip.subject
    return {
        "number": pair.number,
        "id": pair.id,
        "kind": flip.kind,
        "stage": flip.stage,
        "reason": flip.reason,
        "term": flip.term,
        "effect": flip.effect,
        "clean": _span_record(pair.clean.pair.target, subject.clean),
        "perturbed": _span_record(pair.perturbed.pair.target, subject.perturbed),
        "clean_entity": _entity_record(pair.clean, subject.clean_entity),
        "perturbed_entity": _entity_record(pair.perturbed, subject.perturbed_entity),
        "changes": [
            {
                "start": one.start,
                "new_start": one.new_start,
                "before": list(one.before),
                "after": list(one.after),
                "reason": one.reason,
            }
            for one in pair.changes
        ],
    }


def _span_record(sentence: Sentence, span: Span | None) -> dict[str, Any] | None:
    if span is None:
        return None
    place = {"start": int(span.start), "end": int(span.end)}
    return {**place, "label": span.label, "text": sentence.text_of(span)}


def _entity_record(projection: Projection, entity: int | None) -> dict[str, Any] | None:
    source = projection.pair.source
    return None if entity is None else _span_record(source, source.spans[entity])


def _failed_record(pair: ReplayedPair, run: RunName, failure: Failure) -> dict[str, Any]:
    return {
        "number": pair.number,
        "id": pair.id,
        "run": run,
        "stage": failure.stage,
        "code": failure.code,
        "message": failure.message,
    }
