"""Suggestions learned from accepted answers: what an entity's text became elsewhere.

An index over the answers is built once, so that a query looks at the entity's own places and at one
target sentence only.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from core.review.surfaces import (
    Bounds,
    entities_of,
    find_surface,
    spans_by_entity,
    surface_key,
)
from core.scores.surface import Surface, romanise
from core.store.answers import Answer, AnswerSpan
from core.types import Candidate, Problem, Sentence, SentencePair, Span

LEAST_SIMILARITY = 0.75
"""Of a text in the target to one that was accepted elsewhere: more than a shared stem."""
# Words that a similar text may have more than the one accepted: a particle, an article.
_MORE_WORDS = 1

Basis = Literal[
    "same",  # the target holds a text that was accepted elsewhere
    "similar",  # it holds one that is spelt like it, once romanised
]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A target span that an entity may stand at.

    Attributes:
        span: the span, with the entity and the class it got most often elsewhere.
        text: the target text that was accepted elsewhere, as first found.
        count: how many accepted answers have it for the same source text.
        basis: whether it stands in the target as it is.
        similarity: of the spelling, in [0, 1]; 1 where the text is the same.
        gives_way: spans of others that share a word with it.
    """

    span: AnswerSpan
    text: str
    count: int
    basis: Basis
    similarity: float = 1.0
    gives_way: tuple[AnswerSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class _Use:
    """One target span of an entity in an accepted answer."""

    place: int
    key: str
    text: str
    label: str
    words: int


@dataclass(frozen=True, slots=True)
class _Learned:
    """A target text with its uses counted; `words` is the most it was split into."""

    text: str
    words: int
    count: int
    label: str


class SuggestionIndex:
    """Target texts of accepted answers by source text.

    Args:
        pairs: the corpus, or its accepted pairs by place; each as its answer's run saw it.
        answers: the current answer by place; only accepted ones are learned from.
    """

    def __init__(
        self,
        pairs: Sequence[SentencePair] | Mapping[int, SentencePair],
        answers: Mapping[int, Answer],
    ) -> None:
        self._uses: dict[tuple[str, str, str], list[_Use]] = defaultdict(list)
        for place in sorted(answers):
            if answers[place].status == "accepted":
                self._learn(place, pairs[place], answers[place])

    def _learn(self, place: int, pair: SentencePair, answer: Answer) -> None:
        entities, target = entities_of(answer, pair), pair.target
        for entity, spans in spans_by_entity(answer, pair).items():
            if entity < len(entities):
                for span in spans:
                    text = target.text_of(span.span)
                    key = surface_key(text, target.language)
                    use = _Use(place, key, text, span.label, span.end - span.start)
                    self._uses[_source_key(pair, entities[entity])].append(use)

    def suggest(
        self, place: int, pair: SentencePair, answer: Answer
    ) -> dict[int, tuple[Suggestion, ...]]:
        """Suggest spans for every source entity of a pair.

        Args:
            place: of the pair in the corpus: what was accepted there is not used.
            pair: the pair.
            answer: its current answer.

        Returns:
            By entity, the most frequent text first, then in order of the target; an entity that
            nothing is suggested for is not there. A similar text is suggested only where no text
            that was accepted elsewhere is in the target.
        """
        owned = spans_by_entity(answer, pair)
        found = {}
        for entity, source in enumerate(entities_of(answer, pair)):
            uses = [
                use for use in self._uses.get(_source_key(pair, source), ()) if use.place != place
            ]
            current = owned.get(entity, ())
            suggested = _suggest(entity, _count(uses), pair.target, current) if uses else ()
            if suggested:
                others = [span for span in answer.spans if span not in current]
                found[entity] = tuple(_with_costs(one, others) for one in suggested)
        return found


def _source_key(pair: SentencePair, entity: Span) -> tuple[str, str, str]:
    """Name an entity's text; what it became in another language says nothing."""
    source = pair.source
    text = surface_key(source.text_of(entity), source.language)
    return text, source.language, pair.target.language


def _count(uses: Iterable[_Use]) -> list[_Learned]:
    """Count uses by target text, the most frequent first, else the first found first."""
    groups: dict[str, list[_Use]] = defaultdict(list)
    for use in uses:
        groups[use.key].append(use)
    learned = [
        _Learned(
            group[0].text,
            max(use.words for use in group),
            len({use.place for use in group}),
            Counter(use.label for use in group).most_common(1)[0][0],
        )
        for group in groups.values()
    ]
    return sorted(learned, key=lambda one: -one.count)


def _suggest(
    entity: int, learned: Sequence[_Learned], target: Sentence, current: Sequence[AnswerSpan]
) -> tuple[Suggestion, ...]:
    here = {(span.start, span.end) for span in current}
    places = [(one, bounds) for one in learned for bounds in find_surface(target, one.text)]
    if places:
        return tuple(
            Suggestion(AnswerSpan(*bounds, one.label, entity), one.text, one.count, "same")
            for one, bounds in places
            if bounds not in here
        )
    similar = _most_similar(learned, target)
    if similar is None or similar[1] in here:
        return ()
    one, bounds, similarity = similar
    span = AnswerSpan(*bounds, one.label, entity)
    return (Suggestion(span, one.text, one.count, "similar", similarity),)


def _most_similar(
    learned: Sequence[_Learned], target: Sentence
) -> tuple[_Learned, Bounds, float] | None:
    """Find the words of a target that are spelt most like a text accepted elsewhere.

    Among equals the most frequent text, then the fewest words: punctuation at an edge does not
    change what is romanised.
    """
    # What has no letter or digit is like everything else that has none.
    spelt = [one for one in learned if romanise(one.text)]
    if not spelt or not target.words:
        return None
    longest = max(one.words for one in spelt) + _MORE_WORDS
    windows = tuple(
        Candidate(start, start + length)
        for length in range(1, longest + 1)
        for start in range(len(target.words) - length + 1)
    )
    problem = Problem(
        entities=tuple(Span(row, row + 1, "") for row in range(len(spelt))),
        source_words=tuple(one.text for one in spelt),
        target_words=target.words,
        candidates=windows,
    )
    scores = Surface(threshold=LEAST_SIMILARITY).compute(problem)
    row, column = divmod(int(scores.argmax()), len(windows))
    if scores[row, column] == 0:
        return None
    best = windows[column]
    return spelt[row], (best.start, best.end), float(scores[row, column])


def _with_costs(suggestion: Suggestion, others: Iterable[AnswerSpan]) -> Suggestion:
    wanted = suggestion.span.span
    return replace(
        suggestion, gives_way=tuple(span for span in others if wanted.overlaps(span.span))
    )
