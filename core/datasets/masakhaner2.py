"""MasakhaNER 2.0: news in twenty African languages with gold entities.

Paper: Adelani et al. 2022, MasakhaNER 2.0: Africa-centric Transfer Learning for Named Entity
Recognition, https://aclanthology.org/2022.emnlp-main.298/.
Departs: languages go by their shortest BCP-47 code (`lg`, `yo`), their folders by three letters.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from core.corpora.conll import Conll
from core.datasets import DATASETS
from core.datasets._benchmark import Benchmark
from core.datasets._sides import Reader
from core.datasets._sources import SOURCES, Form
from core.languages import languages, languages_of


@dataclass(frozen=True)
class Masakhaner2(Benchmark):
    """Sentences with PER, LOC, ORG and DATE; the source side has no words yet."""

    name: ClassVar[str] = "masakhaner2"
    form: ClassVar[Form] = "conll"
    title: ClassVar[str] = "MasakhaNER 2.0"
    licence: ClassVar[str] = SOURCES["masakhaner2"].licence
    description: ClassVar[str] = (
        "News in twenty African languages, entities marked by speakers of each. The class DATE is "
        "kept; `labels=PER,LOC,ORG` leaves it out. Each language stands alone."
    )
    splits: ClassVar[tuple[str, ...]] = ("train", "dev", "test")

    def own_languages(self) -> tuple[str, ...]:
        """List the twenty languages."""
        return languages_of("masakhaner2")

    def splits_of(self, language: str) -> tuple[str, ...]:
        """List the splits, which all languages have."""
        return self.splits

    def files(self, language: str, split: str) -> tuple[str, ...]:
        """Return the one file of a split."""
        return (f"masakhaner2/{languages()[language].iso639_3}/{split}.txt",)

    def reader(self, path: Path) -> Reader:
        """Return what reads a file: word and tag, parted by a space."""
        return Conll()


DATASETS.register(Masakhaner2)
