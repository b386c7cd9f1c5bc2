"""How well entity and candidate translate into each other, by a translation model's own measure.

`sim(A|B) = exp(log P(A|B) − log P(A|A))`, both per token; the score is the mean of sim(A|B) and
sim(B|A). P(A|A) lets the model "translate" into the same language, so one that translates between
any two of its languages is needed: NLLB-200, M2M100 or mBART-50.

Paper: Vamvas and Sennrich 2022, arXiv:2204.13692 (NMTScore-direct); Politov et al. 2025,
arXiv:2501.18750 (as a matching score, scores below 0.1 count as 0).
Departs: candidates that cannot fit are not looked at, unless `linked_only` is off and
`length_ratio` is 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from core.matching.instance import bounds
from core.matching.linked import counts_between
from core.scores import SCORES
from core.seq2seq import (
    Device,
    ModelChoice,
    Precision,
    phrase_log_probabilities,
    release_seq2seq,
)
from core.text.words import join_words
from core.types import EntityByCandidate, PairVectors, Problem

# Shorter phrases count as this long: an acronym may stand for a name of several words.
_LEAST_BYTES = 8


@dataclass(frozen=True)
class Nmt:
    """How well they translate into each other; NLLB-200's weights are CC-BY-NC 4.0.

    `core.seq2seq.licence` tells the licence of the model chosen.
    """

    inputs: ClassVar[tuple[str, ...]] = ("alignment",)
    requires: ClassVar[tuple[str, ...]] = ("torch", "transformers")

    model: Annotated[
        str,
        Field(
            description="Hugging Face id or folder of NLLB-200, M2M100 or mBART-50; NLLB-200's "
            "licence forbids commercial use",
            min_length=1,
        ),
    ] = "facebook/nllb-200-distilled-600M"
    threshold: Annotated[float, Field(ge=0, le=1, description="lower scores count as 0")] = 0.1
    linked_only: Annotated[
        bool,
        Field(
            description="only candidates that hold a word linked to the entity; an entity without "
            "any link keeps them all"
        ),
    ] = True
    length_ratio: Annotated[
        float,
        Field(
            ge=0,
            description="only candidates at most this many times longer or shorter than the "
            "entity, in bytes; 0: all",
        ),
    ] = 5.0
    batch_tokens: Annotated[
        int, Field(ge=1, description="tokens computed at once; more needs more memory")
    ] = 1024
    precision: Annotated[
        Precision,
        Field(description="auto is bfloat16 on a GPU, float32 on a CPU; int8 needs bitsandbytes"),
    ] = "auto"
    device: Annotated[Device, Field(description="where to compute; auto takes a GPU")] = "auto"

    def compute(self, problem: Problem, vectors: PairVectors | None = None) -> EntityByCandidate:
        """Score every pair; what is not looked at gets 0.

        Raises:
            ConfigError: the model does not know a language (code unknown-language).
            BackendError: the model cannot be found or loaded.
        """
        scores = np.zeros((len(problem.entities), len(problem.candidates)))
        if not scores.size:
            return scores
        source, target = problem.source_language, problem.target_language
        entities = [
            join_words(problem.source_words[e.start : e.end], source)[0] for e in problem.entities
        ]
        candidates = [
            join_words(problem.target_words[c.start : c.end], target)[0] for c in problem.candidates
        ]
        places = np.argwhere(self._promising(problem, entities, candidates)).tolist()
        pairs = [(entities[row], candidates[column]) for row, column in places]
        similarity = self._similarity(list(dict.fromkeys(pairs)), source, target)
        for (row, column), pair in zip(places, pairs, strict=True):
            scores[row, column] = similarity[pair]
        return np.where(scores < self.threshold, 0.0, scores)

    def release(self) -> None:
        """Free the model; the scores it gave stay known."""
        release_seq2seq()

    def _promising(
        self, problem: Problem, entities: Sequence[str], candidates: Sequence[str]
    ) -> NDArray[np.bool_]:
        """Tell which pairs the model is asked about, shape (entities, candidates)."""
        keep = np.ones((len(entities), len(candidates)), dtype=np.bool_)
        if self.length_ratio >= 1:  # less could hold for no pair
            long = np.array([_size(text) for text in entities])[:, None]
            wide = np.array([_size(text) for text in candidates])[None, :]
            keep &= np.maximum(long, wide) <= self.length_ratio * np.minimum(long, wide)
        if self.linked_only and problem.alignment is not None:
            matrix = problem.alignment.matrix(len(problem.source_words), len(problem.target_words))
            reached = np.array([matrix[e.start : e.end].any(axis=0) for e in problem.entities])
            held = counts_between(reached, *bounds(problem.candidates)) > 0
            keep &= held | ~np.any(reached, axis=1, keepdims=True)
        return keep

    def _similarity(
        self, pairs: Sequence[tuple[str, str]], source: str, target: str
    ) -> dict[tuple[str, str], float]:
        """Return the mean of both directions for every (entity, candidate)."""
        turned = [(candidate, entity) for entity, candidate in pairs]
        forward = self._ask(pairs, source, target)
        backward = self._ask(turned, target, source)
        own_entity = self._ask([(entity, entity) for entity, _ in pairs], source, source)
        own_candidate = self._ask([(one, one) for _, one in pairs], target, target)
        return {
            (entity, candidate): (
                math.exp(backward[candidate, entity] - own_entity[entity, entity])
                + math.exp(forward[entity, candidate] - own_candidate[candidate, candidate])
            )
            / 2
            for entity, candidate in pairs
        }

    def _ask(
        self, phrases: Sequence[tuple[str, str]], source: str, target: str
    ) -> dict[tuple[str, str], float]:
        return phrase_log_probabilities(
            ModelChoice(self.model, self.precision, self.device),
            phrases,
            source=source,
            target=target,
            batch_tokens=self.batch_tokens,
        )


def _size(text: str) -> int:
    # Bytes, not characters: a Chinese character is three of them and says about as much.
    return max(len(text.encode(errors="replace")), _LEAST_BYTES)


SCORES.register(Nmt)
