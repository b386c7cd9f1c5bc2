"""Bracketed text, one sentence a line: `[PER Ada Lovelace] in [LOC Turin]`.

A line may begin with the sentence's name and a tab.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from core.corpora import FORMATS, BadLines, Kept
from core.corpora._bad_lines import own_line, read_each
from core.corpora._writing import require_one_line, unwritable, write_each
from core.errors import DataError
from core.text.brackets import parse_brackets, to_brackets
from core.text.files import Line, read_lines
from core.types import Sentence


@dataclass(frozen=True)
class Brackets:
    """Running text with entities marked inline; the words are split anew on reading.

    What stands before the first tab of a line is the sentence's name; an empty line is an empty
    sentence.
    """

    extensions: ClassVar[tuple[str, ...]] = (".txt", ".brackets")
    binary: ClassVar[bool] = False
    keeps: ClassVar[frozenset[Kept]] = frozenset({"text", "spans", "ids", "empty"})

    def read(
        self, path: Path, language: str, *, skip_bad: BadLines | None = None
    ) -> list[Sentence]:
        """Read every line as a sentence."""

        def parse(line: Line) -> Sentence:
            line.require_utf8()
            name, tab, text = line.text.partition("\t")
            try:
                return parse_brackets(
                    text if tab else name,
                    language,
                    sentence_id=name.strip() if tab else "",
                    line=line.number,
                )
            except DataError as error:
                raise line.error(error.reason, code=error.code, hint=error.hint) from error

        return read_each(read_lines(path), parse, skip_bad=skip_bad, origin=own_line)

    def check(self, sentence: Sentence) -> None:
        """Check that the format can hold a sentence."""
        self.lines(sentence)

    def lines(self, sentence: Sentence) -> list[str]:
        """Return one line, with the sentence's name before a tab where it has one.

        Raises:
            DataError: the text has a line break, the name a tab, or an entity would not be read
                back as it is because it ends inside a word of the running text (code bad-value).
        """
        marked, name = to_brackets(sentence), sentence.id
        require_one_line(marked, sentence)
        if name != name.strip() or {"\n", "\t", "\r"} & set(name):
            raise unwritable(f"an id must be trimmed and without tab, got {name!r}", sentence)
        _require_same_entities(marked, sentence)
        return [f"{name}\t{marked}" if name or "\t" in marked else marked]

    def write(self, path: Path, sentences: Iterable[Sentence]) -> None:
        """Write one sentence a line."""
        write_each(path, sentences, self.lines)


def _require_same_entities(marked: str, sentence: Sentence) -> None:
    try:
        copy = parse_brackets(marked, sentence.language)
    except DataError as error:
        raise unwritable(error.reason, sentence) from error
    if copy.text != sentence.text or _entities(copy) != _entities(sentence):
        raise unwritable(f"bracket notation cannot hold {sentence.text!r}", sentence)


def _entities(sentence: Sentence) -> list[tuple[int, int, str]]:
    offsets = sentence.char_offsets
    return [(offsets[s.start][0], offsets[s.end - 1][1], s.label) for s in sentence.spans]


FORMATS.register(Brackets)
