"""Marks around entities that travel through a translator: square brackets, or inline tags.

Paper: Chen et al. 2023, EasyProject, arXiv:2211.15613, section 3 (brackets).
Departs: a tag carries the entity's number, so that nothing has to be guessed where a translator
keeps tags; brackets are read in any form that translators turn them into, doubled or full-width.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.text.words import split_words
from core.types import Sentence, Span

_TAG = re.compile(r'<b id="(\d+)">|</b>|<[^>]*>')
# What translators make of "[" and "]".
_OPEN, _CLOSE = "[［【〔「", "]］】〕」"
_BRACKET = re.compile(rf"([{re.escape(_OPEN)}]+)|([{re.escape(_CLOSE)}]+)")
_SAFE = str.maketrans({**dict.fromkeys(_OPEN, "("), **dict.fromkeys(_CLOSE, ")")})


@dataclass(frozen=True, slots=True)
class MarkedText:
    """Text without its marks, and the stretches that were marked, in order of the text.

    Attributes:
        text: running text.
        stretches: half-open character offsets.
        numbers: the number each mark carries; None for brackets, which carry none.
    """

    text: str
    stretches: tuple[tuple[int, int], ...]
    numbers: tuple[int | None, ...]


def with_brackets(sentence: Sentence) -> str:
    """Write a sentence with `[ ]` around each entity; brackets of its own become parentheses."""
    return _wrap(sentence, lambda text: text.translate(_SAFE), lambda _: "[", "]")


def with_tags(sentence: Sentence) -> str:
    """Write a sentence as HTML, with `<b id="2">…</b>` around entity 2."""
    return _wrap(
        sentence, lambda text: html.escape(text, quote=False), lambda i: f'<b id="{i}">', "</b>"
    )


def _wrap(
    sentence: Sentence, clean: Callable[[str], str], opening: Callable[[int], str], closing: str
) -> str:
    parts, place = [], 0
    for number, span in enumerate(sentence.spans):
        start = sentence.char_offsets[span.start][0]
        end = sentence.char_offsets[span.end - 1][1]
        parts += [clean(sentence.text[place:start]), opening(number)]
        parts += [clean(sentence.text[start:end]), closing]
        place = end
    return "".join([*parts, clean(sentence.text[place:])])


def read_tags(markup: str) -> MarkedText:
    """Read a translation with inline tags; a tag that was cut in two gives two stretches."""
    pieces: list[str] = []
    length = place = 0
    opened: list[tuple[int | None, int]] = []
    found: list[tuple[int, int, int | None]] = []
    for match in _TAG.finditer(markup):
        piece = html.unescape(markup[place : match.start()])
        pieces.append(piece)
        length += len(piece)
        place = match.end()
        if match[1] is not None:
            opened.append((int(match[1]), length))
        elif match[0] == "</b>" and opened:
            number, start = opened.pop()
            found.append((start, length, number))
    pieces.append(html.unescape(markup[place:]))
    return _marked("".join(pieces), found)


def read_brackets(text: str) -> MarkedText | None:
    """Read a translation with brackets; None where they do not pair up."""
    pieces: list[str] = []
    length = place = 0
    start: int | None = None
    found: list[tuple[int, int, int | None]] = []
    for match in _BRACKET.finditer(text):
        piece = text[place : match.start()]
        pieces.append(piece)
        length += len(piece)
        place = match.end()
        if (match[1] is None) == (start is None):
            return None  # a second opening, or a closing without one
        if match[1] is not None:
            start = length
        else:
            found.append((start or 0, length, None))
            start = None
    pieces.append(text[place:])
    return None if start is not None else _marked("".join(pieces), found)


def _marked(text: str, found: Sequence[tuple[int, int, int | None]]) -> MarkedText:
    """Trim white space off the stretches and drop those without text."""
    kept = []
    for start, end, number in sorted(found, key=lambda one: one[:2]):
        inside = text[start:end]
        start += len(inside) - len(inside.lstrip())
        end = start + len(inside.strip())
        if start < end:
            kept.append((start, end, number))
    return MarkedText(
        text,
        tuple((start, end) for start, end, _ in kept),
        tuple(number for _, _, number in kept),
    )


def lay_on_words(
    marked: MarkedText, labels: Sequence[tuple[int, str]], language: str
) -> tuple[Sentence, tuple[int, ...]]:
    """Split the text into words and give each stretch its class.

    A stretch takes every word that it touches, because translators put marks inside words; a word
    that two stretches touch belongs to the first.

    Args:
        marked: the text.
        labels: entity number and class of each stretch; a stretch with a negative number is not
            an entity.
        language: BCP-47 code.

    Returns:
        The sentence, and the entity number of each of its spans.
    """
    words = split_words(marked.text, language)
    spans: list[tuple[Span, int]] = []
    free = 0
    for (start, end), (number, label) in zip(marked.stretches, labels, strict=True):
        touched = [
            index
            for index, word in enumerate(words)
            if word.char_start < end and start < word.char_end and index >= free
        ]
        if touched and number >= 0:
            spans.append((Span(touched[0], touched[-1] + 1, label), number))
            free = touched[-1] + 1
    sentence = Sentence(
        words=tuple(word.text for word in words),
        language=language,
        text=marked.text,
        char_offsets=tuple((word.char_start, word.char_end) for word in words),
        spans=tuple(span for span, _ in spans),
    )
    return sentence, tuple(number for _, number in spans)
