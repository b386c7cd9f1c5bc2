"""Europarl sentences with gold entities in four languages, parallel line by line.

Paper: Agerri et al. 2018, Building Named Entity Recognition Taggers via Parallel Corpora, LREC.
Departs: none.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from typing import ClassVar

from core.corpora import BadLines
from core.corpora.conll import Conll
from core.datasets import DATASETS
from core.datasets._choice import choose_split, require_pair
from core.datasets._folder import missing_files, require_file
from core.datasets._joining import join_sides
from core.datasets._sides import Side, read_side
from core.datasets._sources import SOURCES
from core.types import SentencePair

_LANGUAGES = ("de", "en", "es", "it")


@dataclass(frozen=True)
class EuroparlNer:
    """799 sentences with PER, LOC, ORG and MISC."""

    title: ClassVar[str] = "Europarl NER"
    licence: ClassVar[str] = SOURCES["europarl-ner"].licence
    description: ClassVar[str] = (
        "799 sentences of the European Parliament, entities marked by one annotator in every "
        "language: the test set of most published tables on projection."
    )
    splits: ClassVar[tuple[str, ...]] = ("test",)

    def languages(self) -> tuple[str, ...]:
        """List the languages."""
        return _LANGUAGES

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """List every ordered pair."""
        return tuple(permutations(_LANGUAGES, 2))

    def missing(self) -> tuple[str, ...]:
        """List the files that are not in the data folder."""
        return missing_files(tuple(map(_file, _LANGUAGES)))

    def load(
        self, *, source: str, target: str, split: str = "", skip_bad: BadLines | None = None
    ) -> list[SentencePair]:
        """Load the pairs, named by their place: `europarl-ner:12`."""
        require_pair(self.pairs(), source, target, corpus="europarl-ner")
        choose_split(split, self.splits, corpus="europarl-ner")

        def side(language: str) -> Side:
            path = require_file(_file(language))
            return read_side(Conll(), path, language, skip_bad=skip_bad)

        return join_sides(
            side(source), side(target), name="europarl-ner", by="line", skip_bad=skip_bad
        )


def _file(language: str) -> str:
    return f"europarl-ner/{language}-europarl.test.conll02"


DATASETS.register(EuroparlNer)
