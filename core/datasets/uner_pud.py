"""Parallel UD with the entities of Universal NER.

Paper: Mayhew et al. 2024, Universal NER, https://aclanthology.org/2024.naacl-long.243/.
Departs: none.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from typing import ClassVar

from core.corpora import BadLines
from core.corpora.uner import Uner
from core.datasets import DATASETS
from core.datasets._choice import choose_split, require_pair
from core.datasets._folder import missing_files, require_file
from core.datasets._joining import join_sides
from core.datasets._sides import Side, read_side
from core.datasets._sources import SOURCES
from core.types import SentencePair

_FOLDERS = {"de": "German-PUD", "en": "English-PUD", "pt": "Portuguese-PUD"}


@dataclass(frozen=True)
class UnerPud:
    """1000 sentences with PER, LOC and ORG."""

    title: ClassVar[str] = "UNER Parallel UD"
    licence: ClassVar[str] = SOURCES["uner-pud"].licence
    description: ClassVar[str] = (
        "1000 sentences of news and Wikipedia, translated by hand and annotated in every language "
        "on its own, so that gold differs a little between languages."
    )
    splits: ClassVar[tuple[str, ...]] = ("test",)

    def languages(self) -> tuple[str, ...]:
        """List the languages."""
        return tuple(_FOLDERS)

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """List every ordered pair."""
        return tuple(permutations(_FOLDERS, 2))

    def missing(self) -> tuple[str, ...]:
        """List the files that are not in the data folder."""
        return missing_files(tuple(map(_file, _FOLDERS)))

    def load(
        self, *, source: str, target: str, split: str = "", skip_bad: BadLines | None = None
    ) -> list[SentencePair]:
        """Load the pairs, joined by their names: `uner-pud:n01001-0001`."""
        require_pair(self.pairs(), source, target, corpus="uner-pud")
        choose_split(split, self.splits, corpus="uner-pud")

        def side(language: str) -> Side:
            path = require_file(_file(language))
            return read_side(Uner(), path, language, skip_bad=skip_bad)

        return join_sides(side(source), side(target), name="uner-pud", by="id", skip_bad=skip_bad)


def _file(language: str) -> str:
    return f"uner/{_FOLDERS[language]}/{language}_pud-ud-test.iob2"


DATASETS.register(UnerPud)
