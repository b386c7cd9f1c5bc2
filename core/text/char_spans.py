"""Spans over characters → spans over words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.errors import DataError
from core.text.words import split_words
from core.types import Sentence, Span, Word


@dataclass(frozen=True, slots=True, order=True)
class CharSpan:
    """A labelled stretch of text, half-open character offsets (code points)."""

    char_start: int
    char_end: int
    label: str


def sentence_from_text(
    text: str,
    language: str,
    *,
    char_spans: Iterable[CharSpan] = (),
    sentence_id: str = "",
    line: int | None = None,
) -> Sentence:
    """Split running text into words and lay labelled stretches of it onto the words.

    White space at the edge of a stretch is not part of the entity. Nothing is rounded: a stretch
    that cuts a word is an error, because moving its border would change the annotation unseen.

    Args:
        text: one sentence.
        language: BCP-47 code, decides how words are split.
        char_spans: labelled stretches, any order.
        sentence_id: name to carry along.
        line: 1-based line it came from.

    Returns:
        The sentence with word spans.

    Raises:
        DataError: a stretch without text, outside the text, across a word border, or on another
            stretch (code bad-annotation).
    """
    words = split_words(text, language)
    return Sentence(
        words=tuple(word.text for word in words),
        language=language,
        text=text,
        char_offsets=tuple((word.char_start, word.char_end) for word in words),
        spans=_word_spans(text, words, char_spans),
        id=sentence_id,
        line=line,
    )


def _word_spans(
    text: str, words: Sequence[Word], char_spans: Iterable[CharSpan]
) -> tuple[Span, ...]:
    starts = {word.char_start: index for index, word in enumerate(words)}
    ends = {word.char_end: index + 1 for index, word in enumerate(words)}
    spans: list[Span] = []
    for char_span in sorted(char_spans):
        char_start, char_end = _trim(text, char_span)
        start, end = starts.get(char_start), ends.get(char_end)
        if start is None or end is None:
            raise DataError(
                "an entity must start and end at a word border, "
                f"got {text[char_start:char_end]!r} in {text!r}",
                code="bad-annotation",
                hint="enclose whole words",
            )
        if spans and spans[-1].end > start:
            raise DataError(
                f"entities must not overlap, got {text[char_start:char_end]!r} on another",
                code="bad-annotation",
            )
        spans.append(Span(start, end, char_span.label))
    return tuple(spans)


def _trim(text: str, span: CharSpan) -> tuple[int, int]:
    if not 0 <= span.char_start < span.char_end <= len(text):
        raise DataError(
            f"an entity must lie inside the {len(text)} characters of its text, "
            f"got [{span.char_start}, {span.char_end})",
            code="bad-annotation",
            hint="offsets count code points: one emoji may be one or several",
        )
    covered = text[span.char_start : span.char_end]
    if not covered.strip():
        raise DataError(
            f"an entity must cover text, got white space at character {span.char_start}",
            code="bad-annotation",
        )
    start = span.char_start + len(covered) - len(covered.lstrip())
    return start, span.char_end - len(covered) + len(covered.rstrip())
