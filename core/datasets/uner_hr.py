"""Croatian news with the entities of Universal NER; there is no translation of it.

Paper: Mayhew et al. 2024, Universal NER, https://aclanthology.org/2024.naacl-long.243/.
Departs: none; the class OTH is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from core.corpora.uner import Uner
from core.datasets import DATASETS
from core.datasets._benchmark import Benchmark
from core.datasets._sides import Reader
from core.datasets._sources import SOURCES, Form


@dataclass(frozen=True)
class UnerHr(Benchmark):
    """Croatian sentences with PER, LOC, ORG and OTH; the source side has no words yet."""

    name: ClassVar[str] = "uner-hr"
    form: ClassVar[Form] = "uner"
    title: ClassVar[str] = "UNER Croatian SET"
    licence: ClassVar[str] = SOURCES["uner-hr"].licence
    description: ClassVar[str] = (
        "Croatian news with gold entities and no English side: translate it into English and label "
        "that before projecting."
    )
    splits: ClassVar[tuple[str, ...]] = ("dev", "test")

    def own_languages(self) -> tuple[str, ...]:
        """List the one language."""
        return ("hr",)

    def splits_of(self, language: str) -> tuple[str, ...]:
        """List the splits."""
        return self.splits

    def files(self, language: str, split: str) -> tuple[str, ...]:
        """Return the one file of a split."""
        return (f"uner/Croatian-SET/hr_set-ud-{split}.iob2",)

    def reader(self, path: Path) -> Reader:
        """Return what reads a file."""
        return Uner()


DATASETS.register(UnerHr)
