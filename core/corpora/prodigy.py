"""Prodigy: one JSON object a line with text, tokens, spans and the annotator's answer.

Offsets count code points; `token_end` is the last token of a span, not the one after it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from core.corpora import FORMATS, BadLines, Kept
from core.corpora._bad_lines import own_line, read_each
from core.corpora._labelled_text import char_span, place_spans, require_labels
from core.corpora._records import Record, load_record
from core.corpora._spacy_tokens import spacy_tokens
from core.corpora._writing import write_each
from core.text.char_spans import CharSpan
from core.text.files import Line, read_lines
from core.types import Sentence


@dataclass(frozen=True)
class Prodigy:
    """Tasks of the recipes for entities; the sentence's name is kept in `meta`.

    A task that was rejected or ignored is no annotation: it is set aside.
    """

    extensions: ClassVar[tuple[str, ...]] = (".jsonl",)
    binary: ClassVar[bool] = False
    keeps: ClassVar[frozenset[Kept]] = frozenset({"words", "text", "spans", "ids", "empty"})

    def read(
        self, path: Path, language: str, *, skip_bad: BadLines | None = None
    ) -> list[Sentence]:
        """Read every accepted task; relations are passed over."""

        def parse(line: Line) -> Sentence:
            record = load_record(line)
            text, answer = record.get("text"), record.get("answer", "accept")
            if not isinstance(text, str):
                raise line.error(f"a task must have a text, got {sorted(record)}")
            if answer != "accept":
                raise line.error(
                    f"a task's answer must be accept, got {answer!r}", code="bad-annotation"
                )
            relations = record.get("relations")
            if skip_bad is not None and isinstance(relations, list):
                skip_bad.ignored["relation"] += len(relations)
            tokens = _tokens(record, line, text)
            words = [token for token in tokens if not text[slice(*token)].isspace()]
            return place_spans(
                text,
                language,
                [_stretch(item, line, tokens) for item in _list(record, "spans", line)],
                words=words if "tokens" in record else None,
                sentence_id=_name(record),
                line=line,
            )

        lines = (line for line in read_lines(path) if not line.is_blank)
        return read_each(lines, parse, skip_bad=skip_bad, origin=own_line)

    def check(self, sentence: Sentence) -> None:
        """Check that the format can hold a sentence."""
        self.lines(sentence)

    def lines(self, sentence: Sentence) -> list[str]:
        """Return one line with an accepted task."""
        require_labels(sentence)
        tokens = spacy_tokens(sentence)
        places = {token.word: place for place, token in enumerate(tokens)}
        spans = []
        for span in sentence.spans:
            stretch = char_span(sentence, span)
            spans.append(
                {
                    "start": stretch.char_start,
                    "end": stretch.char_end,
                    "token_start": places[span.start],
                    "token_end": places[span.end - 1],
                    "label": span.label,
                }
            )
        record = {
            "text": sentence.text,
            "tokens": [
                {
                    "text": token.text,
                    "start": token.char_start,
                    "end": token.char_end,
                    "id": place,
                    "ws": token.space,
                }
                for place, token in enumerate(tokens)
            ],
            "spans": spans,
            "answer": "accept",
            "meta": {"id": sentence.id} if sentence.id else {},
        }
        return [json.dumps(record, ensure_ascii=False)]

    def write(self, path: Path, sentences: Iterable[Sentence]) -> None:
        """Write one task a line."""
        write_each(path, sentences, self.lines)


def _list(record: Record, key: str, line: Line) -> list[dict[str, Any]]:
    items = record.get(key)
    if items is None:
        return []
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise line.error(f"{key} must be a list of objects, got {items!r}", code="bad-annotation")
    return items


def _tokens(record: Record, line: Line, text: str) -> list[tuple[int, int]]:
    places: list[tuple[int, int]] = []
    for item in _list(record, "tokens", line):
        start, end = item.get("start"), item.get("end")
        if type(start) is not int or type(end) is not int or text[start:end] != item.get("text"):
            raise line.error(f"a token must be what stands at its place in the text, got {item!r}")
        if not (places[-1][1] if places else 0) <= start < end <= len(text):
            raise line.error(f"tokens must ascend inside the text, got {item!r}")
        places.append((start, end))
    return places


def _stretch(item: dict[str, Any], line: Line, tokens: list[tuple[int, int]]) -> CharSpan:
    values: list[Any] = [item.get(key) for key in ("start", "end", "label")]
    if [type(value) for value in values] != [int, int, str]:
        raise line.error(
            f"a span must have start, end and label, got {item!r}", code="bad-annotation"
        )
    first, last = item.get("token_start"), item.get("token_end")
    if tokens and type(first) is int and type(last) is int:
        inside = 0 <= first <= last < len(tokens)
        if not inside or [tokens[first][0], tokens[last][1]] != values[:2]:
            raise line.error(
                f"a span's tokens must be those at its characters, got {item!r}",
                code="bad-annotation",
            )
    return CharSpan(*values)


def _name(record: Record) -> str:
    meta = record.get("meta")
    name = meta.get("id") if isinstance(meta, dict) else None
    return "" if name is None else str(name)


FORMATS.register(Prodigy)
