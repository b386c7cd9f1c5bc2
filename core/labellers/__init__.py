"""Labellers: find the entities of a sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

from core.registry import Registry
from core.types import Labelling, Sentence

Progress = Callable[[int, int], None]
"""Called with (done, total) sentences."""


@runtime_checkable
class Labeller(Protocol):
    """Finds entities and their classes.

    Laws (tests/contract/test_labellers.py): one labelling a sentence, in order; spans lie inside
    the sentence, sorted and disjoint; probabilities, where given, have one row a word and sum to 1;
    a sentence without words has no span; gold spans are not looked at, except by `gold`.
    """

    def label(
        self, sentences: Sequence[Sentence], progress: Progress | None = None
    ) -> list[Labelling]:
        """Label every sentence.

        Raises:
            BackendError: a package or model is missing.
        """
        ...

    def classes(self) -> tuple[str, ...]:
        """List the classes it can find, sorted; empty where any may come."""
        ...

    def release(self) -> None:
        """Free what the model holds in memory; the next call loads it again."""
        ...


LABELLERS: Registry[Labeller] = Registry("labeller", "core.labellers")
