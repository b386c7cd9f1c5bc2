"""Unicode NFC on request: one composed form for letters that can be written in several ways."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from core.types import Sentence


def compose(sentence: Sentence) -> Sentence:
    """Return the sentence in Unicode NFC, with its character offsets moved along.

    Words and the text between them are composed one by one, so that each word stays what its
    offsets cover.
    """
    pieces: list[str] = []
    offsets: list[tuple[int, int]] = []
    position = length = 0
    for char_start, char_end in sentence.char_offsets:
        gap = unicodedata.normalize("NFC", sentence.text[position:char_start])
        covered = unicodedata.normalize("NFC", sentence.text[char_start:char_end])
        start = length + len(gap)
        pieces += [gap, covered]
        offsets.append((start, start + len(covered)))
        position, length = char_end, start + len(covered)
    pieces.append(unicodedata.normalize("NFC", sentence.text[position:]))
    return replace(
        sentence,
        words=tuple(unicodedata.normalize("NFC", word) for word in sentence.words),
        text="".join(pieces),
        char_offsets=tuple(offsets),
    )
