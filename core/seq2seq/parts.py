"""Cutting text that is too long for a model into parts that fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

# Where to cut, the best places first: behind sentence ends, behind other punctuation, at white
# space. The full stop needs white space behind it, which spares numbers and abbreviations inside.
_SENTENCE = re.compile(r"(?<=[.!?…؟۔।॥։።])\s+|(?<=[。！？])\s*")
_CLAUSE = re.compile(r"(?<=[,;:،؛])\s+|(?<=[、，；：])\s*")
_SPACE = re.compile(r"\s+")


def split_to_fit(text: str, fits: Callable[[str], bool]) -> list[str]:
    """Cut text into as few parts as its best cutting places allow.

    Args:
        text: running text.
        fits: tells whether a part is short enough.

    Returns:
        The parts in order; nothing but white space is lost. Text without any punctuation or space
        is cut between characters. A single character is a part even where it does not fit.
    """
    if fits(text):
        return [text]
    for pieces in (*_cuts(text), _characters(text)):
        if len(pieces) > 1:
            parts = _pack(text, pieces, fits)
            return [one for part in parts for one in split_to_fit(part, fits)]
    return [text]


def _cuts(text: str) -> list[list[tuple[int, int]]]:
    return [_between(text, pattern) for pattern in (_SENTENCE, _CLAUSE, _SPACE)]


def _between(text: str, pattern: re.Pattern[str]) -> list[tuple[int, int]]:
    """Return the stretches between matches, without empty ones."""
    pieces, start = [], 0
    for match in pattern.finditer(text):
        pieces.append((start, match.start()))
        start = match.end()
    return [(first, end) for first, end in (*pieces, (start, len(text))) if first < end]


def _characters(text: str) -> list[tuple[int, int]]:
    import regex

    return [match.span() for match in regex.finditer(r"\X", text)]


def _pack(text: str, pieces: Sequence[tuple[int, int]], fits: Callable[[str], bool]) -> list[str]:
    """Join neighbours as long as they fit together; a piece that does not fit stands alone."""
    parts = [pieces[0]]
    for start, end in pieces[1:]:
        if fits(text[parts[-1][0] : end]):
            parts[-1] = parts[-1][0], end
        else:
            parts.append((start, end))
    return [text[start:end] for start, end in parts]
