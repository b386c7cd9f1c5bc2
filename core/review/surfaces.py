"""Texts of entities as they are compared: canonically equivalent, caseless, spacing collapsed.

Paper: The Unicode Standard, section 3.13, D145 (canonical caseless matching). The decomposed form
it compares is as good as NFC: two texts have the same one exactly where they have the same other.
Departs: runs of white space count as one space; none counts in text written without spaces.
"""

from __future__ import annotations

import unicodedata

import numpy as np

from core.evaluate.outcomes import assign
from core.store.answers import Answer, AnswerSpan
from core.text.words import NO_SPACE_LANGUAGES, base_language
from core.types import Sentence, SentencePair, Span

Bounds = tuple[int, int]
"""First word and the word behind the last."""


def surface_key(text: str, language: str) -> str:
    """Return the form in which texts of a language are compared; empty where it is all spacing.

    >>> surface_key("New  YORK", "en") == surface_key("new york", "en")
    True
    """
    gap = "" if base_language(language) in NO_SPACE_LANGUAGES else " "
    folded = unicodedata.normalize("NFD", text).casefold()
    return gap.join(unicodedata.normalize("NFD", folded).split())


def find_surface(sentence: Sentence, text: str) -> tuple[Bounds, ...]:
    """Find the words in a row whose running text is the one given.

    Only whole words match; where text is split into characters, each of them is one.

    Args:
        sentence: where to look.
        text: the text.

    Returns:
        In order; places may share words, as those of “a a” in “a a a” do.
    """
    wanted = surface_key(text, sentence.language)
    if not wanted:
        return ()
    ends = ((start, _end_of(sentence, start, wanted)) for start in range(len(sentence.words)))
    return tuple((start, end) for start, end in ends if end is not None)


def _end_of(sentence: Sentence, start: int, wanted: str) -> int | None:
    """Return the word behind the last of those from `start` on that make up the wanted text."""
    for end in range(start + 1, len(sentence.words) + 1):
        text = surface_key(sentence.text_of(Span(start, end, "")), sentence.language)
        # A decomposed text never gets shorter when words are added to it.
        if len(text) >= len(wanted):
            return end if text == wanted else None
    return None


def entities_of(answer: Answer, pair: SentencePair) -> tuple[Span, ...]:
    """Return the source entities that an answer is about: the pair's own, or those it made."""
    return answer.edits.pair(pair).source.spans


def spans_by_entity(answer: Answer, pair: SentencePair) -> dict[int, tuple[AnswerSpan, ...]]:
    """Tell which spans of an answer stand for which source entity.

    A span that names no entity stands for one of its class that has none: the one that lies at
    about the same place of its sentence. Spans that a reviewer added stand for none.

    Args:
        answer: its spans may name their entities.
        pair: the sentences.

    Returns:
        Spans in order, by entity; an entity without any is not there.
    """
    entities = entities_of(answer, pair)
    owned: dict[int, list[AnswerSpan]] = {}
    nameless = []
    for span in answer.spans:
        if span.entity is not None:
            owned.setdefault(span.entity, []).append(span)
        elif span.span not in answer.added:
            nameless.append(span)
    free = [
        entity
        for entity in range(len(entities))
        if entity not in owned and entity not in answer.dropped
    ]
    if nameless and free:
        weights = np.array(
            [[_nearness(entities[entity], span, pair) for span in nameless] for entity in free]
        )
        for row, column in assign(weights):
            owned[free[row]] = [nameless[column]]
    return {entity: tuple(spans) for entity, spans in owned.items()}


def _nearness(entity: Span, span: AnswerSpan, pair: SentencePair) -> float:
    """Return how near two spans lie in their sentences, in (0, 1]; 0 for another class."""
    if entity.label != span.label:
        return 0.0
    here = (entity.start + entity.end) / (2 * len(pair.source.words))
    there = (span.start + span.end) / (2 * len(pair.target.words))
    return 1 - abs(here - there)
