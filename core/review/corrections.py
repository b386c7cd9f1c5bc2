"""What a reviewer says of an entity for good, and what it would change at every place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from core.errors import ConfigError
from core.store.answers import Answer, AnswerSpan
from core.types import Span

CorrectionKind = Literal[
    "span",  # it stands at a certain text of the target
    "drop",  # it has no counterpart
    "class",  # it stands where it does, with another class
]
Unchanged = Literal[
    "already so",  # the answer says so already
    "decided",  # a person accepted or rejected it
    "ambiguous",  # the text is there more than once, and nothing tells which is meant
    "not in the target",  # the target does not hold the text
    "taken",  # it does, and there it stands for another entity with the same source text
    "no span",  # there is no span to give another class
]


@dataclass(frozen=True, slots=True)
class Correction:
    """What is to hold wherever the source has an entity.

    Attributes:
        source: text of the source entity.
        label: its class.
        kind: what is to be done.
        target: text it stands at in the target; for `span` only.
        target_label: class of the target span; for `class`, and for `span` where it differs from
            that of the source entity.
        same_class: whether source entities of other classes are left alone.
    """

    source: str
    label: str
    kind: CorrectionKind
    target: str = ""
    target_label: str = ""
    same_class: bool = True

    def __post_init__(self) -> None:
        needed = {"span": self.target, "class": self.target_label, "drop": self.kind}[self.kind]
        if not self.source.strip() or not needed.strip():
            raise ConfigError(
                "a correction must name a source text, and a target text or class to give it, "
                f"got {self}",
                code="bad-value",
            )


@dataclass(frozen=True, slots=True)
class Proposal:
    """One source entity that the correction is about, with what is needed to show it.

    Attributes:
        place: index of the pair.
        entity: index of the source entity in the answer's entities.
        source: its span.
        before: the answer as it is.
        after: the answer with this one change; None where nothing is to be changed.
        current: spans that stand for the entity now.
        wanted: spans that are to stand for it; empty where it is dropped or nothing is changed.
        gives_way: spans of others that would go, because they share a word with it.
        options: where the target text stands: one place, or several to choose from.
        unchanged: why nothing is changed; None where something is.
    """

    place: int
    entity: int
    source: Span
    before: Answer
    after: Answer | None
    current: tuple[AnswerSpan, ...]
    wanted: tuple[AnswerSpan, ...] = ()
    gives_way: tuple[AnswerSpan, ...] = ()
    options: tuple[AnswerSpan, ...] = ()
    unchanged: Unchanged | None = None


@dataclass(frozen=True, slots=True)
class Everywhere:
    """All places that a correction is about, in order."""

    correction: Correction
    proposals: tuple[Proposal, ...]

    @property
    def changes(self) -> tuple[Proposal, ...]:
        """Return the proposals that change something."""
        return tuple(one for one in self.proposals if one.unchanged is None)

    @property
    def left(self) -> Mapping[Unchanged, int]:
        """Count the entities that are left as they are, by reason."""
        return Counter(one.unchanged for one in self.proposals if one.unchanged is not None)
