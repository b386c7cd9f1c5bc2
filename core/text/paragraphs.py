"""Cutting a paragraph into sentences by punctuation, in any language.

spaCy's sentencizer decides after which marks a sentence may end, those of Arabic, Devanagari,
Chinese and Japanese among them; our own words tell it what is a mark and what an abbreviation.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from core.text.words import split_words
from core.types import Word

if TYPE_CHECKING:
    from spacy.language import Language

# Opening marks that Unicode counts among the other punctuation.
_OPENING = frozenset("¿¡„‚")


def split_sentences(paragraph: str, language: str) -> list[str]:
    """Cut a paragraph into sentences, without the white space between them.

    A text without a mark is one sentence: the rules know punctuation and nothing else.

    >>> split_sentences("El Sr. García duerme. ¿Quién? “Yo.” Nadie.", "es")
    ['El Sr. García duerme.', '¿Quién?', '“Yo.”', 'Nadie.']

    Args:
        paragraph: running text.
        language: BCP-47 code, decides how words are split.
    """
    from spacy.tokens import Doc

    words = split_words(paragraph, language)
    if not words:
        return []
    nlp = _sentencizer()
    doc = nlp.get_pipe("sentencizer")(Doc(nlp.vocab, words=[word.text for word in words]))
    starts = [0, *(_with_opening_marks(words, span.start) for span in list(doc.sents)[1:])]
    ends = [*starts[1:], len(words)]
    return [
        paragraph[words[start].char_start : words[end - 1].char_end]
        for start, end in zip(starts, ends, strict=True)
    ]


@lru_cache(maxsize=1)
def _sentencizer() -> Language:
    import spacy

    nlp = spacy.blank("xx")
    nlp.add_pipe("sentencizer")
    return nlp


def _with_opening_marks(words: Sequence[Word], start: int) -> int:
    """Move a border before the marks that open a sentence: spaCy leaves them with the one before.

    At least one word is left before the border.
    """
    while start > 1 and _opens(words[start - 1], words[start]):
        start -= 1
    return start


def _opens(mark: Word, following: Word) -> bool:
    """Tell an opening mark; “ closes in German, and then white space follows it."""
    opening = all(unicodedata.category(c) in ("Ps", "Pi") or c in _OPENING for c in mark.text)
    return opening and mark.char_end == following.char_start
