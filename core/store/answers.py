"""A reviewer's answer for one sentence, as it stands after a decision.

An answer is whole: the spans, how far the reviewer has got, and the changes that led there. Every
decision keeps the answer it led to, so that any state can be shown again without working it out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from core.errors import DataError, StoreError
from core.types import EntityCandidate, Link, Sentence, Span
from core.whatif.edits import NO_EDITS, Edits

Status = Literal[
    "open",  # nobody has said anything
    "working",  # something was changed, and nothing said of the whole
    "accepted",  # the spans are right
    "rejected",  # the sentence is of no use, and is left out of exports
    "flagged",  # somebody should look at it again
]
STATUSES: tuple[Status, ...] = get_args(Status)
DONE: frozenset[Status] = frozenset({"accepted", "rejected"})
"""Statuses that take a sentence out of the queue."""


@dataclass(frozen=True, slots=True, order=True)
class AnswerSpan:
    """A labelled run of target words, half-open.

    Attributes:
        start: first word.
        end: the word behind the last.
        label: its class.
        entity: index of the source entity it stands for; None where it stands for none.
    """

    start: int
    end: int
    label: str
    entity: int | None = None

    @property
    def span(self) -> Span:
        """Return it without its entity."""
        return Span(self.start, self.end, self.label)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a sentence's entities are.

    Attributes:
        status: how far the reviewer has got.
        spans: target spans, sorted and disjoint.
        run: id of the run it starts from; None where there is none.
        edits: changed links, pins, bans and source entities that the spans were solved with.
        dropped: source entities that have no span in the target, whatever was projected.
        added: target spans that stand for no source entity.
        note: in the reviewer's words.
    """

    status: Status = "open"
    spans: tuple[AnswerSpan, ...] = ()
    run: int | None = None
    edits: Edits = NO_EDITS
    dropped: tuple[int, ...] = ()
    added: tuple[Span, ...] = ()
    note: str = ""

    @property
    def plain_spans(self) -> tuple[Span, ...]:
        """Return the spans without their entities."""
        return tuple(one.span for one in self.spans)

    def as_dict(self) -> dict[str, Any]:
        """Return the answer, ready for JSON."""
        return {
            "status": self.status,
            "spans": [[one.start, one.end, one.label, one.entity] for one in self.spans],
            "run": self.run,
            "edits": _edits_as_dict(self.edits),
            "dropped": list(self.dropped),
            "added": [[one.start, one.end, one.label] for one in self.added],
            "note": self.note,
        }


NO_ANSWER = Answer()


def answer_from(stored: Mapping[str, Any]) -> Answer:
    """Read what `as_dict` gives."""
    return Answer(
        status=stored["status"],
        spans=tuple(AnswerSpan(*one) for one in stored["spans"]),
        run=stored["run"],
        edits=_edits_from(stored["edits"]),
        dropped=tuple(stored["dropped"]),
        added=tuple(Span(*one) for one in stored["added"]),
        note=stored["note"],
    )


def _edits_as_dict(edits: Edits) -> dict[str, Any] | None:
    """Return edits part by part: in an address they keep to classes that an address can hold."""
    if not edits:
        return None
    return {
        "added": [[one.source, one.target, one.sure] for one in edits.added],
        "removed": [[one.source, one.target, one.sure] for one in edits.removed],
        "pins": [[one.entity, one.start, one.end] for one in edits.pins],
        "bans": [[one.entity, one.start, one.end] for one in edits.bans],
        "entities": None
        if edits.entities is None
        else [[one.start, one.end, one.label] for one in edits.entities],
    }


def _edits_from(stored: Mapping[str, Any] | None) -> Edits:
    if not stored:
        return NO_EDITS
    entities = stored["entities"]
    return Edits(
        added=tuple(Link(*one) for one in stored["added"]),
        removed=tuple(Link(*one) for one in stored["removed"]),
        pins=tuple(EntityCandidate(*one) for one in stored["pins"]),
        bans=tuple(EntityCandidate(*one) for one in stored["bans"]),
        entities=None if entities is None else tuple(Span(*one) for one in entities),
    )


def written(answer: Answer) -> str:
    """Return an answer as the log keeps it; in ASCII, which every database takes as it is."""
    return json.dumps(answer.as_dict())


def read(text: str) -> Answer:
    """Read what `written` gives.

    Raises:
        StoreError: it is something else (code store-damaged).
    """
    try:
        answer = answer_from(json.loads(text))
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(
            f"a stored answer must be readable, got: {error}",
            code="store-damaged",
            hint="restore a backup",
        ) from error
    return answer


def check_answer(answer: Answer, target: Sentence) -> None:
    """Check that an answer fits its target sentence.

    Raises:
        DataError: spans that overlap, are unsorted or lie outside it (code bad-annotation), or a
            status that is none (bad-value).
    """
    if answer.status not in STATUSES:
        raise DataError(
            f"a status must be one of {', '.join(STATUSES)}, got {answer.status!r}",
            code="bad-value",
        )
    _check_disjoint([(one.start, one.end) for one in answer.spans], target)


def _check_disjoint(places: Sequence[tuple[int, int]], target: Sentence) -> None:
    previous = 0
    for start, end in places:
        if not previous <= start < end <= len(target.words):
            raise DataError(
                f"spans must be sorted, disjoint and inside {len(target.words)} words, got "
                f"[{start}, {end})",
                code="bad-annotation",
            )
        previous = end
