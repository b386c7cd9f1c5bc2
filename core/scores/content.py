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

from core.matching.instance import bounds
from core.matching.linked import EdgeLinks, counts_between, edge_links
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
        scores = np.zeros((len(problem.entities), len(problem.candidates)))
        if scores.size:
            links = edge_links(problem)
            # All others score 0, and of all n-grams they are most.
            pairs = np.nonzero(links.candidates)
            scores[pairs] = self._shares(problem, links, *pairs)
        return scores

    def _shares(
        self,
        problem: Problem,
        links: EdgeLinks,
        entities: NDArray[np.int64],
        candidates: NDArray[np.int64],
    ) -> NDArray[np.float64]:
        """Score pairs of an entity and a candidate, each given by its place in the problem."""
        starts, ends = (bound[candidates] for bound in bounds(problem.candidates))
        target = self._weights(problem.target_words, problem.target_language)
        own = np.zeros((len(problem.entities), len(problem.source_words)))
        for row, entity in enumerate(problem.entities):
            words = problem.source_words[entity.start : entity.end]
            own[row, entity.start : entity.end] = self._weights(words, problem.source_language)
        named = np.flatnonzero(own.any(axis=0))  # words of any entity
        touched = counts_between(links.matrix[named], starts, ends) > 0
        reached = (own[:, named][entities] * touched.T).sum(axis=1)
        said = own.sum(axis=1)[entities]
        covered = _prefix_sums(links.words * target)
        found = covered[entities, ends] - covered[entities, starts]
        sums = _prefix_sums(target)
        lengths = sums[ends] - sums[starts]
        # A word of a script without spaces is a character: one source word becomes several.
        unspaced = base_language(problem.target_language) in NO_SPACE_LANGUAGES
        missed = (1.0 if unspaced else self.missed_weight) * (covered[entities, -1] - found)
        share = (reached + found) / (said + lengths + missed)
        light = target < 1
        share[light[starts] | light[ends - 1]] *= self.edge_factor
        share[reached <= self.min_cover * said] = 0.0
        return np.asarray(share)

    def _weights(self, words: tuple[str, ...], language: str) -> NDArray[np.float64]:
        known = _weights_of(language, self.function_weight)
        return np.array([known[word] for word in words])


def _prefix_sums(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum values up to each word, along the last axis, which gets one longer."""
    sums = np.zeros((*values.shape[:-1], values.shape[-1] + 1))
    np.cumsum(values, axis=-1, out=sums[..., 1:])
    return sums


class _Weights(dict[str, float]):
    """What the words of a language weigh; a corpus asks for the same words over and over."""

    most: ClassVar = 1 << 16

    def __init__(self, language: str, function_weight: float) -> None:
        super().__init__()
        self.language = language
        self.function_weight = function_weight

    def __missing__(self, word: str) -> float:
        weight = 1.0
        if is_punctuation(word):
            weight = _PUNCTUATION_WEIGHT
        elif is_function_word(word, self.language):
            weight = self.function_weight
        if len(self) >= self.most:
            self.clear()
        self[word] = weight
        return weight


_weights_of = lru_cache(maxsize=128)(_Weights)


SCORES.register(Content)
