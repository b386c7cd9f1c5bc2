"""What counts as one word to a person, and which of them a perturbation may touch.

In text whose words are characters a person's words are those that a segmenter finds. One that lies
across the border of an entity is none: each side of it is taken character by character.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from core.perturbations._editing import Fragment, fragment_from_text, one_word
from core.text.segments import has_character_words, segment
from core.types import Sentence

Where = Literal["all", "entities", "context"]
"""Which words: those of entities, those outside, or both."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Words `[start, end)` of a sentence that are one word to a person.

    Attributes:
        start: first word.
        end: the word after the last one.
        text: what stands there.
        is_entity: whether it lies in an entity.
        of_characters: whether the words of its sentence are characters.
    """

    start: int
    end: int
    text: str
    is_entity: bool
    of_characters: bool = False

    def rewritten(self, text: str, language: str) -> Fragment:
        """Return a new text as words, in the way in which the old one was split."""
        if not self.of_characters:
            return one_word(text)
        return fragment_from_text(text, language)


def units(sentence: Sentence, where: Where = "all") -> Iterator[Unit]:
    """Yield the words of a sentence as a person would count them, in order."""
    owner = owners(sentence)
    characters = has_character_words(sentence)
    for start, end in _places(sentence, owner, characters=characters):
        is_entity = owner[start] is not None
        if where == "all" or is_entity == (where == "entities"):
            text = "".join(sentence.words[start:end])
            yield Unit(start, end, text, is_entity, characters)


def owners(sentence: Sentence) -> list[int | None]:
    """Return for every word the place of its entity among the spans; None outside."""
    owner: list[int | None] = [None] * len(sentence.words)
    for place, span in enumerate(sentence.spans):
        owner[span.start : span.end] = [place] * len(span)
    return owner


def clusters(text: str) -> list[str]:
    """Cut text into the characters that a reader sees."""
    import regex

    return [match[0] for match in regex.finditer(r"\X", text)]


def is_letter(cluster: str) -> bool:
    """Tell whether a visible character is a letter, with or without marks."""
    return cluster[:1].isalpha()


def _places(
    sentence: Sentence, owner: list[int | None], *, characters: bool
) -> Iterable[tuple[int, int]]:
    found = segment(sentence.text, sentence.language) if characters else None
    if not found:
        return ((i, i + 1) for i in range(len(sentence.words)))
    segment_of = [
        next((n for n, (left, right) in enumerate(found) if left <= first and last <= right), None)
        for first, last in sentence.char_offsets
    ]
    return _runs(segment_of, owner)


def _runs(segment_of: list[int | None], owner: list[int | None]) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(segment_of):
        end = start + 1
        while (
            end < len(segment_of)
            and segment_of[start] is not None
            and segment_of[end] == segment_of[start]
        ):
            end += 1
        if len(set(owner[start:end])) == 1:
            yield start, end
        else:
            yield from ((i, i + 1) for i in range(start, end))
        start = end
