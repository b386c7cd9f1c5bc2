"""A sentence as spaCy sees it: every character belongs to a token or is the one space after it.

White space beyond that one space is a token of its own, which is no word.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.corpora._labelled_text import require_words_in_text
from core.corpora._writing import unwritable
from core.types import Sentence


@dataclass(frozen=True, slots=True)
class SpacyToken:
    """A token of spaCy.

    Attributes:
        text: its characters.
        char_start: where it begins.
        space: whether one space follows.
        word: index of the word it is, or None for white space.
    """

    text: str
    char_start: int
    space: bool
    word: int | None

    @property
    def char_end(self) -> int:
        """Return where the token ends, without the space after it."""
        return self.char_start + len(self.text)


def spacy_tokens(sentence: Sentence) -> list[SpacyToken]:
    """Cut a sentence into spaCy's tokens.

    Raises:
        DataError: words that are empty or blank, or that do not make up the text (bad-value).
    """
    require_words_in_text(sentence)
    tokens: list[SpacyToken] = []
    position = 0
    for place, (start, end) in enumerate(sentence.char_offsets):
        if sentence.words[place].isspace():
            raise unwritable(f"a word must not be blank, got {sentence.words[place]!r}", sentence)
        _add_gap(tokens, sentence, position, start)
        tokens.append(SpacyToken(sentence.words[place], start, False, place))
        position = end
    _add_gap(tokens, sentence, position, len(sentence.text))
    return tokens


def _add_gap(tokens: list[SpacyToken], sentence: Sentence, start: int, end: int) -> None:
    gap = sentence.text[start:end]
    if gap.strip():
        raise unwritable(f"words must make up the text, got {gap!r} between them", sentence)
    if gap.startswith(" ") and tokens:
        last = tokens[-1]
        tokens[-1] = SpacyToken(last.text, last.char_start, True, last.word)
        start, gap = start + 1, gap[1:]
    if gap:
        tokens.append(SpacyToken(gap, start, False, None))
