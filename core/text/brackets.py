r"""Bracket notation: text with entities marked inline, `[PER Ada Lovelace] in [LOC Turin]`.

The form people type. `[LABEL`, one space, the entity's text, `]`; a literal bracket or backslash is
written with a backslash before it. Spans are flat.
"""

from __future__ import annotations

import re

from core.errors import DataError
from core.text.char_spans import CharSpan, sentence_from_text
from core.types import Sentence

_OPEN = re.compile(r"\[([A-Za-z][\w.&-]*) ")
_SPECIAL = "\\[]"


def strip_brackets(marked: str) -> tuple[str, tuple[CharSpan, ...]]:
    r"""Separate bracketed text into plain text and character spans.

    >>> strip_brackets(r"[PER Ada] wrote \[1\].")
    ('Ada wrote [1].', (CharSpan(char_start=0, char_end=3, label='PER'),))

    Raises:
        DataError: a bracket that is not closed, not opened, nested, empty or without a label
            (code bad-annotation).
    """
    plain: list[str] = []
    spans: list[CharSpan] = []
    opened: tuple[int, str] | None = None
    position = length = 0
    while position < len(marked):
        char = marked[position]
        if char == "\\" and marked[position + 1 : position + 2] in tuple(_SPECIAL):
            plain.append(marked[position + 1])
            position, length = position + 2, length + 1
        elif char == "[":
            match = _OPEN.match(marked, position)
            if match is None or opened is not None:
                raise _error(
                    marked, position, "an opening bracket must be '[LABEL text]', not nested"
                )
            opened = (length, match[1])
            position = match.end()
        elif char == "]":
            if opened is None or opened[0] == length:
                raise _error(
                    marked, position, "a closing bracket must end a non-empty '[LABEL text]'"
                )
            spans.append(CharSpan(opened[0], length, opened[1]))
            opened = None
            position += 1
        else:
            plain.append(char)
            position, length = position + 1, length + 1
    if opened is not None:
        raise _error(marked, len(marked), "every '[LABEL text' must be closed by ']'")
    return "".join(plain), tuple(spans)


def _error(marked: str, position: int, rule: str) -> DataError:
    near = marked[max(0, position - 10) : position + 10]
    return DataError(
        f"{rule}; got {near!r} at character {position}",
        code="bad-annotation",
        hint="write a literal bracket as \\[ or \\]",
    )


def parse_brackets(
    marked: str, language: str, *, sentence_id: str = "", line: int | None = None
) -> Sentence:
    """Read one bracketed sentence and split it into words.

    Args:
        marked: text with `[LABEL entity]` marks.
        language: BCP-47 code, decides how words are split.
        sentence_id: name to carry along.
        line: 1-based line it came from.

    Returns:
        The sentence with word spans.

    Raises:
        DataError: malformed brackets, or a span that starts or ends inside a word (code
            bad-annotation).
    """
    text, char_spans = strip_brackets(marked)
    return sentence_from_text(
        text, language, char_spans=char_spans, sentence_id=sentence_id, line=line
    )


def to_brackets(sentence: Sentence) -> str:
    """Write a sentence with its spans in bracket notation; `parse_brackets` reads it back."""
    pieces: list[str] = []
    position = 0
    for span in sentence.spans:
        start, end = sentence.char_offsets[span.start][0], sentence.char_offsets[span.end - 1][1]
        pieces += [_escape(sentence.text[position:start]), f"[{span.label} "]
        pieces += [_escape(sentence.text[start:end]), "]"]
        position = end
    return "".join([*pieces, _escape(sentence.text[position:])])


def _escape(text: str) -> str:
    return re.sub(r"([\\\[\]])", r"\\\1", text)
