"""Outcomes of gold and predicted spans, and the assignment behind them."""

from __future__ import annotations

import numpy as np
import pytest

from core.evaluate.outcomes import SpanMatch, assign, match_spans
from core.types import Span

GOLD = Span(2, 5, "ORG")


@pytest.mark.parametrize(
    ("predicted", "outcome"),
    [
        pytest.param(Span(2, 5, "ORG"), "correct", id="correct"),
        pytest.param(Span(1, 5, "ORG"), "too-long", id="longer-before"),
        pytest.param(Span(2, 7, "ORG"), "too-long", id="longer-behind"),
        pytest.param(Span(1, 6, "ORG"), "too-long", id="longer-at-both-ends"),
        pytest.param(Span(2, 4, "ORG"), "too-short", id="shorter-behind"),
        pytest.param(Span(3, 4, "ORG"), "too-short", id="shorter-at-both-ends"),
        pytest.param(Span(1, 4, "ORG"), "shifted", id="shifted-left"),
        pytest.param(Span(4, 6, "ORG"), "shifted", id="shifted-right"),
        pytest.param(Span(2, 5, "LOC"), "wrong-class", id="class-only"),
        pytest.param(Span(4, 6, "LOC"), "wrong-class", id="class-and-boundary"),
    ],
)
def test_outcome_of_a_pair(predicted: Span, outcome: str) -> None:
    (match,) = match_spans([GOLD], [predicted])
    assert (match.gold, match.predicted, match.outcome) == (GOLD, predicted, outcome)


@pytest.mark.parametrize(
    "predicted",
    [pytest.param(Span(5, 6, "ORG"), id="touching"), pytest.param(Span(0, 2, "ORG"), id="before")],
)
def test_spans_without_a_common_word_are_missing_and_spurious(predicted: Span) -> None:
    matches = match_spans([GOLD], [predicted])
    assert {(one.gold, one.predicted, one.outcome) for one in matches} == {
        (GOLD, None, "missing"),
        (None, predicted, "spurious"),
    }


def test_an_equal_span_is_never_given_away() -> None:
    gold = [Span(0, 2, "PER"), Span(2, 3, "PER")]
    predicted = [Span(2, 3, "PER")]
    assert [one.outcome for one in match_spans(gold, predicted)] == ["missing", "correct"]


def test_the_class_decides_between_two_overlaps() -> None:
    # Most of the predicted span lies on the LOC, but only the PER has its class.
    matches = match_spans([Span(0, 1, "PER"), Span(1, 5, "LOC")], [Span(0, 5, "PER")])
    assert [(one.outcome, one.span.label) for one in matches] == [
        ("too-long", "PER"),
        ("missing", "LOC"),
    ]


def test_the_larger_overlap_wins_within_a_class() -> None:
    matches = match_spans([Span(0, 4, "PER")], [Span(0, 1, "PER"), Span(1, 4, "PER")])
    assert [(one.outcome, one.predicted) for one in matches] == [
        ("spurious", Span(0, 1, "PER")),
        ("too-short", Span(1, 4, "PER")),
    ]


def test_between_equals_the_first_is_taken() -> None:
    matches = match_spans([Span(0, 1, "PER"), Span(1, 2, "PER")], [Span(0, 2, "PER")])
    assert [one.outcome for one in matches] == ["too-long", "missing"]


def test_a_match_of_nothing_is_a_bug() -> None:
    with pytest.raises(ValueError, match="gold or a predicted span"):
        _ = SpanMatch(None, None, "correct").span


@pytest.mark.parametrize(
    ("weights", "pairs"),
    [
        pytest.param([[1.0, 0.9], [0.9, 0.0]], [(0, 1), (1, 0)], id="best-sum-not-best-first"),
        pytest.param([[0.0, 0.0], [0.0, 1.0]], [(1, 1)], id="nothing-without-weight"),
        pytest.param([[1.0, 1.0], [1.0, 1.0]], [(0, 0), (1, 1)], id="ties-keep-the-order"),
        pytest.param([[0.5, 1.0], [0.5, 1.0]], [(0, 0), (1, 1)], id="ties-do-not-cross"),
        pytest.param([[1.0, 1.0, 1.0]], [(0, 0)], id="ties-take-the-first"),
        pytest.param([[1.0], [1.0]], [(0, 0)], id="ties-take-the-first-row"),
    ],
)
def test_assignment(weights: list[list[float]], pairs: list[tuple[int, int]]) -> None:
    assert assign(np.array(weights)) == pairs


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (2, 0)])
def test_assignment_of_nothing(shape: tuple[int, int]) -> None:
    assert assign(np.zeros(shape)) == []
