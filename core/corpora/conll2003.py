"""CoNLL-2003: word, part of speech, chunk and tag, parted by one space.

Paper: Tjong Kim Sang and De Meulder 2003, https://aclanthology.org/W03-0419/ (data format).
Departs: tags are written in IOB2, as every library of today expects; IOB1, in which the data first
came, is read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from core.corpora import FORMATS, BadLines, Kept
from core.corpora._columns import DOCUMENT_START
from core.corpora._tagged_rows import read_tagged_rows, tagged_words
from core.corpora._writing import write_each
from core.types import Sentence


@dataclass(frozen=True)
class Conll2003:
    """Four columns; part of speech and chunk are written as unknown. The whole is one document."""

    extensions: ClassVar[tuple[str, ...]] = (".conll03",)
    binary: ClassVar[bool] = False
    keeps: ClassVar[frozenset[Kept]] = frozenset({"words", "spans"})

    def read(
        self, path: Path, language: str, *, skip_bad: BadLines | None = None
    ) -> list[Sentence]:
        """Read every sentence of a file; where a document begins is not kept."""
        return read_tagged_rows(path, language, columns=4, skip_bad=skip_bad)

    def check(self, sentence: Sentence) -> None:
        """Check that the format can hold a sentence."""
        self.lines(sentence)

    def lines(self, sentence: Sentence) -> list[str]:
        """Return a sentence's rows, without the one that begins a document."""
        unnamed = replace(sentence, id="")
        return [*(f"{word} -X- _ {tag}" for word, tag in tagged_words(unnamed)), ""]

    def write(self, path: Path, sentences: Iterable[Sentence]) -> None:
        """Write sentences with a blank line after each, below the row that begins a document."""
        head = [f"{DOCUMENT_START} -X- -X- O", ""]

        def lines(sentence: Sentence) -> list[str]:
            rows = [*head, *self.lines(sentence)]
            head.clear()  # a document begins once
            return rows

        write_each(path, sentences, lines)


FORMATS.register(Conll2003)
