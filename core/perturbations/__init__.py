"""Perturbed test sets: the same gold entities in text that a model was not trained for.

A perturbation changes test sentences only. What it changes and what it leaves is listed, so that a
person can look at every change; the gold classes are carried through exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Protocol, runtime_checkable

from core.registry import Registry
from core.types import Sentence

__all__ = ["PERTURBATIONS", "Change", "Perturbation", "PerturbedSet", "Unchanged"]


@dataclass(frozen=True, slots=True)
class Change:
    """A run of words that was replaced.

    Attributes:
        sentence: 0-based place of the sentence in the set.
        start: first word that was replaced, in the sentence as it was.
        new_start: first word that stands there now, in the new sentence.
        before: the words that were replaced.
        after: the words that stand there now; never none, and perhaps of another number.
        label: class of the entity they are part of; empty for context.
        reason: why, and where the new words are from.
    """

    sentence: int
    start: int
    new_start: int
    before: tuple[str, ...]
    after: tuple[str, ...]
    label: str
    reason: str

    @property
    def end(self) -> int:
        """Return the word after the last one that was replaced."""
        return self.start + len(self.before)

    @property
    def new_end(self) -> int:
        """Return the word after the last new one."""
        return self.new_start + len(self.after)

    def as_dict(self) -> dict[str, Any]:
        """Return the value, ready for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A sentence that stayed as it was, by its 0-based place, and why."""

    sentence: int
    reason: str

    def as_dict(self) -> dict[str, Any]:
        """Return the value, ready for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class PerturbedSet:
    """A test set after a perturbation.

    Attributes:
        sentences: in the order of the old ones, as many, with their ids.
        changes: by sentence and word.
        unchanged: every sentence without a change.
        notes: what a reader must know of the whole, such as a list of names that is missing.
    """

    sentences: tuple[Sentence, ...]
    changes: tuple[Change, ...] = ()
    unchanged: tuple[Unchanged, ...] = ()
    notes: tuple[str, ...] = ()


@runtime_checkable
class Perturbation(Protocol):
    """Changes the sentences of a test set.

    Laws (tests/contract/test_perturbations.py): the same seed gives the same set; every sentence
    has as many entities as before, of the same classes in the same order; a span covers what it
    covered, with the listed changes inside it; all words that no change lists are the same; a
    sentence is changed or told to be unchanged.
    """

    needs_training: ClassVar[bool]
    """Whether it does nothing without training sentences."""

    def perturb(
        self, sentences: Sequence[Sentence], *, training: Sequence[Sentence], seed: int
    ) -> PerturbedSet:
        """Change the sentences of a test set.

        Args:
            sentences: test sentences with gold entities.
            training: what the model was trained on; may be empty.
            seed: of all choices, not negative.
        """
        ...


PERTURBATIONS: Registry[Perturbation] = Registry("perturbation", "core.perturbations")
