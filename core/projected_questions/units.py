"""Contexts cut into what is translated and aligned at once, and answers found in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.questions import Answer, Context
from core.text.char_spans import sentence_from_text
from core.text.paragraphs import split_sentences
from core.text.words import NO_SPACE_LANGUAGES, base_language
from core.types import Sentence, Span


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of a context: one sentence, or several that an answer ties together."""

    text: str
    char_start: int

    @property
    def char_end(self) -> int:
        """Return the character after its last one."""
        return self.char_start + len(self.text)


@dataclass(frozen=True, slots=True)
class PlacedAnswer:
    """An answer as words of a unit.

    Attributes:
        unit: 0-based place of the unit.
        start: first word.
        end: word after the last one.
        widened: whether the answer begins or ends inside a word, so that the words are more.
    """

    unit: int
    start: int
    end: int
    widened: bool

    def span(self, label: str) -> Span:
        """Return it as an entity."""
        return Span(self.start, self.end, label)


def cut_context(context: Context, language: str) -> tuple[Unit, ...]:
    """Cut a context into sentences; a border inside an answer is no border.

    Args:
        context: with the questions whose answers must stay whole.
        language: of the context.

    Returns:
        Units in order; only white space lies between them.
    """
    borders = _sentence_borders(context.text, language)
    inside = {
        border
        for start, end in _answer_stretches(context)
        for border, _ in borders
        if start < border < end
    }
    units: list[Unit] = []
    for start, end in borders:
        if units and start in inside:
            start = units.pop().char_start
        units.append(Unit(context.text[start:end], start))
    return tuple(units)


def unit_sentences(units: Sequence[Unit], language: str) -> list[Sentence]:
    """Split units into words."""
    return [sentence_from_text(unit.text, language) for unit in units]


def place_answer(
    answer: Answer, units: Sequence[Unit], sentences: Sequence[Sentence | None]
) -> PlacedAnswer | None:
    """Find the words that an answer covers, whole or in part.

    Args:
        answer: of the context that was cut.
        units: of that context.
        sentences: the words of each unit that has an answer.

    Returns:
        None where the answer covers no word: it is white space.
    """
    for place, unit in enumerate(units):
        sentence = sentences[place]
        if sentence is None or not unit.char_start <= _trimmed(answer)[0] < unit.char_end:
            continue
        start, end = (border - unit.char_start for border in _trimmed(answer))
        covered = [
            index
            for index, (left, right) in enumerate(sentence.char_offsets)
            if left < end and start < right
        ]
        if covered:
            first, last = covered[0], covered[-1]
            edges = (sentence.char_offsets[first][0], sentence.char_offsets[last][1])
            return PlacedAnswer(place, first, last + 1, widened=edges != (start, end))
    return None


def units_with_answers(context: Context, units: Sequence[Unit]) -> set[int]:
    """Return the places of the units that hold an answer."""
    starts = {start for start, _ in _answer_stretches(context)}
    return {
        place
        for place, unit in enumerate(units)
        if any(unit.char_start <= start < unit.char_end for start in starts)
    }


def join_units(
    context: str, units: Sequence[Unit], translations: Sequence[str], language: str
) -> tuple[str, tuple[int, ...]]:
    """Put the translations of all units together.

    Line ends between units stay; other white space becomes one space, or none in languages written
    without.

    Args:
        context: the source text.
        units: what it was cut into.
        translations: of each unit.
        language: of the translations.

    Returns:
        The text, and where each translation begins in it.
    """
    spaced = base_language(language) not in NO_SPACE_LANGUAGES
    pieces: list[str] = []
    starts: list[int] = []
    length = 0
    for place, (unit, translation) in enumerate(zip(units, translations, strict=True)):
        gap = context[units[place - 1].char_end : unit.char_start] if place else ""
        between = gap if "\n" in gap else " " if spaced and place else ""
        starts.append(length + len(between))
        pieces += [between, translation]
        length += len(between) + len(translation)
    return "".join(pieces), tuple(starts)


def _sentence_borders(text: str, language: str) -> list[tuple[int, int]]:
    borders = []
    position = 0
    for sentence in split_sentences(text, language):
        start = text.index(sentence, position)
        position = start + len(sentence)
        borders.append((start, position))
    return borders


def _answer_stretches(context: Context) -> set[tuple[int, int]]:
    return {_trimmed(answer) for question in context.questions for answer in question.answers}


def _trimmed(answer: Answer) -> tuple[int, int]:
    """Return its borders without white space at the edges."""
    start = answer.char_start + len(answer.text) - len(answer.text.lstrip())
    return start, max(start, answer.char_end - len(answer.text) + len(answer.text.rstrip()))
