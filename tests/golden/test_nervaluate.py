"""Partial-match scores against nervaluate 1.2.1."""

from __future__ import annotations

import numpy as np
import pytest
from nervaluate import Evaluator

from core.evaluate.partial import VIEWS, View, score_partial
from core.text.tags import spans_from_tags
from core.text.words import sentence_from_words
from core.types import Projection, SentencePair, Trace

Tags = list[list[str]]

# python -c "from nervaluate import Evaluator;
# print(Evaluator(GOLD, PREDICTED, tags=['LOC', 'MISC', 'ORG', 'PER'], loader='list').evaluate())"
# with nervaluate 1.2.1 and the tags below.
GOLD: Tags = [
    ["B-PER", "I-PER", "O", "B-LOC"],
    ["O", "B-ORG", "I-ORG", "I-ORG"],
    ["B-LOC", "O", "O", "B-PER"],
]
PREDICTED: Tags = [
    ["B-PER", "I-PER", "O", "B-ORG"],
    ["O", "B-ORG", "I-ORG", "O"],
    ["B-LOC", "O", "B-MISC", "O"],
]
# correct, incorrect, partial, missed, spurious, precision, recall, f1
OVERALL: dict[View, tuple[float, ...]] = {
    "strict": (2, 2, 0, 1, 1, 0.4, 0.4, 0.4),
    "exact": (3, 1, 0, 1, 1, 0.6, 0.6, 0.6),
    "partial": (3, 0, 1, 1, 1, 0.7, 0.7, 0.7),
    "ent_type": (3, 1, 0, 1, 1, 0.6, 0.6, 0.6),
}
ORG: dict[View, tuple[float, ...]] = {
    "strict": (0, 1, 0, 0, 1, 0.0, 0.0, 0.0),
    "partial": (0, 0, 1, 0, 1, 0.25, 0.5, 1 / 3),
}
FIELDS = ("correct", "incorrect", "partial", "missed", "spurious", "precision", "recall", "f1")


def run_of(gold: Tags, predicted: Tags) -> list[Projection]:
    projections = []
    for gold_tags, predicted_tags in zip(gold, predicted, strict=True):
        words = [f"w{index}" for index in range(len(gold_tags))]
        pair = SentencePair(
            sentence_from_words(words, "en"),
            sentence_from_words(words, "de", spans=spans_from_tags(gold_tags)),
        )
        spans = spans_from_tags(predicted_tags)
        projections.append(Projection(pair, "test", spans, (), Trace()))
    return projections


def values(score: object) -> tuple[float, ...]:
    return tuple(getattr(score, name) for name in FIELDS)


def test_literal_values() -> None:
    report = score_partial(run_of(GOLD, PREDICTED))
    for view, expected in OVERALL.items():
        assert values(report.overall[view]) == pytest.approx(expected, abs=1e-12), view
    for view, expected in ORG.items():
        assert values(report.per_label["ORG"][view]) == pytest.approx(expected, abs=1e-12), view


@pytest.mark.parametrize("seed", range(10))
def test_random_tag_files(seed: int) -> None:
    """Compare with the tag loader of nervaluate: no offset is converted on that way."""
    generator = np.random.default_rng(seed)
    tags = ["O", "O", *(f"{prefix}-{label}" for prefix in "BI" for label in ("PER", "LOC"))]
    files = [
        [
            [tags[index] for index in generator.integers(len(tags), size=length)]
            for length in (np.arange(20) % 9 + 1)
        ]
        for _ in range(2)
    ]
    gold, predicted = files
    expected = Evaluator(gold, predicted, tags=["LOC", "PER"], loader="list").evaluate()
    report = score_partial(run_of(gold, predicted))
    for view in VIEWS:
        assert values(report.overall[view]) == pytest.approx(values(expected["overall"][view]))
        for label in ("LOC", "PER"):
            assert values(report.per_label[label][view]) == pytest.approx(
                values(expected["entities"][label][view])
            )
