"""doccano: one JSON object a line with its text and `label`, a list of [start, end, label].

doccano's page counts UTF-16 code units, so that a flag or an emoji is two or more of them (its
issue 2290), unless a project counts grapheme clusters; `offsets` says how a file counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import Field

from core.corpora import FORMATS, BadLines, Kept
from core.corpora._bad_lines import own_line, read_each
from core.corpora._labelled_text import (
    OffsetUnit,
    char_span,
    from_unit,
    place_spans,
    require_labels,
    require_words_in_text,
    to_unit,
    word_places,
)
from core.corpora._records import Record, load_record
from core.corpora._writing import unwritable, write_each
from core.errors import DataError
from core.text.char_spans import CharSpan
from core.text.files import Line, read_lines
from core.types import Sentence

_LABEL_KEYS = ("label", "labels", "entities")


@dataclass(frozen=True)
class Doccano:
    """Labelled stretches of text.

    doccano numbers its texts itself: a sentence's own name is kept as `sentence_id`, and the places
    of its words as `words` (code points), which doccano carries along as metadata. It refuses empty
    texts.
    """

    extensions: ClassVar[tuple[str, ...]] = (".jsonl",)
    binary: ClassVar[bool] = False
    keeps: ClassVar[frozenset[Kept]] = frozenset({"words", "text", "spans", "ids"})

    offsets: Annotated[
        OffsetUnit, Field(description="how the file counts characters; doccano's page: utf-16")
    ] = "utf-16"

    def read(
        self, path: Path, language: str, *, skip_bad: BadLines | None = None
    ) -> list[Sentence]:
        """Read every object as a sentence; relations and comments are passed over."""

        def parse(line: Line) -> Sentence:
            record = load_record(line)
            text = record.get("text")
            if not isinstance(text, str):
                raise line.error(f"a record must have a text, got {sorted(record)}")
            if skip_bad is not None:
                skip_bad.ignored["relation"] += _count(record.get("relations"))
            return place_spans(
                text,
                language,
                [self._stretch(item, text, line) for item in _labels(record, line)],
                words=word_places(record.get("words"), line, len(text)),
                sentence_id=_name(record),
                line=line,
            )

        lines = (line for line in read_lines(path) if not line.is_blank)
        return read_each(lines, parse, skip_bad=skip_bad, origin=own_line)

    def _stretch(self, item: object, text: str, line: Line) -> CharSpan:
        values = item
        if isinstance(item, dict):
            values = [item.get(key) for key in ("start_offset", "end_offset", "label")]
        if not isinstance(values, list) or [type(value) for value in values] != [int, int, str]:
            raise line.error(
                "a label must be [start, end, label] or an object with start_offset, end_offset "
                f"and label, got {item!r}",
                code="bad-annotation",
            )
        try:
            return from_unit(text, CharSpan(*values), self.offsets)
        except DataError as error:
            raise line.error(error.reason, code=error.code, hint=error.hint) from error

    def check(self, sentence: Sentence) -> None:
        """Check that the format can hold a sentence."""
        if not sentence.text.strip():
            raise unwritable("doccano refuses a text that is empty", sentence)
        require_labels(sentence)
        require_words_in_text(sentence)

    def lines(self, sentence: Sentence) -> list[str]:
        """Return one line with text, labels, name and words."""
        self.check(sentence)
        stretches = [
            to_unit(sentence.text, char_span(sentence, span), self.offsets)
            for span in sentence.spans
        ]
        record = {
            **({"id": sentence.id, "sentence_id": sentence.id} if sentence.id else {}),
            "text": sentence.text,
            "label": [[one.char_start, one.char_end, one.label] for one in stretches],
            "words": [list(place) for place in sentence.char_offsets],
        }
        return [json.dumps(record, ensure_ascii=False)]

    def write(self, path: Path, sentences: Iterable[Sentence]) -> None:
        """Write one sentence a line."""
        write_each(path, sentences, self.lines)


def _labels(record: Record, line: Line) -> list[object]:
    given = (record[key] for key in _LABEL_KEYS if record.get(key) is not None)
    found: object = next(given, [])
    if not isinstance(found, list):
        raise line.error(f"labels must be a list, got {found!r}", code="bad-annotation")
    return found


def _name(record: Record) -> str:
    name = record.get("sentence_id", record.get("id"))
    return "" if name is None else str(name)


def _count(value: object) -> int:
    return len(value) if isinstance(value, list) else 0


FORMATS.register(Doccano)
