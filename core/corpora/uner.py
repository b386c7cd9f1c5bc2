"""Universal NER: five tab columns, `id token tag - annotator`, name and text in comments.

Paper: Mayhew et al. 2024, Universal NER, https://aclanthology.org/2024.naacl-long.243/ (.iob2
files).
Departs: none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from core.corpora import FORMATS, BadLines, Kept
from core.corpora._bad_lines import read_each
from core.corpora._rows import Block, blank_separated, read_tags
from core.corpora._writing import require_one_line, unwritable, writable_tags, write_each
from core.text.files import Line, read_lines
from core.text.locate import locate_words, sentence_in_text
from core.text.words import sentence_from_words
from core.types import Sentence

# A written-out contraction (3-4) or a word that is only understood (8.1): no word of the sentence.
_NO_WORD = re.compile(r"[0-9]+[-.][0-9]+")


@dataclass(frozen=True)
class Uner:
    """Numbered words with tags; `# text` gives each word its place in the running text.

    Where the words do not make up the text, the text is rebuilt from the words.
    """

    extensions: ClassVar[tuple[str, ...]] = (".iob2",)
    binary: ClassVar[bool] = False
    keeps: ClassVar[frozenset[Kept]] = frozenset({"words", "text", "spans", "ids", "empty"})

    def read(
        self, path: Path, language: str, *, skip_bad: BadLines | None = None
    ) -> list[Sentence]:
        """Read every sentence of a file; contractions are read as the words they stand for."""
        blocks = (_block(group) for group in blank_separated(read_lines(path)))
        return read_each(
            (block for block in blocks if block.is_sentence),
            lambda block: _sentence(block, language),
            skip_bad=skip_bad,
            origin=lambda block: block.lines,
        )

    def check(self, sentence: Sentence) -> None:
        """Check that the format can hold a sentence."""
        self.lines(sentence)

    def lines(self, sentence: Sentence) -> list[str]:
        """Return a sentence's comments and rows in IOB2, without annotator."""
        tags = writable_tags(sentence, "iob2")
        require_one_line(sentence.text, sentence)
        if locate_words(sentence.text, sentence.words) != sentence.char_offsets:
            raise unwritable(f"words must make up the text, got {sentence.text!r}", sentence)
        rows = zip(sentence.words, tags, strict=True)
        return [
            *([f"# sent_id = {sentence.id}"] if sentence.id else []),
            f"# text = {sentence.text}",
            *(f"{number}\t{word}\t{tag}\t-\t-" for number, (word, tag) in enumerate(rows, start=1)),
            "",
        ]

    def write(self, path: Path, sentences: Iterable[Sentence]) -> None:
        """Write sentences with a blank line after each."""
        write_each(path, sentences, self.lines)


def _block(group: list[Line]) -> Block:
    comments = tuple(line for line in group if line.text.startswith("#"))
    return Block(comments, tuple(line for line in group if not line.text.startswith("#")))


def _sentence(block: Block, language: str) -> Sentence:
    block.require_utf8()
    words: list[str] = []
    tags: list[str] = []
    rows: list[Line] = []
    for row in block.rows:
        number, word, tag = _fields(row)
        if _NO_WORD.fullmatch(number):
            continue
        if number != str(len(words) + 1):
            raise row.error(
                f"word numbers must count up from 1, got {number!r} for {len(words) + 1}"
            )
        words.append(word)
        tags.append(tag)
        rows.append(row)
    spans = read_tags(tags, rows, "auto")
    if block.text is None:
        return sentence_from_words(
            words, language, spans=spans, sentence_id=block.id, line=block.line
        )
    return sentence_in_text(
        block.text, words, language, spans=spans, sentence_id=block.id, line=block.line
    )


def _fields(row: Line) -> tuple[str, str, str]:
    fields = row.text.split("\t")
    if len(fields) < 3:
        raise row.error(f"a row must have the tab columns id, token, tag, got {row.text!r}")
    if not fields[1].strip():
        raise row.error(f"a word must not be empty, got the row {row.text!r}")
    return fields[0], fields[1], fields[2].strip()


FORMATS.register(Uner)
