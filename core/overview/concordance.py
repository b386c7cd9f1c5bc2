"""Concordance: every place where a word or an entity was linked to what, counted by translation.

A word's translation is the words linked to it, in their order; an entity's is the span it was
projected to. An index over a run is built once, so that a query looks at its own places only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Literal

from core.overview.outcomes import CorpusRun, SentenceOutcome
from core.types import Sentence, Span

Side = Literal["source", "target"]
Unit = Literal["word", "entity"]
Words = tuple[int, ...]
"""Word indices, ascending."""
_Place = tuple[int, Words]
"""Sentence, counted from 0, and the words of the occurrence."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One place.

    Attributes:
        number: the sentence, from 1.
        source: words to highlight in the source sentence.
        target: words to highlight in the target sentence.
        entity: index of the source entity, where entities were looked for and it is known.
        failed: whether the sentence failed, so that nothing is known of its links.
    """

    number: int
    source: Words
    target: Words
    entity: int | None = None
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Translation:
    """A translation with its places, in corpus order; its text is as first found."""

    text: str
    places: tuple[Occurrence, ...]


@dataclass(frozen=True, slots=True)
class Concordance:
    """The answer to a query.

    Attributes:
        query: what was asked.
        side: where it was looked for.
        unit: whether a word (or words in a row) or an entity was looked for.
        translations: most frequent first, then by text.
        unlinked: places that are linked to nothing, or in sentences that failed.
    """

    query: str
    side: Side
    unit: Unit
    translations: tuple[Translation, ...]
    unlinked: tuple[Occurrence, ...]

    @property
    def total(self) -> int:
        """Return the number of places."""
        return len(self.unlinked) + sum(len(one.places) for one in self.translations)

    def as_dict(self) -> dict[str, Any]:
        """Return the answer, ready for JSON."""
        return {**asdict(self), "total": self.total}


class ConcordanceIndex:
    """The words and entities of a run by their casefolded text.

    Args:
        run: the run; its links and projected spans are what is told.
    """

    def __init__(self, run: CorpusRun) -> None:
        self.outcomes: Sequence[SentenceOutcome] = run.outcomes

    def find(self, query: str, *, side: Side = "source", unit: Unit = "word") -> Concordance:
        """Find all places of a word, of words in a row, or of an entity.

        Args:
            query: the text; case and the amount of spacing do not matter.
            side: sentences to look in.
            unit: `word` for whole words, `entity` for the whole text of an entity.
        """
        wanted = _normal(query)
        found: dict[str, list[Occurrence]] = defaultdict(list)
        texts: dict[str, str] = {}
        unlinked: list[Occurrence] = []
        places = self._words if unit == "word" else self._entities
        for occurrence in places(wanted, side) if wanted else ():
            text = self._translation(occurrence, side)
            if text:
                key = text.casefold()
                texts.setdefault(key, text)
                found[key].append(occurrence)
            else:
                unlinked.append(occurrence)
        ranked = sorted(found, key=lambda key: (-len(found[key]), key))
        translations = tuple(Translation(texts[key], tuple(found[key])) for key in ranked)
        return Concordance(query, side, unit, translations, tuple(unlinked))

    def _translation(self, occurrence: Occurrence, side: Side) -> str:
        pair = self.outcomes[occurrence.number - 1].pair
        if side == "source":
            return words_text(pair.target, occurrence.target)
        return words_text(pair.source, occurrence.source)

    def _words(self, wanted: str, side: Side) -> Iterator[Occurrence]:
        index, links = self._by_word[side], self._links[side]
        for sentence, here in self._runs_of_words(wanted, side, index):
            linked = links[sentence]
            there = tuple(sorted({word for one in here for word in linked.get(one, ())}))
            source, target = (here, there) if side == "source" else (there, here)
            failed = self.outcomes[sentence].failure is not None
            yield Occurrence(sentence + 1, source, target, failed=failed)

    def _runs_of_words(
        self, wanted: str, side: Side, index: Mapping[str, Sequence[tuple[int, int]]]
    ) -> Iterator[_Place]:
        """Find words in a row whose running text is what is wanted.

        The first word decides where to look: it is the beginning of what is wanted, however the
        text is split into words, which matters for text without spaces.
        """
        starts = sorted(
            (*place, end == len(wanted))
            for end in range(1, len(wanted) + 1)
            for place in index.get(wanted[:end], ())
        )
        for sentence, first, whole in starts:
            if whole:  # nearly always; nothing is left to compare
                yield sentence, (first,)
                continue
            pair = self.outcomes[sentence].pair
            text = pair.source if side == "source" else pair.target
            last = _last_word(text, first, wanted)
            if last is not None:
                yield sentence, tuple(range(first, last + 1))

    def _entities(self, wanted: str, side: Side) -> Iterator[Occurrence]:
        for sentence, entity, span in self._by_entity[side].get(wanted, ()):
            outcome = self.outcomes[sentence]
            here = tuple(range(span.start, span.end))
            failed = outcome.failure is not None
            if side == "source":
                target = () if entity is None else _projected(outcome, entity)
                yield Occurrence(sentence + 1, here, target, entity, failed)
            else:
                source: Words = ()
                if entity is not None:
                    known = outcome.pair.source.spans[entity]
                    source = tuple(range(known.start, known.end))
                yield Occurrence(sentence + 1, source, here, entity, failed)

    @cached_property
    def _by_word(self) -> Mapping[Side, Mapping[str, list[tuple[int, int]]]]:
        index: dict[Side, dict[str, list[tuple[int, int]]]] = {
            "source": defaultdict(list),
            "target": defaultdict(list),
        }
        for number, outcome in enumerate(self.outcomes):
            for side, sentence in _sides(outcome):
                for place, word in enumerate(sentence.words):
                    index[side][word.casefold()].append((number, place))
        return index

    @cached_property
    def _links(self) -> Mapping[Side, Sequence[Mapping[int, list[int]]]]:
        forth, back = [], []
        for outcome in self.outcomes:
            there: dict[int, list[int]] = {}
            here: dict[int, list[int]] = {}
            for source, target in () if outcome.links is None else outcome.links.tolist():
                there.setdefault(source, []).append(target)
                here.setdefault(target, []).append(source)
            forth.append(there)
            back.append(here)
        return {"source": forth, "target": back}

    @cached_property
    def _by_entity(self) -> Mapping[Side, Mapping[str, list[tuple[int, int | None, Span]]]]:
        index: dict[Side, dict[str, list[tuple[int, int | None, Span]]]] = {
            "source": defaultdict(list),
            "target": defaultdict(list),
        }
        for number, outcome in enumerate(self.outcomes):
            source, target = outcome.pair.source, outcome.pair.target
            for entity, span in enumerate(source.spans):
                index["source"][_normal(source.text_of(span))].append((number, entity, span))
            for span in outcome.spans:
                place = (number, entity_of(outcome, span), span)
                index["target"][_normal(target.text_of(span))].append(place)
        return index

    def build(self) -> ConcordanceIndex:
        """Build all of the index now, so that the first query is as quick as the next."""
        _ = (self._by_word, self._links, self._by_entity)
        return self


def words_text(sentence: Sentence, words: Words) -> str:
    """Return the text of some words: as it runs where they are in a row, else with gaps marked."""
    if len(words) == 1:
        return sentence.words[words[0]]
    pieces: list[str] = []
    start = 0
    for place in range(1, len(words) + 1):
        if place == len(words) or words[place] != words[place - 1] + 1:
            pieces.append(sentence.text_of(Span(words[start], words[place - 1] + 1, "")))
            start = place
    return " … ".join(pieces)


def entity_of(outcome: SentenceOutcome, span: Span) -> int | None:
    """Return the entity that a span was projected from; None where no decision tells."""
    places = ((one.start, one.end, one.entity) for one in outcome.decisions)
    return next((one[2] for one in places if one[:2] == (span.start, span.end)), None)


def _projected(outcome: SentenceOutcome, entity: int) -> Words:
    words = set[int]()
    for one in outcome.decisions:
        if one.entity == entity and one.start is not None and one.end is not None:
            words.update(range(one.start, one.end))
    return tuple(sorted(words))


def _sides(outcome: SentenceOutcome) -> tuple[tuple[Side, Sentence], tuple[Side, Sentence]]:
    return ("source", outcome.pair.source), ("target", outcome.pair.target)


def _last_word(sentence: Sentence, first: int, wanted: str) -> int | None:
    """Return the last of the words from `first` on whose text is what is wanted, if it is so."""
    start = sentence.char_offsets[first][0]
    for last in range(first, len(sentence.words)):
        text = _normal(sentence.text[start : sentence.char_offsets[last][1]])
        if len(text) >= len(wanted):
            return last if text == wanted else None
    return None


def _normal(text: str) -> str:
    return " ".join(text.casefold().split())
