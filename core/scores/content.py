"""Share of content that the word alignment covers, with function words at a discount.

Plain coverage cuts spans short at inner words that have no link ("commissione per l' industria, il
commercio estero") and takes articles and titles in at the edges. Here a word counts by what it
says: function words and punctuation weigh little, so a gap of them costs little, and a span that
begins or ends with one is discounted.

Paper: none; extends the alignment score of Politov et al. 2025, arXiv:2501.18750.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from core.errors import ConfigError
from core.matching.instance import bounds
from core.matching.linked import counts_between, linked_at_edges
from core.matching.runs import is_punctuation
from core.scores import SCORES
from core.text.function_words import is_function_word
from core.text.words import NO_SPACE_LANGUAGES, base_language
from core.types import EntityByCandidate, PairVectors, Problem

# Punctuation says less than any word; not 0, so that a span of nothing else keeps a length.
_PUNCTUATION_WEIGHT = 0.1


@dataclass(frozen=True)
class Content:
    """How much of what entity and candidate say is linked to each other."""

    inputs: ClassVar[tuple[str, ...]] = ("alignment",)
    requires: ClassVar[tuple[str, ...]] = ("spacy",)

    function_weight: Annotated[
        float, Field(gt=0, le=1, description="weight of a function word; other words weigh 1")
    ] = 0.1
    edge_factor: Annotated[
        float,
        Field(ge=0, le=1, description="factor for spans that begin or end with a function word"),
    ] = 0.8
    missed_weight: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            description="how much each word counts that is linked to the entity but left outside: "
            "it keeps together what one source word became; always 1 for text without spaces",
        ),
    ] = 0.05

    min_cover: Annotated[
        float,
        Field(ge=0, lt=1, description="cover more than this share of what the entity says"),
    ] = 0.5

    def compute(self, problem: Problem, vectors: PairVectors | None = None) -> EntityByCandidate:
        """Score every pair; a candidate whose first or last word is not linked gets 0.

        Raises:
            ConfigError: no alignment was given (code missing-stage).
        """
        if problem.alignment is None:
            raise ConfigError(
                "the score content needs an alignment, got none", code="missing-stage"
            )
        scores = np.zeros((len(problem.entities), len(problem.candidates)))
        if not scores.size:
            return scores
        matrix = problem.alignment.matrix(len(problem.source_words), len(problem.target_words))
        starts, ends = bounds(problem.candidates)
        source = self._weights(problem.source_words, problem.source_language)
        target = self._weights(problem.target_words, problem.target_language)
        for row, entity in enumerate(problem.entities):
            inside, own = matrix[entity.start : entity.end], source[entity.start : entity.end]
            # All others score 0, and of all n-grams they are most.
            linked = np.flatnonzero(linked_at_edges(inside, starts, ends))
            scores[row, linked] = self._shares(
                problem, inside, own, target, starts[linked], ends[linked]
            )
        return scores

    def _shares(
        self,
        problem: Problem,
        inside: NDArray[np.bool_],
        own: NDArray[np.float64],
        target: NDArray[np.float64],
        starts: NDArray[np.int64],
        ends: NDArray[np.int64],
    ) -> NDArray[np.float64]:
        """Score the candidates [starts, ends) for one entity.

        Args:
            problem: what language the target is in.
            inside: links of the entity's words, shape (entity words, target words).
            own: weights of the entity's words.
            target: weights of the target words.
            starts: first words.
            ends: words after the last.
        """
        # A word of a script without spaces is a character: one source word becomes several.
        unspaced = base_language(problem.target_language) in NO_SPACE_LANGUAGES
        missed_weight = 1.0 if unspaced else self.missed_weight
        sums = _prefix_sums(target)
        lengths = sums[ends] - sums[starts]
        reached = (counts_between(inside, starts, ends) > 0).T @ own
        covered = _prefix_sums(inside.any(axis=0) * target)
        found = covered[ends] - covered[starts]
        missed = missed_weight * (covered[-1] - found)
        share = (reached + found) / (own.sum() + lengths + missed)
        light = target < 1
        share = np.where(light[starts] | light[ends - 1], share * self.edge_factor, share)
        return np.where(reached > self.min_cover * own.sum(), share, 0.0)

    def _weights(self, words: tuple[str, ...], language: str) -> NDArray[np.float64]:
        return np.array([_weight(word, language, self.function_weight) for word in words])


def _prefix_sums(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate([[0.0], np.cumsum(values)])


@lru_cache(maxsize=1 << 16)  # words come back: more than a corpus has different ones
def _weight(word: str, language: str, function_weight: float) -> float:
    if is_punctuation(word):
        return _PUNCTUATION_WEIGHT
    return function_weight if is_function_word(word, language) else 1.0


SCORES.register(Content)
