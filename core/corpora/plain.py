"""Plain text: one sentence a line, without entities."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import Field

from core.corpora import FORMATS, BadLines, Kept
from core.corpora._bad_lines import own_line, read_each
from core.corpora._writing import require_one_line, require_solid, write_each
from core.text.char_spans import sentence_from_text
from core.text.files import Line, read_lines
from core.types import Sentence

_WORD = re.compile(r"\S+")


@dataclass(frozen=True)
class Plain:
    """Words parted by white space, or running text. An empty line is an empty sentence."""

    extensions: ClassVar[tuple[str, ...]] = (".txt", ".tok")
    binary: ClassVar[bool] = False
    keeps: ClassVar[frozenset[Kept]] = frozenset({"words", "empty"})

    tokenised: Annotated[
        bool,
        Field(description="words are parted by white space; off: split running text into words"),
    ] = True

    def read(
        self, path: Path, language: str, *, skip_bad: BadLines | None = None
    ) -> list[Sentence]:
        """Read every line as a sentence without entities."""

        def parse(line: Line) -> Sentence:
            line.require_utf8()
            if not self.tokenised:
                return sentence_from_text(line.text, language, line=line.number)
            words = list(_WORD.finditer(line.text))
            return Sentence(
                words=tuple(word[0] for word in words),
                language=language,
                text=line.text,
                char_offsets=tuple(word.span() for word in words),
                line=line.number,
            )

        return read_each(read_lines(path), parse, skip_bad=skip_bad, origin=own_line)

    def check(self, sentence: Sentence) -> None:
        """Check that the format can hold a sentence."""
        self.lines(sentence)

    def lines(self, sentence: Sentence) -> list[str]:
        """Return one line: the words parted by a space, or the running text."""
        if self.tokenised:
            for word in sentence.words:
                require_solid(word, "a word", sentence)
            return [" ".join(sentence.words)]
        require_one_line(sentence.text, sentence)
        return [sentence.text]

    def write(self, path: Path, sentences: Iterable[Sentence]) -> None:
        """Write one sentence a line."""
        write_each(path, sentences, self.lines)


FORMATS.register(Plain)
