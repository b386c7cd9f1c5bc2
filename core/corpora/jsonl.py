"""JSON lines: one object a sentence. Our own record is lossless; those of other tools are read too.

Read are `{words, spans}` over words (ours, with `id`, `language`, `text` and `char_offsets`),
`{tokens, tags}` or `{tokens, ner_tags}`, and `{text, spans}` over characters, where the spans may
be called `entities` or `label` and be `[start, end, label]` or `{start, end, label}`.
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
from core.corpora._records import load_record, sentence_of, sentence_record
from core.corpora._rows import SchemeChoice
from core.corpora._writing import write_each
from core.errors import DataError
from core.text.files import Line, read_lines
from core.types import Sentence


@dataclass(frozen=True)
class Jsonl:
    """One JSON object a line; blank lines are passed over."""

    extensions: ClassVar[tuple[str, ...]] = (".jsonl", ".ndjson", ".jsonlines")
    binary: ClassVar[bool] = False
    keeps: ClassVar[frozenset[Kept]] = frozenset({"words", "text", "spans", "ids", "empty"})

    scheme: Annotated[
        SchemeChoice,
        Field(description="tag scheme to enforce where there are tags; auto reads all"),
    ] = "auto"
    tag_names: Annotated[
        str, Field(description="names of numbered tags in order, parted by commas: O,B-PER,I-PER")
    ] = ""

    def read(
        self, path: Path, language: str, *, skip_bad: BadLines | None = None
    ) -> list[Sentence]:
        """Read every object as a sentence."""
        tag_names = tuple(name.strip() for name in self.tag_names.split(",") if name.strip())

        def parse(line: Line) -> Sentence:
            record = load_record(line)
            try:
                return sentence_of(record, line, language, scheme=self.scheme, tag_names=tag_names)
            except DataError as error:
                if error.path is not None:
                    raise
                raise line.error(error.reason, code=error.code, hint=error.hint) from error

        lines = (line for line in read_lines(path) if not line.is_blank)
        return read_each(lines, parse, skip_bad=skip_bad, origin=own_line)

    def check(self, sentence: Sentence) -> None:
        """Check that the format can hold a sentence: it can hold any."""

    def lines(self, sentence: Sentence) -> list[str]:
        """Return one line with all of the sentence."""
        return [json.dumps(sentence_record(sentence), ensure_ascii=False)]

    def write(self, path: Path, sentences: Iterable[Sentence]) -> None:
        """Write one sentence a line."""
        write_each(path, sentences, self.lines)


FORMATS.register(Jsonl)
