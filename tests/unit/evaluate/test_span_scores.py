"""Strict span scores."""

from __future__ import annotations

import json

import pytest

from core.errors import DataError
from core.evaluate.spans import SpanScore, score_projections, score_spans
from core.types import Span
from tests.unit.evaluate.builders import answer, sentence

ADA = sentence("Ada in Turin", (0, 1, "PER"), (2, 3, "LOC"))


@pytest.mark.parametrize(
    ("counts", "precision", "recall", "f1"),
    [
        pytest.param((1, 2, 4), 1 / 2, 1 / 4, 1 / 3, id="ordinary"),
        pytest.param((0, 0, 4), 0.0, 0.0, 0.0, id="nothing-predicted"),
        pytest.param((0, 3, 0), 0.0, 0.0, 0.0, id="nothing-gold"),
        pytest.param((0, 0, 0), 0.0, 0.0, 0.0, id="nothing-at-all"),
        pytest.param((3, 3, 3), 1.0, 1.0, 1.0, id="perfect"),
    ],
)
def test_ratios(counts: tuple[int, int, int], precision: float, recall: float, f1: float) -> None:
    score = SpanScore(*counts)
    assert (score.precision, score.recall, score.f1) == pytest.approx((precision, recall, f1))


def test_same_words_in_another_sentence_or_class_are_wrong() -> None:
    gold = [[Span(0, 1, "PER")], [Span(1, 2, "LOC")]]
    predicted = [[Span(1, 2, "LOC")], [Span(1, 2, "PER")]]
    assert score_spans(gold, predicted).overall == SpanScore(0, 2, 2)


def test_a_repeated_span_counts_once() -> None:
    span = Span(0, 1, "PER")
    assert score_spans([[span]], [[span, span]]).overall == SpanScore(1, 1, 1)


def test_macro_is_over_the_classes_of_both_sides() -> None:
    report = score_spans([[Span(0, 1, "PER")]], [[Span(0, 1, "PER"), Span(2, 3, "ORG")]])
    assert list(report.per_label) == ["ORG", "PER"]
    assert report.macro.f1 == pytest.approx(0.5)


def test_labels_left_out_do_not_count() -> None:
    gold = [[Span(0, 1, "PER"), Span(2, 3, "MISC")]]
    predicted = [[Span(0, 1, "PER"), Span(4, 5, "MISC")]]
    assert score_spans(gold, predicted, {"PER"}).overall == SpanScore(1, 1, 1)


def test_gold_and_predicted_must_be_parallel() -> None:
    with pytest.raises(DataError, match="got 1 and 0") as caught:
        score_spans([[]], [])
    assert caught.value.code == "not-parallel"


def test_the_headline_counts_a_failed_sentence_as_missed() -> None:
    run = [answer(ADA, (0, 1, "PER"), (2, 3, "LOC")), answer(ADA, failed=True)]
    report = score_projections(run)
    assert report.headline.overall == SpanScore(2, 2, 4)
    assert report.worked.overall == SpanScore(2, 2, 2)
    assert (report.headline.sentences, report.worked.sentences, report.failures) == (2, 1, 1)


def test_a_run_that_failed_throughout_has_f1_zero() -> None:
    report = score_projections([answer(ADA, failed=True)])
    assert (report.headline.overall.f1, report.worked.overall.f1) == (0.0, 0.0)
    assert report.headline.overall.support == 2


def test_the_report_goes_to_json() -> None:
    run = [answer(ADA, (0, 1, "PER")), answer(ADA, failed=True), answer(ADA, has_gold=False)]
    report = json.loads(json.dumps(score_projections(run).as_dict()))
    assert report["overall"]["support"] == 4
    assert report["per_label"]["PER"]["f1"] == pytest.approx(2 / 3)
    assert report["failures"] == 1
    assert report["failure_codes"] == {"align/model-unusable": 1}
    assert report["unlabelled"] == 1
    assert report["worked"]["overall"]["support"] == 2
