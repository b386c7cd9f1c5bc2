"""Hand-made values that many tests share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import pytest

from core.candidates.ngram import NGram
from core.registry import Registry
from core.stages import fuse
from core.text.words import sentence_from_words
from core.types import (
    Alignment,
    Candidate,
    Link,
    PairVectors,
    Problem,
    Sentence,
    SentencePair,
    Span,
    SubwordVectors,
)


def need(registry: Registry[Any], name: str) -> None:
    """Skip the test where a component's packages or programs are not installed."""
    availability = registry.availability(name)
    if not availability.available:
        pytest.skip(f"{name} cannot run here: {availability.hint}")


def sentence(words: str, language: str = "en", *spans: tuple[int, int, str]) -> Sentence:
    """Build a sentence from words separated by spaces."""
    return sentence_from_words(words.split(), language, spans=[Span(*span) for span in spans])


def pair(source: Sentence, target: Sentence, links: str = "", pair_id: str = "p") -> SentencePair:
    """Build a pair; `links` such as `0-0 1-2` are carried under the name `given`."""
    return SentencePair(source, target, id=pair_id, links={"given": alignment(links).links})


def alignment(links: str) -> Alignment:
    """Build an alignment from `0-0 1-2`."""
    ends = (link.split("-") for link in links.split())
    return Alignment(tuple(sorted(Link(int(source), int(target)) for source, target in ends)))


def problem(
    source: str,
    target: str,
    entities: tuple[tuple[int, int, str], ...],
    links: str,
    *,
    max_len: int = 10,
) -> Problem:
    """Build a problem with all n-grams as candidates."""
    bare = Problem(
        entities=tuple(Span(*entity) for entity in entities),
        source_words=tuple(source.split()),
        target_words=tuple(target.split()),
        source_language="en",
        target_language="de",
        alignment=alignment(links),
    )
    return replace(bare, candidates=NGram(max_len=max_len).extract(bare))


def scored(bare: Problem, scores: dict[tuple[int, int, int], float]) -> Problem:
    """Give a problem total scores by (entity, start, end); all others are 0."""
    total = np.zeros((len(bare.entities), len(bare.candidates)))
    columns = {(c.start, c.end): index for index, c in enumerate(bare.candidates)}
    for (entity, start, end), score in scores.items():
        total[entity, columns[start, end]] = score
    return replace(bare, scores=fuse({"given": total}, {"given": 1.0}))


def spans_of(candidates: tuple[Candidate, ...]) -> list[tuple[int, int]]:
    """Return the candidates as pairs."""
    return [(candidate.start, candidate.end) for candidate in candidates]


def random_vectors(words: int, rng: np.random.Generator, hidden: int = 8) -> SubwordVectors:
    """Make one or two random subwords for every word."""
    counts = rng.integers(1, 3, size=words)
    index = np.repeat(np.arange(words), counts)
    return SubwordVectors(rng.normal(size=(len(index), hidden)).astype(np.float32), index, words)


def random_pair_vectors(source: int, target: int, seed: int, hidden: int = 8) -> PairVectors:
    """Make random vectors of a pair with that many words."""
    rng = np.random.default_rng(seed)
    return PairVectors(*(random_vectors(words, rng, hidden) for words in (source, target)))


@dataclass(frozen=True)
class SameWords:
    """Links words that are written alike."""

    inputs: ClassVar[tuple[str, ...]] = ()
    corpus_level: ClassVar[bool] = False

    def align(self, pairs: Sequence[SentencePair], vectors: object = None) -> list[Alignment]:
        return [
            Alignment(
                tuple(
                    Link(i, j)
                    for i, one in enumerate(pair.source.words)
                    for j, two in enumerate(pair.target.words)
                    if one == two
                )
            )
            for pair in pairs
        ]
