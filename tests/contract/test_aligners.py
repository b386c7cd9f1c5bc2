"""Laws of every registered aligner."""

from __future__ import annotations

import pytest

from core.aligners import ALIGNERS, Aligner
from core.types import PairVectors, SentencePair
from tests.builders import need, pair, random_pair_vectors, sentence

WORDS = "a b c d e f g h i"
SIZES = [(3, 5), (1, 1), (2, 7), (9, 4), (0, 3), (3, 0), (6, 6)]


@pytest.fixture(params=ALIGNERS.names())
def aligner(request: pytest.FixtureRequest) -> Aligner:
    need(ALIGNERS, request.param)
    return ALIGNERS.create(request.param)


def _pairs() -> tuple[list[SentencePair], list[PairVectors]]:
    letters = WORDS.split()
    pairs, vectors = [], []
    for seed, (source, target) in enumerate(SIZES):
        links = " ".join(f"{i}-{i}" for i in range(min(source, target)))
        pairs.append(
            pair(
                sentence(" ".join(letters[:source])),
                sentence(" ".join(letters[:target]), "de"),
                links,
                pair_id=str(seed),
            )
        )
        vectors.append(random_pair_vectors(source, target, seed))
    return pairs, vectors


def test_it_follows_the_protocol(aligner: Aligner) -> None:
    assert isinstance(aligner, Aligner)
    assert set(aligner.inputs) <= {"vectors"}


def test_links_lie_inside_both_sentences_sorted_and_distinct(aligner: Aligner) -> None:
    pairs, vectors = _pairs()
    alignments = aligner.align(pairs, vectors)
    assert len(alignments) == len(pairs)
    for one, found in zip(pairs, alignments, strict=True):
        keys = [(link.source, link.target) for link in found.links]
        assert keys == sorted(set(keys))
        assert all(s < len(one.source.words) and t < len(one.target.words) for s, t in keys)
    assert any(found.links for found in alignments)


def test_a_pair_does_not_depend_on_its_batch(aligner: Aligner) -> None:
    if aligner.corpus_level:
        pytest.skip("it learns from the batch by nature")
    pairs, vectors = _pairs()
    together = aligner.align(pairs, vectors)
    alone = [aligner.align([p], [v])[0] for p, v in zip(pairs, vectors, strict=True)]
    assert [found.links for found in together] == [found.links for found in alone]


def test_similarity_has_the_shape_of_the_words_and_lies_between_0_and_1(aligner: Aligner) -> None:
    pairs, vectors = _pairs()
    for one, found in zip(pairs, aligner.align(pairs, vectors), strict=True):
        if found.similarity is not None:
            assert found.similarity.shape == (len(one.source.words), len(one.target.words))
            if found.similarity.size:
                assert found.similarity.min() >= 0
                assert found.similarity.max() <= 1 + 1e-6
