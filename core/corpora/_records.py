"""JSON objects ↔ sentences: our own lossless record, and the forms other tools write."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from core.corpora._rows import SchemeChoice, read_tags
from core.text.char_spans import CharSpan, sentence_from_text
from core.text.files import Line
from core.text.locate import sentence_in_text
from core.text.words import base_language, sentence_from_words
from core.types import Sentence, Span

Record = Mapping[str, Any]
_SPAN_KEYS = ("spans", "entities", "label", "labels")
_TAG_KEYS = ("tags", "ner_tags")


def sentence_record(sentence: Sentence) -> dict[str, object]:
    """Return all of a sentence but its line number as a JSON object."""
    return {
        "id": sentence.id,
        "language": sentence.language,
        "text": sentence.text,
        "words": list(sentence.words),
        "char_offsets": [list(offset) for offset in sentence.char_offsets],
        "spans": [
            {"start": span.start, "end": span.end, "label": span.label} for span in sentence.spans
        ],
    }


def load_record(line: Line) -> Record:
    """Parse one line of JSON.

    Raises:
        DataError: not UTF-8, not a JSON object, or text that is no valid Unicode; names file and
            line.
    """
    line.require_utf8()
    try:
        record = json.loads(line.text)
    except (ValueError, RecursionError) as error:
        raise line.error(f"a line must be one JSON object: {error}") from error
    if not isinstance(record, dict):
        raise line.error(f"a line must be one JSON object, got {type(record).__name__}")
    if "\\ud" in line.text.lower():
        try:
            json.dumps(record, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise line.error(
                f"text must be valid Unicode, got half a surrogate pair: {error.reason}",
                code="not-utf8",
            ) from error
    return record


def sentence_of(
    record: Record, line: Line, language: str, *, scheme: SchemeChoice, tag_names: tuple[str, ...]
) -> Sentence:
    """Make the sentence of a record, by whichever form its keys show.

    Args:
        record: one JSON object.
        line: where it stands.
        language: BCP-47 code that was asked for.
        scheme: how to read tags.
        tag_names: names of integer tags.

    Raises:
        DataError: a form we do not know, or a value that does not fit; names file and line.
    """
    if record.get("failure") is not None:
        raise line.error(
            f"a failed projection has no annotation to read, got {record['failure']!r}",
            code="bad-annotation",
        )
    name = record.get("id")
    sentence_id = name if isinstance(name, str) else "" if name is None else str(name)
    words = _words(record, line)
    tags = next((record[key] for key in _TAG_KEYS if record.get(key) is not None), None)
    if words is None:
        text = record.get("text")
        if not isinstance(text, str):
            raise line.error(f"a record must have words, tokens or text, got {sorted(record)}")
        if tags is not None:
            raise line.error(f"a record with tags must have words or tokens, got {sorted(record)}")
        return sentence_from_text(
            text,
            language,
            char_spans=[CharSpan(*item) for item in _ranges(record, line)],
            sentence_id=sentence_id,
            line=line.number,
        )
    if tags is None:
        spans = _word_spans(record, line, len(words))
    else:
        named = _named_tags(tags, line, len(words), tag_names)
        spans = read_tags(named, [line] * len(named), scheme)
    return _placed(record, line, words, spans, sentence_id, _language(record, line, language))


def _words(record: Record, line: Line) -> list[str] | None:
    """Return the words of a record; None where it has only its text.

    Raises:
        DataError: they are no list of texts; names file and line.
    """
    for key in ("words", "tokens"):
        value = record.get(key)
        if value is None or _are_places(value):
            continue
        if not isinstance(value, list):
            raise line.error(f"{key} must be a list of texts, got {value!r}")
        for word in value:
            if not isinstance(word, str):
                raise line.error(f"{key} must be a list of texts, got {word!r} in it")
        return value
    return None


def _are_places(value: object) -> bool:
    """Tell whether tokens are objects with places in the text, as Prodigy adds them."""
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _language(record: Record, line: Line, language: str) -> str:
    own = record.get("language", language)
    if not isinstance(own, str) or base_language(own) != base_language(language):
        raise line.error(f"the language must be {language!r} as asked for, got {own!r}")
    return own


def _ranges(record: Record, line: Line) -> list[tuple[int, int, str]]:
    """Return the labelled ranges of a record, in words or characters as its form has it."""
    found = (record[key] for key in _SPAN_KEYS if record.get(key) is not None)
    items: object = next(found, [])
    if not isinstance(items, list):
        raise line.error(f"spans must be a list, got {items!r}", code="bad-annotation")
    ranges = []
    for item in items:
        values = (
            [item.get(key) for key in ("start", "end", "label")] if isinstance(item, dict) else item
        )
        if not isinstance(values, list) or [type(value) for value in values] != [int, int, str]:
            raise line.error(
                f"a span must be [start, end, label] or an object of these, got {item!r}",
                code="bad-annotation",
            )
        ranges.append((values[0], values[1], values[2]))
    return ranges


def _word_spans(record: Record, line: Line, length: int) -> tuple[Span, ...]:
    ranges = sorted(_ranges(record, line))
    for start, end, _ in ranges:
        if not 0 <= start < end <= length:
            raise line.error(
                f"a span must lie inside the {length} words, got [{start}, {end})",
                code="bad-annotation",
            )
    for first, second in pairwise(ranges):
        if first[1] > second[0]:
            raise line.error(
                f"spans must not overlap, got {first} and {second}", code="bad-annotation"
            )
    return tuple(Span(*item) for item in ranges)


def _named_tags(tags: object, line: Line, length: int, tag_names: tuple[str, ...]) -> list[str]:
    if not isinstance(tags, list) or len(tags) != length:
        raise line.error(f"there must be one tag for each of the {length} words, got {tags!r}")
    if all(isinstance(tag, str) for tag in tags):
        return tags
    if not all(type(tag) is int and 0 <= tag < len(tag_names) for tag in tags):
        raise line.error(
            f"tags must be names, or numbers below {len(tag_names)}, got {tags!r}",
            code="bad-annotation",
            hint="give the names of numbered tags in order as tag_names",
        )
    return [tag_names[tag] for tag in tags]


def _placed(
    record: Record,
    line: Line,
    words: list[str],
    spans: tuple[Span, ...],
    sentence_id: str,
    language: str,
) -> Sentence:
    text, offsets = record.get("text"), record.get("char_offsets")
    if not isinstance(text, str):
        return sentence_from_words(
            words, language, spans=spans, sentence_id=sentence_id, line=line.number
        )
    if offsets is None:
        return sentence_in_text(
            text, words, language, spans=spans, sentence_id=sentence_id, line=line.number
        )
    places = _offsets(offsets, line, len(words), len(text))
    return Sentence(tuple(words), language, text, places, spans, sentence_id, line.number)


def _offsets(value: object, line: Line, words: int, length: int) -> tuple[tuple[int, int], ...]:
    rule = f"char_offsets must be {words} ascending [start, end] inside {length} characters"
    if not isinstance(value, list) or len(value) != words:
        raise line.error(f"{rule}, got {value!r}")
    places: list[tuple[int, int]] = []
    for item in value:
        if not isinstance(item, list) or [type(number) for number in item] != [int, int]:
            raise line.error(f"{rule}, got {item!r}")
        if not (places[-1][1] if places else 0) <= item[0] <= item[1] <= length:
            raise line.error(f"{rule}, got {item!r}")
        places.append((item[0], item[1]))
    return tuple(places)
