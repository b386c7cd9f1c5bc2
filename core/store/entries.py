"""What the log of decisions holds, and what stands after it: values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar, get_args

from core.store.answers import DONE, NO_ANSWER, Answer, Status

SHARED = ""
"""The track whose answer counts."""
Kind = Literal[
    "accept",
    "reject",
    "flag",
    "take",  # another method's answer, and accepted
    "edit",  # spans, classes, links, note
    "apply",  # a correction made elsewhere
    "adjudicate",  # the last word where reviewers differ
    "import",  # from a file
    "undo",
    "redo",
]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Decision:
    """One entry of the log.

    Attributes:
        id: number in the store, ascending in time.
        sentence: id of the sentence.
        track: the shared one, or a reviewer's name.
        version: from 1 in its track.
        kind: what was done.
        reviewer: who did it.
        at: when, UTC.
        answer: what it led to.
        batch: of the bulk change it is part of.
        undoes: id of the decision that it undoes or does again.
    """

    id: int
    sentence: int
    track: str
    version: int
    kind: Kind
    reviewer: str
    at: str
    answer: Answer
    batch: int | None = None
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class State:
    """What stands for a sentence in a track.

    Attributes:
        sentence: id of the sentence.
        track: the shared one, or a reviewer's name.
        version: how many decisions led here; 0 before the first.
        answer: the answer.
        kind: of the last decision; None before the first.
        reviewer: who made it.
        at: when, UTC.
        bulk: whether it was made for many sentences at once.
    """

    sentence: int
    track: str = SHARED
    version: int = 0
    answer: Answer = NO_ANSWER
    kind: Kind | None = None
    reviewer: str = ""
    at: str = ""
    bulk: bool = False

    @property
    def looked_at(self) -> bool:
        """Tell whether a person stands behind the answer.

        What was accepted in bulk is what a method said: whoever learns from it lets the method
        praise itself.
        """
        return self.version > 0 and not (self.bulk and self.kind == "accept")

    @property
    def by_person(self) -> bool:
        """Tell whether the verdict is a person's: given one by one, or to a file's sentence.

        What a filter accepted may be corrected together with all others like it.
        """
        return self.answer.status in DONE and (not self.bulk or self.kind == "import")


@dataclass(frozen=True, slots=True)
class Change:
    """An answer to keep, and the version it was made on."""

    sentence: int
    answer: Answer
    version: int


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What a bulk change did.

    Attributes:
        batch: its number, to undo it by; None where nothing was changed.
        done: ids of the sentences that were changed.
        refused: ids of those that somebody had changed meanwhile.
    """

    batch: int | None
    done: tuple[int, ...]
    refused: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """A bulk change.

    Attributes:
        id: number in the store.
        kind: what was done.
        description: in words.
        reviewer: who did it.
        at: when, UTC.
        sentences: how many it changed.
        standing: of how many it is still the last word.
    """

    id: int
    kind: Kind
    description: str
    reviewer: str
    at: str
    sentences: int
    standing: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What lists need of a state: no answer, so that thousands are read at once."""

    status: Status
    reviewer: str
    bulk: bool
    version: int


class _Steps(Protocol):
    """What undoing needs to know of a decision."""

    @property
    def kind(self) -> Kind: ...
    @property
    def batch(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Step:
    """A decision without its answer."""

    kind: Kind
    batch: int | None


_AnyStep = TypeVar("_AnyStep", bound=_Steps)


def past_and_future(log: Sequence[_AnyStep]) -> tuple[list[_AnyStep], list[_AnyStep]]:
    """Sort a track's log into what can be undone and what can be done again, the next one last."""
    past: list[_AnyStep] = []
    future: list[_AnyStep] = []
    for one in log:
        if one.kind == "undo" and past:
            future.append(past.pop())
        elif one.kind == "redo" and future:
            past.append(future.pop())
        else:
            past.append(one)
            future.clear()
    return past, future
