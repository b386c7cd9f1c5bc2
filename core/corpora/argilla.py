"""Argilla: records with a text field and a span question, as its SDK's `to_json` writes them.

Offsets count code points: the server checks them in Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import Field

from core.corpora import FORMATS, BadLines, Kept
from core.corpora._bad_lines import read_each
from core.corpora._json_items import JsonItem, json_items, json_list
from core.corpora._labelled_text import (
    char_span,
    place_spans,
    require_labels,
    require_same_entities,
    require_words_in_text,
)
from core.corpora._records import Record, load_record
from core.corpora._whole import write_whole
from core.text.char_spans import CharSpan
from core.text.files import Line
from core.types import Sentence


@dataclass(frozen=True)
class Argilla:
    """A JSON list with one record a line; entities are written as suggestions.

    Read are a list or one record a line. An answer that was submitted counts before a suggestion;
    records that were discarded, or answered differently by several people, are set aside. There is
    no place for the split into words: it is made anew on reading.
    """

    extensions: ClassVar[tuple[str, ...]] = (".json", ".jsonl")
    binary: ClassVar[bool] = False
    keeps: ClassVar[frozenset[Kept]] = frozenset({"text", "spans", "ids", "empty"})

    field: Annotated[str, Field(description="name of the text field")] = "text"
    question: Annotated[str, Field(description="name of the span question; empty: any")] = ""

    def read(
        self, path: Path, language: str, *, skip_bad: BadLines | None = None
    ) -> list[Sentence]:
        """Read every record as a sentence; answers to other questions are passed over."""

        def parse(item: JsonItem) -> Sentence:
            record, line = load_record(item.line), item.line
            fields = record.get("fields")
            text = fields.get(self.field) if isinstance(fields, dict) else None
            if not isinstance(text, str):
                raise line.error(f"a record must have the field {self.field!r}, got {fields!r}")
            return place_spans(
                text,
                language,
                [_stretch(value, line) for value in self._values(record, line)],
                words=None,
                sentence_id="" if record.get("id") is None else str(record["id"]),
                line=line,
            )

        return read_each(json_items(path), parse, skip_bad=skip_bad, origin=lambda item: item.raw)

    def _values(self, record: Record, line: Line) -> list[object]:
        """Return the spans of the submitted answer, else of the suggestion, else none."""
        responses = self._answer(record.get("responses"), line)
        if responses is not None:
            return _agreed(responses, line)
        suggestion = self._answer(record.get("suggestions"), line)
        if isinstance(suggestion, dict):
            suggestion = suggestion.get("value")
        return _span_list([] if suggestion is None else suggestion, line)

    def _answer(self, answers: object, line: Line) -> Any:
        if not answers:
            return None
        if not isinstance(answers, dict):
            raise line.error(f"answers must be an object by question, got {answers!r}")
        if self.question:
            return answers.get(self.question)
        found = [one for one in answers.values() if _looks_like_spans(one)]
        if len(found) > 1:
            raise line.error(
                f"a record must have one span question, got {sorted(answers)}",
                hint="name it as question",
            )
        return found[0] if found else None

    def check(self, sentence: Sentence) -> None:
        """Check that the format can hold a sentence."""
        require_labels(sentence)
        require_words_in_text(sentence)
        require_same_entities(sentence)

    def write(self, path: Path, sentences: Iterable[Sentence]) -> None:
        """Write a list with one record a line."""
        write_whole(path, sentences, check=self.check, content=self._content)

    def _content(self, sentences: Sequence[Sentence]) -> bytes:
        return json_list(self._record(sentence) for sentence in sentences)

    def _record(self, sentence: Sentence) -> dict[str, Any]:
        stretches = [char_span(sentence, span) for span in sentence.spans]
        value = [
            {"start": one.char_start, "end": one.char_end, "label": one.label} for one in stretches
        ]
        return {
            "id": sentence.id or None,
            "fields": {self.field: sentence.text},
            "metadata": {},
            "suggestions": {
                self.question or "span": {"value": value, "score": None, "agent": None}
            },
            "responses": {},
            "vectors": {},
            "status": "pending",
        }


def _looks_like_spans(answer: object) -> bool:
    """Tell the answers of a span question: lists of objects that have a start."""
    if isinstance(answer, list):  # responses: one for each person
        return all(isinstance(one, dict) and isinstance(one.get("value"), list) for one in answer)
    value = answer.get("value") if isinstance(answer, dict) else None
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def _agreed(responses: object, line: Line) -> list[object]:
    if not isinstance(responses, list) or not all(isinstance(one, dict) for one in responses):
        raise line.error(f"responses must be a list of objects, got {responses!r}")
    given = [one for one in responses if one.get("status", "submitted") == "submitted"]
    if not given:
        raise line.error(
            "a record must have a submitted response, got "
            + ", ".join(str(one.get("status")) for one in responses),
            code="bad-annotation",
        )
    values = [_span_list(one.get("value"), line) for one in given]
    if any(value != values[0] for value in values):
        raise line.error(
            f"responses must agree, got {len(values)} that differ", code="bad-annotation"
        )
    return values[0]


def _span_list(value: object, line: Line) -> list[object]:
    if not isinstance(value, list):
        raise line.error(f"spans must be a list, got {value!r}", code="bad-annotation")
    return value


def _stretch(item: object, line: Line) -> CharSpan:
    values: list[Any] = []
    if isinstance(item, dict):
        values = [item.get(key) for key in ("start", "end", "label")]
    if [type(value) for value in values] != [int, int, str]:
        raise line.error(
            f"a span must have start, end and label, got {item!r}", code="bad-annotation"
        )
    return CharSpan(*values)


FORMATS.register(Argilla)
