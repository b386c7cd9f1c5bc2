"""The strict columns of the CoNLL shared tasks: one space between them, and no comments."""

from __future__ import annotations

from pathlib import Path

from core.corpora._bad_lines import BadLines, read_each
from core.corpora._columns import DOCUMENT_START, divide
from core.corpora._rows import blank_separated, read_tags
from core.corpora._writing import unwritable, writable_tags
from core.text.files import Line, read_lines
from core.text.words import sentence_from_words
from core.types import Sentence


def read_tagged_rows(
    path: Path, language: str, *, columns: int, skip_bad: BadLines | None
) -> list[Sentence]:
    """Read sentences of rows whose first column is the word and whose last is the tag.

    IOB1, which the data of 2003 came in, is read as well as IOB2. Rows that begin a document are
    passed over.

    Args:
        path: file to read.
        language: BCP-47 code of its text.
        columns: how many each row has.
        skip_bad: takes malformed sentences instead of stopping at the first.

    Raises:
        DataError: the file cannot be read, or holds a malformed sentence.
    """
    groups = ([row for row in group if not _is_start(row)] for group in _groups(path))

    def parse(rows: list[Line]) -> Sentence:
        fields = [_fields(row, columns) for row in rows]
        return sentence_from_words(
            [word for word, _ in fields],
            language,
            spans=read_tags([tag for _, tag in fields], rows, "auto"),
            line=rows[0].number,
        )

    return read_each(
        (rows for rows in groups if rows),
        parse,
        skip_bad=skip_bad,
        origin=lambda rows: (rows[0].number, rows[-1].number),
    )


def _groups(path: Path) -> list[list[Line]]:
    return list(blank_separated(read_lines(path)))


def _is_start(row: Line) -> bool:
    return row.text.startswith(DOCUMENT_START)


def _fields(row: Line, columns: int) -> tuple[str, str]:
    row.require_utf8()
    fields = divide(row.text, tabs=False)
    if len(fields) != columns:
        hint = "these files have no comments" if row.text.startswith("#") else ""
        raise row.error(f"a row must have {columns} columns, got {len(fields)}", hint=hint)
    return fields[0], fields[-1]


def tagged_words(sentence: Sentence) -> list[tuple[str, str]]:
    """Return words with their tags in IOB2, once it is clear that such rows can hold the sentence.

    Raises:
        DataError: no words, white space in a word or label, or a word that looks like the beginning
            of a document (code bad-value).
    """
    if not sentence.words:
        raise unwritable("a sentence must have a word, got none", sentence)
    if any(word.startswith(DOCUMENT_START) for word in sentence.words):
        raise unwritable(f"a word must not begin with {DOCUMENT_START}", sentence)
    return list(zip(sentence.words, writable_tags(sentence, "iob2"), strict=True))
