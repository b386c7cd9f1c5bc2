"""The scores ner and ner_span against their formula, word by word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from core.errors import ConfigError
from core.scores import SCORES
from core.types import Problem, WordTags
from tests.builders import problem

TAGS = ("O", "B-LOC", "I-LOC", "B-PER", "I-PER")


def _problem(*labels: str, words: int = 6, seed: int = 0) -> Problem:
    """Build a problem with an entity a label and random probabilities of every target word."""
    rng = np.random.default_rng(seed)
    entities = tuple((place, place + 1, label) for place, label in enumerate(labels))
    text = " ".join("abcdefghij"[:words])
    table = rng.dirichlet(np.full(len(TAGS), 0.3), size=words).astype(np.float32)
    return replace(problem(text, text, entities, ""), target_tags=WordTags(TAGS, table))


def _by_hand(
    one: Problem, classes: Sequence[str], alpha: float = 1.15, least: float = 0.05
) -> list[float]:
    """Score every candidate by the published formula."""
    assert one.target_tags is not None
    table = one.target_tags.probabilities.astype(np.float64)

    def mass(word: int, prefix: str) -> float:
        return sum(table[word, TAGS.index(f"{prefix}-{name}")] for name in classes)

    scores = []
    for candidate in one.candidates:
        first, *later = range(candidate.start, candidate.end)
        total = mass(first, "B") + sum(mass(word, "I") for word in later)
        score = alpha ** (len(candidate) - 1) * total / len(candidate)
        scores.append(score if score >= least else 0.0)
    return scores


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("options", [{}, {"alpha": 0.8, "threshold": 0.3}], ids=["default", "own"])
def test_ner_follows_the_formula(seed: int, options: dict[str, float]) -> None:
    one = _problem("PER", "LOC", "PER", seed=seed)
    found = SCORES.create("ner", options).compute(one)
    expected = [
        _by_hand(one, [label], options.get("alpha", 1.15), options.get("threshold", 0.05))
        for label in ("PER", "LOC", "PER")
    ]
    np.testing.assert_allclose(found, expected, atol=1e-9)
    assert (found == 0).any()


def test_ner_span_sums_all_classes() -> None:
    one = _problem("PER", "DATE")
    found = SCORES.create("ner_span").compute(one)
    np.testing.assert_allclose(found, [_by_hand(one, ["PER", "LOC"])] * 2, atol=1e-9)


def test_a_class_the_tagger_does_not_know_scores_0() -> None:
    one = _problem("DATE", "PER")
    found = SCORES.create("ner").compute(one)
    assert not found[0].any()
    assert found[1].any()


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        pytest.param(0, 1, 0.9, id="first word: B"),
        pytest.param(0, 2, 1.15 * (0.9 + 0.8) / 2, id="later word: I"),
        pytest.param(1, 2, 0.1, id="an inside word begins nothing"),
        pytest.param(2, 3, 0.0, id="below the threshold"),
        pytest.param(0, 3, 1.15**2 * (0.9 + 0.8 + 0.04) / 3, id="divided by the length"),
    ],
)
def test_worked_by_hand(start: int, end: int, expected: float) -> None:
    table = np.array([[0.1, 0.9, 0], [0.1, 0.1, 0.8], [0.92, 0.04, 0.04]], dtype=np.float32)
    tags = WordTags(("O", "B-PER", "I-PER"), table)
    one = replace(problem("a", "A B C", ((0, 1, "PER"),), ""), target_tags=tags)
    column = [(c.start, c.end) for c in one.candidates].index((start, end))
    for name in ("ner", "ner_span"):
        assert SCORES.create(name).compute(one)[0, column] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("name", ["ner", "ner_span"])
def test_without_a_tagger_it_says_what_to_add(name: str) -> None:
    with pytest.raises(ConfigError, match=f"score '{name}' needs a tagger") as raised:
        SCORES.create(name).compute(replace(_problem("PER"), target_tags=None))
    assert raised.value.code == "missing-stage"
    assert "--tagger" in raised.value.hint
