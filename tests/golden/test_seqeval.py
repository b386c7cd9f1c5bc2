"""Strict span scores against seqeval 1.2.2, default mode."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from seqeval.metrics.sequence_labeling import precision_recall_fscore_support

from core.evaluate.spans import SpanReport, SpanScore, score_spans
from core.text.tags import spans_from_tags

Tags = list[list[str]]

# python -c "from seqeval.metrics.sequence_labeling import precision_recall_fscore_support as f;
# print([f(GOLD, PREDICTED, average=a, zero_division=0) for a in ('micro', 'macro', None)])"
# with seqeval 1.2.2 and the tags below.
GOLD: Tags = [
    ["B-PER", "I-PER", "O", "B-LOC"],
    ["O", "B-ORG", "I-ORG", "I-ORG"],
    ["B-LOC", "O", "O", "B-PER"],
    ["B-MISC", "B-MISC"],
]
PREDICTED: Tags = [
    ["B-PER", "I-PER", "O", "B-ORG"],
    ["O", "B-ORG", "I-ORG", "O"],
    ["B-LOC", "O", "O", "B-PER"],
    ["B-MISC", "I-MISC"],
]
MICRO = (0.5, 0.42857142857142855, 0.4615384615384615)
MACRO = (0.5, 0.375, 0.41666666666666663)
PER_LABEL = {
    "LOC": (1.0, 0.5, 0.66666667, 2),
    "MISC": (0.0, 0.0, 0.0, 2),
    "ORG": (0.0, 0.0, 0.0, 1),
    "PER": (1.0, 1.0, 1.0, 2),
}

LABELS = ("PER", "LOC", "ORG", "B-X")  # a label may hold a dash


def score(gold: Tags, predicted: Tags) -> SpanReport:
    return score_spans(
        [spans_from_tags(tags) for tags in gold], [spans_from_tags(tags) for tags in predicted]
    )


def ratios(score: SpanScore) -> tuple[float, float, float]:
    return score.precision, score.recall, score.f1


def test_literal_values() -> None:
    report = score(GOLD, PREDICTED)
    macro = report.macro
    assert ratios(report.overall) == pytest.approx(MICRO, abs=1e-12)
    assert (macro.precision, macro.recall, macro.f1) == pytest.approx(MACRO, abs=1e-12)
    for label, expected in PER_LABEL.items():
        found = report.per_label[label]
        assert (*ratios(found), found.support) == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize(
    ("gold", "predicted"),
    [
        pytest.param([["O", "O"], ["O"]], [["O", "B-PER"], ["O"]], id="no-gold"),
        pytest.param([["O", "B-PER"], ["O"]], [["O", "O"], ["O"]], id="none-predicted"),
        pytest.param([["B-PER"]], [["B-LOC"]], id="nothing-in-common"),
    ],
)
def test_zero_division(gold: Tags, predicted: Tags) -> None:
    check_equal_to_seqeval(gold, predicted)


def test_no_entity_at_all() -> None:
    # seqeval: micro (0, 0, 0); its macro is the mean of nothing, not a number. Ours is 0.
    expected = precision_recall_fscore_support([["O"]], [["O"]], average="micro", zero_division=0)
    report = score([["O"]], [["O"]])
    assert ratios(report.overall) == expected[:3]
    assert (report.macro.f1, report.per_label) == (0.0, {})


@pytest.mark.parametrize("seed", range(25))
def test_random_tag_files(seed: int) -> None:
    generator = np.random.default_rng(seed)
    gold = random_file(generator)
    # Most tags are kept, so that many spans agree, nearly agree or differ in class.
    predicted = [
        [tag if keep else other for tag, other, keep in zip(*columns, strict=True)]
        for columns in (
            (tags, random_tags(generator, len(tags)), generator.random(len(tags)) < 0.8)
            for tags in gold
        )
    ]
    check_equal_to_seqeval(gold, predicted)


def random_file(generator: np.random.Generator) -> Tags:
    return [random_tags(generator, int(length)) for length in generator.integers(1, 15, size=40)]


def random_tags(generator: np.random.Generator, length: int) -> list[str]:
    """Draw tags freely: spans may open with I-, as in files of real taggers."""
    tags = ["O", "O", *(f"{prefix}-{label}" for prefix in "BI" for label in LABELS)]
    return [tags[index] for index in generator.integers(len(tags), size=length)]


def check_equal_to_seqeval(gold: Tags, predicted: Tags) -> None:
    report = score(gold, predicted)
    averages = (
        ("micro", ratios(report.overall)),
        ("macro", (report.macro.precision, report.macro.recall, report.macro.f1)),
    )
    for average, found in averages:
        expected = peer(gold, predicted, average)
        assert found == pytest.approx(expected[:3], abs=1e-12), average
    precision, recall, f1, support = peer(gold, predicted, None)
    scores = list(report.per_label.values())
    assert [one.precision for one in scores] == pytest.approx(precision, abs=1e-12)
    assert [one.recall for one in scores] == pytest.approx(recall, abs=1e-12)
    assert [one.f1 for one in scores] == pytest.approx(f1, abs=1e-12)
    assert [one.support for one in scores] == list(support)


def peer(gold: Tags, predicted: Tags, average: str | None) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return precision_recall_fscore_support(gold, predicted, average=average, zero_division=0)
