"""Laws of the evaluation that hold whatever the corpus."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Sequence
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from seqeval.metrics import f1_score

from core.evaluate.alignment import score_links
from core.evaluate.diagnosis import diagnose
from core.evaluate.outcomes import assign
from core.evaluate.partial import score_partial
from core.evaluate.significance import Bootstrap, bootstrap_run, compare_runs, holm
from core.evaluate.spans import score_projections, score_spans
from core.evaluate.tally import diagnose_corpus
from core.text.tags import spans_from_tags
from core.types import Link, Projection, Span
from tests.property.evaluate_strategies import LABELS, projections, tag_files

TagFiles = tuple[list[list[str]], list[list[str]]]

runs = st.lists(projections(), min_size=1, max_size=5)
label_sets = st.none() | st.sets(st.sampled_from(LABELS))
link_sets = st.sets(st.tuples(st.integers(0, 3), st.integers(0, 3)))


@given(tag_files())
def test_f1_equals_seqeval(files: TagFiles) -> None:
    gold, predicted = files
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = f1_score(gold, predicted, zero_division=0)
    report = score_spans(
        [spans_from_tags(tags) for tags in gold], [spans_from_tags(tags) for tags in predicted]
    )
    assert report.overall.f1 == pytest.approx(float(expected), abs=1e-12)


@given(runs, label_sets)
def test_ratios_lie_between_zero_and_one(run: list[Projection], labels: set[str] | None) -> None:
    report = score_projections(run, labels)
    for part in (report.headline, report.worked):
        assert 0 <= part.macro.f1 <= 1
        for score in (part.overall, *part.per_label.values()):
            ends = sorted((score.precision, score.recall))
            assert 0 <= ends[0] <= score.f1 + 1e-12
            assert score.f1 - 1e-12 <= ends[1] <= 1
        assert set(part.per_label) <= (set(LABELS) if labels is None else labels)


@given(runs)
def test_failures_never_raise_the_headline(run: list[Projection]) -> None:
    report = score_projections(run)
    assert report.headline.overall.recall <= report.worked.overall.recall
    assert report.headline.overall.precision == report.worked.overall.precision
    assert report.headline.sentences == report.worked.sentences + report.failures


@given(runs, st.randoms(use_true_random=False))
def test_the_order_of_sentences_does_not_matter(run: list[Projection], random: Random) -> None:
    shuffled = list(run)
    random.shuffle(shuffled)
    bootstrap = Bootstrap(resamples=50)
    assert score_projections(run) == score_projections(shuffled)
    assert score_partial(run) == score_partial(shuffled)
    assert bootstrap_run(run, bootstrap=bootstrap) == bootstrap_run(shuffled, bootstrap=bootstrap)
    assert diagnose_corpus(run)[1] == diagnose_corpus(shuffled)[1]


@given(runs)
def test_a_run_against_itself_never_differs(run: list[Projection]) -> None:
    comparison = compare_runs(run, run, bootstrap=Bootstrap(resamples=50))
    assert comparison.difference == 0
    assert comparison.p_one_sided == comparison.p_two_sided == 1
    assert comparison.interval.low == comparison.interval.high == 0


@given(runs, st.data())
def test_a_comparison_is_antisymmetric(run: list[Projection], data: st.DataObject) -> None:
    others = data.draw(st.lists(projections(), min_size=len(run), max_size=len(run)))
    other = [
        Projection(one.pair, "other", _clip(guess, one), (), guess.trace, guess.failure)
        for one, guess in zip(run, others, strict=True)
    ]
    bootstrap = Bootstrap(resamples=50)
    forth = compare_runs(run, other, bootstrap=bootstrap)
    back = compare_runs(other, run, bootstrap=bootstrap)
    assert forth.difference == pytest.approx(-back.difference, abs=1e-12)
    assert 0 < forth.p_one_sided <= 1
    assert 0 < forth.p_two_sided <= 1
    assert forth.interval.low <= forth.interval.high


def _clip(guess: Projection, place: Projection) -> tuple[Span, ...]:
    words = len(place.pair.target.words)
    return tuple(span for span in guess.spans if span.end <= words)


@given(st.lists(st.floats(0, 1), max_size=6))
def test_holm_only_raises_and_keeps_the_order(p_values: list[float]) -> None:
    corrected = holm(p_values)
    assert all(raw <= one <= 1 for raw, one in zip(p_values, corrected, strict=True))
    by_raw = [corrected[index] for index in np.argsort(p_values, kind="stable")]
    assert by_raw == sorted(by_raw)


@given(link_sets, link_sets, link_sets)
def test_aer_is_zero_exactly_between_sure_and_possible(
    predicted: set[tuple[int, int]], sure: set[tuple[int, int]], possible: set[tuple[int, int]]
) -> None:
    gold = [Link(*one) for one in sure] + [Link(*one, sure=False) for one in possible]
    score = score_links([[Link(*one) for one in predicted]], [gold])
    assert 0 <= score.aer <= 1
    assert (score.aer == 0) == (sure <= predicted <= sure | possible)


@given(projections(), label_sets)
def test_every_span_gets_exactly_one_diagnosis(
    projection: Projection, labels: set[str] | None
) -> None:
    diagnoses = diagnose(projection, labels)
    wanted = set(LABELS) if labels is None else labels
    gold = [span for span in projection.pair.target.spans if span.label in wanted]
    predicted = [span for span in projection.spans if span.label in wanted]
    assert Counter(one.gold for one in diagnoses if one.gold) == Counter(gold)
    assert Counter(one.predicted for one in diagnoses if one.predicted) == Counter(predicted)


@given(runs, label_sets)
def test_correct_diagnoses_are_the_true_positives(
    run: list[Projection], labels: set[str] | None
) -> None:
    overall = score_projections(run, labels).headline.overall
    counts = diagnose_corpus(run, labels)[1].by_outcome()
    assert counts["correct"] == overall.correct
    assert sum(counts.values()) - counts["spurious"] == overall.support
    assert sum(counts.values()) - counts["missing"] == overall.predicted


@given(projections())
def test_every_error_has_a_stage_and_a_sentence(projection: Projection) -> None:
    for one in diagnose(projection):
        assert (one.stage is None) == (one.outcome == "correct")
        assert one.explanation.endswith(".")
        span = one.gold or one.predicted
        assert span is not None
        assert projection.pair.target.text_of(span) in one.explanation
        assert (one.counterpart is None) == (one.basis is None)


@given(projections(may_fail=False))
def test_no_source_entity_translates_two_gold_spans(projection: Projection) -> None:
    paired = [one.counterpart for one in diagnose(projection) if one.counterpart is not None]
    assert len(paired) == len(set(paired))


@given(
    st.integers(1, 4).flatmap(
        lambda columns: st.lists(
            st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=columns, max_size=columns),
            min_size=1,
            max_size=4,
        )
    )
)
def test_the_assignment_has_the_largest_sum(weights: Sequence[Sequence[float]]) -> None:
    matrix = np.array(weights)
    pairs = assign(matrix)
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)
    assert all(matrix[pair] > 0 for pair in pairs)
    assert sum(matrix[pair] for pair in pairs) == pytest.approx(_best_sum(matrix))


def _best_sum(matrix: np.ndarray) -> float:
    """Try every assignment, row by row."""
    if not len(matrix):
        return 0.0
    without = _best_sum(matrix[1:])
    return max(
        without,
        *(
            float(matrix[0, column]) + _best_sum(np.delete(matrix[1:], column, axis=1))
            for column in range(matrix.shape[1])
        ),
        0.0,
    )
