"""brat: a text and its standoff annotation, in a zip archive or side by side.

One document, a sentence a line. Offsets count code points from the beginning of the document.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from core.corpora import FORMATS, BadLines, Kept
from core.corpora._bad_lines import read_each
from core.corpora._brat import LABEL, TextLine, annotate, text_lines
from core.corpora._bytes import read_bytes
from core.corpora._labelled_text import (
    char_span,
    require_same_entities,
    require_words_in_text,
)
from core.corpora._whole import write_whole
from core.corpora._writing import require_one_line, unwritable
from core.corpora._zip import ZIP_MAGIC, read_members, zip_bytes
from core.errors import DataError
from core.types import Sentence

_NAME = "corpus"
_SECTIONS = ("relations", "events", "attributes")


@dataclass(frozen=True)
class Brat:
    """Documents with one sentence a line; several in an archive are read in the order of names.

    Relations, events, attributes and notes are passed over and counted. An entity of several
    stretches, or over a line's end, spoils its sentence. There is no place for names and words.
    """

    extensions: ClassVar[tuple[str, ...]] = (".zip", ".ann")
    binary: ClassVar[bool] = True
    keeps: ClassVar[frozenset[Kept]] = frozenset({"text", "spans", "empty"})

    def read(
        self, path: Path, language: str, *, skip_bad: BadLines | None = None
    ) -> list[Sentence]:
        """Read every line of every document; of a lone `.ann` file, of the `.txt` beside it."""
        data = read_bytes(path)
        lines: list[TextLine] = []
        for text, annotation in _documents(path, data):
            document = text_lines(text, str(path))
            rows = (one.line for one in text_lines(annotation, str(path)))
            ignored = annotate(document, rows)
            if skip_bad is not None:
                skip_bad.ignored.update(ignored)
            lines += document
        return read_each(
            lines,
            lambda line: line.sentence(language),
            skip_bad=skip_bad,
            origin=lambda line: line.raw,
        )

    def check(self, sentence: Sentence) -> None:
        """Check that the format can hold a sentence."""
        require_one_line(sentence.text, sentence)
        require_words_in_text(sentence)
        require_same_entities(sentence)
        for span in sentence.spans:
            if not LABEL.fullmatch(span.label):
                raise unwritable(
                    f"a label must be letters, digits, _ and -, got {span.label!r}", sentence
                )

    def write(self, path: Path, sentences: Iterable[Sentence]) -> None:
        """Write an archive with text, annotation and the configuration that names the classes."""
        write_whole(path, sentences, check=self.check, content=_content)


def _documents(path: Path, data: bytes) -> list[tuple[bytes, bytes]]:
    """Return text and annotation of each document."""
    if not data.startswith(ZIP_MAGIC) and path.suffix.lower() == ".ann":
        return [(_text_beside(path), data)]
    members = read_members(data, str(path), endings=(".txt", ".ann"))
    texts = [name.removesuffix(".txt") for name in members if name.endswith(".txt")]
    alone = [
        name for name in members if name.endswith(".ann") and name.removesuffix(".ann") not in texts
    ]
    if alone or not texts:
        raise DataError(
            f"an archive must have a .txt for each .ann file, got none for {alone or 'any'}",
            code="bad-line",
            path=str(path),
        )
    return [(members[f"{name}.txt"], members.get(f"{name}.ann", b"")) for name in texts]


def _text_beside(path: Path) -> bytes:
    text = path.with_suffix(".txt")
    try:
        return read_bytes(text)
    except DataError as error:
        raise DataError(
            f"the text {text.name} must lie beside its annotation, got none",
            code=error.code,
            path=str(path),
            hint="put both in a zip archive",
        ) from error


def _content(sentences: Sequence[Sentence]) -> bytes:
    rows: list[str] = []
    start = 0
    for sentence in sentences:
        for span in sentence.spans:
            one = char_span(sentence, span)
            place = f"{span.label} {start + one.char_start} {start + one.char_end}"
            rows.append(f"T{len(rows) + 1}\t{place}\t{sentence.text_of(span)}\n")
        start += len(sentence.text) + 1
    labels = sorted({span.label for sentence in sentences for span in sentence.spans})
    empty = [line for section in _SECTIONS for line in (f"[{section}]", "")]
    configuration = "\n".join(["[entities]", *labels, "", *empty])
    return zip_bytes(
        [
            ("annotation.conf", configuration.encode()),
            (f"{_NAME}.ann", "".join(rows).encode()),
            (f"{_NAME}.txt", "".join(f"{one.text}\n" for one in sentences).encode()),
        ]
    )


FORMATS.register(Brat)
