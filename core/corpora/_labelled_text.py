"""Sentences of the formats that label stretches of running text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, pairwise
from operator import itemgetter
from typing import Literal, get_args

from core.corpora._writing import unwritable
from core.errors import DataError
from core.text.char_spans import CharSpan, sentence_from_text
from core.text.files import Line
from core.types import Sentence, Span

OffsetUnit = Literal["code-points", "utf-16"]
OFFSET_UNITS: tuple[OffsetUnit, ...] = get_args(OffsetUnit)


def char_span(sentence: Sentence, span: Span) -> CharSpan:
    """Return a span as the characters it covers."""
    offsets = sentence.char_offsets
    return CharSpan(offsets[span.start][0], offsets[span.end - 1][1], span.label)


def place_spans(
    text: str,
    language: str,
    stretches: Iterable[CharSpan],
    *,
    words: Sequence[tuple[int, int]] | None,
    sentence_id: str,
    line: Line,
) -> Sentence:
    """Make a sentence of a text, its labelled stretches and perhaps the place of its words.

    Args:
        text: one sentence.
        language: BCP-47 code.
        stretches: labelled characters, any order.
        words: where each word lies; None splits the text anew.
        sentence_id: name to carry along.
        line: where the sentence stands.

    Raises:
        DataError: a stretch that is empty, leaves the text, cuts a word or lies on another (code
            bad-annotation); names file and line.
    """
    try:
        if words is None:
            return sentence_from_text(
                text, language, char_spans=stretches, sentence_id=sentence_id, line=line.number
            )
        spans = tuple(sorted(_on_words(text, words, stretch) for stretch in stretches))
        for first, second in pairwise(spans):
            if first.end > second.start:
                raise DataError(
                    f"entities must not overlap, got {first} and {second}", code="bad-annotation"
                )
    except DataError as error:
        raise line.error(error.reason, code=error.code, hint=error.hint) from error
    return Sentence(
        words=tuple(text[start:end] for start, end in words),
        language=language,
        text=text,
        char_offsets=tuple(words),
        spans=spans,
        id=sentence_id,
        line=line.number,
    )


def _on_words(text: str, words: Sequence[tuple[int, int]], stretch: CharSpan) -> Span:
    begin, end = stretch.char_start, stretch.char_end
    if not 0 <= begin < end <= len(text):
        raise DataError(
            f"an entity must lie inside the {len(text)} characters of its text, "
            f"got [{begin}, {end})",
            code="bad-annotation",
        )
    # Words are sorted, and a long text may have as many entities as words.
    inside = range(
        bisect_right(words, begin, key=itemgetter(1)), bisect_left(words, end, key=itemgetter(0))
    )
    covered = text[begin:end]
    first = begin + len(covered) - len(covered.lstrip())
    last = end - len(covered) + len(covered.rstrip())
    if not inside or (words[inside[0]][0], words[inside[-1]][1]) not in (
        (begin, end),  # a word may itself begin or end with white space
        (first, last),
    ):
        raise DataError(
            f"an entity must start and end at a word border, got {covered!r} in {text!r}",
            code="bad-annotation",
            hint="enclose whole words",
        )
    return Span(inside[0], inside[-1] + 1, stretch.label)


def word_places(value: object, line: Line, length: int) -> list[tuple[int, int]] | None:
    """Read the places of the words that we wrote beside a text.

    Args:
        value: `[[start, end], …]`, or None.
        line: where it stands.
        length: of the text.

    Raises:
        DataError: anything else (code bad-line).
    """
    if value is None:
        return None
    rule = f"words must be ascending [start, end] inside {length} characters"
    if not isinstance(value, list):
        raise line.error(f"{rule}, got {value!r}")
    places: list[tuple[int, int]] = []
    for item in value:
        if not isinstance(item, list) or [type(number) for number in item] != [int, int]:
            raise line.error(f"{rule}, got {item!r}")
        start, end = item
        if not (places[-1][1] if places else 0) <= start < end <= length:
            raise line.error(f"{rule}, got {item!r}")
        places.append((start, end))
    return places


@lru_cache(maxsize=2)  # asked for once an entity, and a text may have many
def utf16_offsets(text: str) -> tuple[int, ...]:
    """Return each character's offset, and the end, in UTF-16 code units."""
    return tuple(accumulate((2 if ord(char) > 0xFFFF else 1 for char in text), initial=0))


@lru_cache(maxsize=2)
def code_points(text: str) -> Mapping[int, int]:
    """Return the character that stands at each offset in UTF-16 code units."""
    return {offset: place for place, offset in enumerate(utf16_offsets(text))}


def to_unit(text: str, stretch: CharSpan, unit: OffsetUnit) -> CharSpan:
    """Count a stretch in the unit of another tool."""
    if unit == "code-points" or text.isascii():
        return stretch
    offsets = utf16_offsets(text)
    return CharSpan(offsets[stretch.char_start], offsets[stretch.char_end], stretch.label)


def from_unit(text: str, stretch: CharSpan, unit: OffsetUnit) -> CharSpan:
    """Count a stretch of another tool in code points.

    Raises:
        DataError: it begins or ends inside a character or outside the text (code bad-annotation).
    """
    if unit == "code-points" or text.isascii():
        return stretch
    places = code_points(text)
    start, end = places.get(stretch.char_start), places.get(stretch.char_end)
    if start is None or end is None:
        raise DataError(
            f"an entity must lie on the {len(places) - 1} characters of its text, "
            f"got [{stretch.char_start}, {stretch.char_end}) in UTF-16 code units",
            code="bad-annotation",
            hint="try offsets=code-points",
        )
    return CharSpan(start, end, stretch.label)


def require_labels(sentence: Sentence) -> None:
    """Check that every label is a text that other tools show.

    Raises:
        DataError: a label that is blank or has outer white space (code bad-value).
    """
    for span in sentence.spans:
        if not span.label.strip() or span.label != span.label.strip():
            raise unwritable(f"a label must be a trimmed text, got {span.label!r}", sentence)


def require_words_in_text(sentence: Sentence) -> None:
    """Check that each word is what its place in the text says.

    Raises:
        DataError: an empty word, or one that its offsets do not cover (code bad-value).
    """
    for word, (start, end) in zip(sentence.words, sentence.char_offsets, strict=True):
        if not word or sentence.text[start:end] != word:
            raise unwritable(f"words must stand in the text, got {word!r}", sentence)


def require_same_entities(sentence: Sentence) -> None:
    """Check that the entities can be found again after the text is split into words anew.

    Raises:
        DataError: an entity that would begin or end inside a word (code bad-value).
    """
    stretches = [char_span(sentence, span) for span in sentence.spans]
    try:
        copy = sentence_from_text(sentence.text, sentence.language, char_spans=stretches)
    except DataError as error:
        raise unwritable(error.reason, sentence) from error
    if [char_span(copy, span) for span in copy.spans] != stretches:
        raise unwritable(
            f"entities must not begin or end in white space: {sentence.text!r}", sentence
        )
