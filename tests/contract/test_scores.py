"""Laws of every registered score."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.scores import SCORES, Score
from core.types import Problem, WordTags
from tests.builders import problem, random_pair_vectors
from tests.tiny_models import save_seq2seq


@pytest.fixture(scope="module")
def seq2seq(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("seq2seq")
    save_seq2seq(folder, ["Anna", "Weber", "Rome", "Rom"])
    return str(folder)


@pytest.fixture(params=SCORES.names())
def score(request: pytest.FixtureRequest) -> Score:
    # The default model of nmt would have to be fetched from elsewhere.
    own = {"nmt": lambda: {"model": request.getfixturevalue("seq2seq"), "device": "cpu"}}
    return SCORES.create(request.param, own.get(request.param, dict)())


def _problem() -> Problem:
    bare = problem(
        "Anna Weber lives in Rome .",
        "In Rom wohnt Anna Weber .",
        ((0, 2, "PER"), (4, 5, "LOC")),
        "0-3 1-4 2-2 3-0 4-1 5-5",
    )
    tags = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")
    probabilities = np.full((6, 5), 0.05, dtype=np.float32)
    probabilities[np.arange(6), [0, 3, 0, 1, 2, 0]] = 0.8
    return replace(bare, target_tags=WordTags(tags, probabilities))


def test_shape_and_range(score: Score) -> None:
    one = _problem()
    result = score.compute(one, random_pair_vectors(6, 6, 0))
    assert isinstance(score, Score)
    assert result.shape == (2, len(one.candidates))
    assert np.isfinite(result).all()
    assert (result >= 0).all()
    assert result.max() > 0


def test_permuting_candidates_permutes_columns(score: Score) -> None:
    one, vectors = _problem(), random_pair_vectors(6, 6, 0)
    order = np.random.default_rng(1).permutation(len(one.candidates))
    shuffled = replace(one, candidates=tuple(one.candidates[i] for i in order))
    expected = score.compute(one, vectors)[:, order]
    assert np.allclose(score.compute(shuffled, vectors), expected)


@pytest.mark.parametrize("lacks", ["entities", "candidates"])
def test_nothing_to_score_gives_an_empty_matrix(score: Score, lacks: str) -> None:
    one = replace(_problem(), **{lacks: ()})
    result = score.compute(one, random_pair_vectors(6, 6, 0))
    assert result.shape == (len(one.entities), len(one.candidates))
