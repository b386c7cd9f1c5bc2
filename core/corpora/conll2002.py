"""CoNLL-2002: word and tag in IOB2, parted by one space.

Paper: Tjong Kim Sang 2002, https://aclanthology.org/W02-2024/ (the shared task's data format).
Departs: none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from core.corpora import FORMATS, BadLines, Kept
from core.corpora._tagged_rows import read_tagged_rows, tagged_words
from core.corpora._writing import write_each
from core.types import Sentence


@dataclass(frozen=True)
class Conll2002:
    """Two columns, no comments: neither names nor empty sentences nor the running text are kept."""

    extensions: ClassVar[tuple[str, ...]] = (".conll02",)
    binary: ClassVar[bool] = False
    keeps: ClassVar[frozenset[Kept]] = frozenset({"words", "spans"})

    def read(
        self, path: Path, language: str, *, skip_bad: BadLines | None = None
    ) -> list[Sentence]:
        """Read every sentence of a file."""
        return read_tagged_rows(path, language, columns=2, skip_bad=skip_bad)

    def check(self, sentence: Sentence) -> None:
        """Check that the format can hold a sentence."""
        self.lines(sentence)

    def lines(self, sentence: Sentence) -> list[str]:
        """Return a sentence's rows and the blank line after them."""
        unnamed = replace(sentence, id="")
        return [*(f"{word} {tag}" for word, tag in tagged_words(unnamed)), ""]

    def write(self, path: Path, sentences: Iterable[Sentence]) -> None:
        """Write sentences with a blank line after each."""
        write_each(path, sentences, self.lines)


FORMATS.register(Conll2002)
