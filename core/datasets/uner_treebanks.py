"""Universal NER: gold entities in treebanks of Universal Dependencies, language by language.

Paper: Mayhew et al. 2024, Universal NER, https://aclanthology.org/2024.naacl-long.243/.
Departs: none; the class OTH is kept where a treebank has it.
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
from core.datasets._uner_files import uner_files

_FILES = {(file.language, file.split): f"uner/{file.path}" for file in uner_files()}


@dataclass(frozen=True)
class UnerTreebanks(Benchmark):
    """Sentences with PER, LOC and ORG; the source side has no words yet."""

    name: ClassVar[str] = "uner-treebanks"
    form: ClassVar[Form] = "uner"
    title: ClassVar[str] = "UNER treebanks"
    licence: ClassVar[str] = SOURCES["uner-treebanks"].licence
    description: ClassVar[str] = (
        "Treebanks with gold entities. A language's second treebank has splits of its own: "
        "`lines-test` (Swedish), `ugnayan-test` (Tagalog), `pud-test` (the parallel sentences). "
        "Each language stands alone."
    )
    splits: ClassVar[tuple[str, ...]] = (
        *("train", "dev", "test", "pud-test"),
        *("lines-train", "lines-dev", "lines-test", "ugnayan-test"),
    )

    def own_languages(self) -> tuple[str, ...]:
        """List the languages."""
        return tuple(sorted({language for language, _ in _FILES}))

    def splits_of(self, language: str) -> tuple[str, ...]:
        """List the splits of a language's treebanks."""
        return tuple(split for split in self.splits if (language, split) in _FILES)

    def files(self, language: str, split: str) -> tuple[str, ...]:
        """Return the one file of a split."""
        return (_FILES[language, split],)

    def reader(self, path: Path) -> Reader:
        """Return what reads a file."""
        return Uner()


DATASETS.register(UnerTreebanks)
