"""Benchmarks of labelled sentences in many languages, none of them translated.

As corpora to project onto they are the target side: the source side is still to be made, by a
translator and a labeller. To train on or to test with, each language stands alone.
"""

from __future__ import annotations

import warnings
from abc import ABC, abstractmethod
from collections import Counter
from pathlib import Path
from typing import ClassVar, Protocol, runtime_checkable

from core.corpora import BadLines
from core.datasets._choice import choose_split, require_pair
from core.datasets._examining import count_strays
from core.datasets._folder import find_file, require_file
from core.datasets._sides import Reader, Side, read_side
from core.datasets._sources import Form
from core.errors import ConfigError, Notice
from core.types import Sentence, SentencePair

PIVOT = "en"
"""The language that benchmarks are projected from."""


@runtime_checkable
class OneSided(Protocol):
    """A corpus whose languages stand alone; each can be there without the others."""

    def own_languages(self) -> tuple[str, ...]:
        """List the languages it has sentences in."""
        ...

    def is_ready(self, language: str) -> bool:
        """Tell whether a language has at least one of its splits here."""
        ...

    def sentences(
        self, language: str, split: str = "", skip_bad: BadLines | None = None
    ) -> list[Sentence]:
        """Load the labelled sentences of a language, in corpus order.

        Raises:
            ConfigError: a language or a split it does not have.
            DataError: files are missing (code missing-corpus) or malformed.
        """
        ...


class Benchmark(ABC):
    """What such corpora share; each says which files it has and how they are read."""

    name: ClassVar[str]
    form: ClassVar[Form]

    @abstractmethod
    def own_languages(self) -> tuple[str, ...]:
        """List the languages it has sentences in."""

    @abstractmethod
    def splits_of(self, language: str) -> tuple[str, ...]:
        """List the splits of a language."""

    @abstractmethod
    def files(self, language: str, split: str) -> tuple[str, ...]:
        """List the files that may hold a split, the usual one first; one of them will do."""

    @abstractmethod
    def reader(self, path: Path) -> Reader:
        """Return what reads a file."""

    def languages(self) -> tuple[str, ...]:
        """List the languages, the one to project from among them."""
        return tuple(sorted({PIVOT, *self.own_languages()}))

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """List the pairs: onto every language but the one to project from."""
        return tuple((PIVOT, language) for language in self.own_languages() if language != PIVOT)

    def missing(self) -> tuple[str, ...]:
        """List the files that are not in the data folder."""
        wanted = (
            self.files(language, split)
            for language in self.own_languages()
            for split in self.splits_of(language)
        )
        return tuple(names[0] for names in wanted if find_file(names) is None)

    def is_ready(self, language: str) -> bool:
        """Tell whether a language has at least one of its splits here."""
        splits = self.splits_of(language)
        return any(find_file(self.files(language, split)) is not None for split in splits)

    def load(
        self, *, source: str, target: str, split: str = "", skip_bad: BadLines | None = None
    ) -> list[SentencePair]:
        """Load the sentences, named by split and by name or place: `pan-x:test:12`."""
        require_pair(self.pairs(), source, target, corpus=self.name)
        split = choose_split(split, self.splits_of(target), corpus=f"{self.name} {target}")
        side = self._side(target, split, skip_bad)
        return untranslated(side, source, f"{self.name}:{split}")

    def sentences(
        self, language: str, split: str = "", skip_bad: BadLines | None = None
    ) -> list[Sentence]:
        """Load the labelled sentences of a language, in corpus order."""
        if language not in self.own_languages():
            raise ConfigError(
                f"{self.name} has sentences in {', '.join(self.own_languages())}; got {language!r}",
                code="unknown-language",
            )
        split = choose_split(split, self.splits_of(language), corpus=f"{self.name} {language}")
        side = self._side(language, split, skip_bad)
        return [sentence for sentence in side.sentences if sentence is not None]

    def _side(self, language: str, split: str, skip_bad: BadLines | None) -> Side:
        hint = f"python -m core corpora get {self.name} --language {language}"
        path = require_file(*self.files(language, split), hint=hint)
        side = read_side(self.reader(path), path, language, skip_bad=skip_bad)
        tell_strays(path, self.form)
        return side


def tell_strays(path: Path, form: Form) -> None:
    """Warn of tags `I-` without a beginning, which are read as beginnings; the file stays."""
    if path.suffix in (".jsonl", ".parquet"):  # those have numbers; nothing is known of their rows
        return
    strays = count_strays(path, form)
    if strays:
        warnings.warn(
            f"{path}: {strays} tags I- continue nothing; each is read as the beginning of an "
            "entity, as the CoNLL evaluation script does",
            Notice,
            stacklevel=3,
        )


def untranslated(side: Side, source: str, prefix: str) -> list[SentencePair]:
    """Make pairs of gold targets whose source sentence is still to be made.

    Args:
        side: the targets; a malformed one that was set aside keeps its place.
        source: language of the sources.
        prefix: goes before each pair's own name, which is the sentence's, or its place from 1
            where the sentence has none or shares it.
    """
    names = Counter(sentence.id for sentence in side.sentences if sentence is not None)
    return [
        SentencePair(
            Sentence((), source, "", (), id=sentence.id, line=sentence.line),
            sentence,
            f"{prefix}:{_own(sentence.id, place, names)}",
            source_labelled=False,
        )
        for place, sentence in enumerate(side.sentences, start=1)
        if sentence is not None
    ]


def _own(name: str, place: int, names: Counter[str]) -> str:
    if not name:
        return str(place)
    return name if names[name] == 1 else f"{name}@{place}"


def ready_languages(corpus: OneSided) -> tuple[str, ...]:
    """Return the languages that have at least one of their splits here."""
    return tuple(one for one in corpus.own_languages() if corpus.is_ready(one))
