"""Finding words in the running text they were split from."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from core.text.words import sentence_from_words
from core.types import Sentence, Span


def locate_words(text: str, words: Sequence[str]) -> tuple[tuple[int, int], ...] | None:
    """Find words one after another in a text.

    Only white space may lie between them, so that a word is never found in a later place that
    merely looks alike. Text and words are compared after Unicode NFC.

    Returns:
        Half-open character offsets into `text` as given, or None where the words do not make it up.
    """
    offsets = _scan(text, words)
    if offsets is not None:
        return offsets
    normal, origins = _composed(text)
    found = _scan(normal, [unicodedata.normalize("NFC", word) for word in words])
    if found is None or any(start not in origins or end not in origins for start, end in found):
        return None
    return tuple((origins[start], origins[end]) for start, end in found)


def _scan(text: str, words: Sequence[str]) -> tuple[tuple[int, int], ...] | None:
    offsets: list[tuple[int, int]] = []
    position = 0
    for word in words:
        while position < len(text) and text[position].isspace():
            position += 1
        if not word or not text.startswith(word, position):
            return None
        offsets.append((position, position + len(word)))
        position += len(word)
    return None if text[position:].strip() else tuple(offsets)


def _composed(text: str) -> tuple[str, dict[int, int]]:
    """Return the text in NFC and where each user-visible character began before."""
    import regex

    pieces: list[str] = []
    origins = {0: 0}
    length = 0
    for cluster in regex.finditer(r"\X", text):
        pieces.append(unicodedata.normalize("NFC", cluster[0]))
        length += len(pieces[-1])
        origins[length] = cluster.end()
    return "".join(pieces), origins


def sentence_in_text(
    text: str,
    words: Iterable[str],
    language: str,
    *,
    spans: Iterable[Span] = (),
    sentence_id: str = "",
    line: int | None = None,
) -> Sentence:
    """Build a sentence from words and the text they came from.

    Where the words do not make up the text (a contraction written out, say), the text is rebuilt
    from the words, as for a corpus that has none.
    """
    words = tuple(words)
    offsets = locate_words(text, words)
    if offsets is None:
        return sentence_from_words(words, language, spans=spans, sentence_id=sentence_id, line=line)
    return Sentence(words, language, text, offsets, tuple(sorted(spans)), sentence_id, line)
