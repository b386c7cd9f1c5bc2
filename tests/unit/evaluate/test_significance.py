"""Bootstrap intervals and paired tests."""

from __future__ import annotations

import json
import time

import numpy as np
import pytest

from core.errors import ConfigError, DataError
from core.evaluate.gold import gold_corpus
from core.evaluate.significance import (
    Bootstrap,
    bootstrap_run,
    compare_all,
    compare_runs,
    holm,
)
from core.evaluate.spans import count_by_sentence, score_projections
from core.types import Projection
from tests.unit.evaluate.builders import answer, sentence

TARGET = sentence("Ada Eva Max Tim", (0, 1, "PER"), (1, 2, "PER"), (2, 3, "PER"), (3, 4, "PER"))
FAST = Bootstrap(resamples=2000, seed=1)


def run_of(*correct: int) -> list[Projection]:
    """Make a run that finds so many of the four people in each sentence."""
    return [answer(TARGET, *[(at, at + 1, "PER") for at in range(found)]) for found in correct]


def random_run(seed: int, sentences: int, *, skill: float) -> list[Projection]:
    return run_of(*np.random.default_rng(seed).binomial(4, skill, size=sentences).tolist())


GOOD = random_run(1, 80, skill=0.8)
BAD = random_run(2, 80, skill=0.6)


def test_a_clear_difference_is_significant_in_either_order() -> None:
    forth, back = compare_runs(BAD, GOOD, bootstrap=FAST), compare_runs(GOOD, BAD, bootstrap=FAST)
    assert forth.difference == pytest.approx(-back.difference)
    assert forth.difference > 0 > back.difference
    assert forth.p_one_sided < 0.01
    assert back.p_one_sided < 0.01
    assert forth.p_two_sided < 0.01
    assert forth.interval.low > 0
    assert back.interval.high < 0


def test_a_slight_difference_is_not() -> None:
    comparison = compare_runs(run_of(3, 2, 4, 1), run_of(3, 3, 2, 3), bootstrap=FAST)
    assert comparison.difference > 0
    assert comparison.p_one_sided > 0.2
    assert comparison.p_two_sided > 0.2
    assert comparison.interval.low < 0 < comparison.interval.high


def test_a_run_against_itself_never_differs() -> None:
    comparison = compare_runs(GOOD, GOOD, bootstrap=FAST)
    assert comparison.difference == 0.0
    assert (comparison.p_one_sided, comparison.p_two_sided) == (1.0, 1.0)
    assert (comparison.interval.low, comparison.interval.high) == (0.0, 0.0)


def test_sentences_are_resampled_in_pairs() -> None:
    # Sentence by sentence the second run finds one more; unpaired, the sentences differ far more.
    comparison = compare_runs(run_of(0, 1, 2, 3), run_of(1, 2, 3, 4), bootstrap=FAST)
    assert comparison.interval.low > 0
    assert comparison.p_one_sided == pytest.approx(1 / 2001)


def test_the_smallest_p_value_is_not_zero() -> None:
    comparison = compare_runs(run_of(0, 0), run_of(4, 4), bootstrap=Bootstrap(resamples=99))
    assert comparison.p_one_sided == pytest.approx(1 / 100)


def test_grouped_resampling_agrees_with_drawing_sentences() -> None:
    comparison = compare_runs(BAD, GOOD, bootstrap=Bootstrap(resamples=20_000))
    counts = [count_by_sentence(gold_corpus(run).sentences) for run in (BAD, GOOD)]
    drawn = np.random.default_rng(7).integers(0, 80, size=(20_000, 80))
    first, second = (2 * c[drawn, 0].sum(1) / (c[drawn, 1] + c[drawn, 2]).sum(1) for c in counts)
    low, high = np.quantile(second - first, [0.025, 0.975])
    assert comparison.interval.low == pytest.approx(low, abs=0.004)
    assert comparison.interval.high == pytest.approx(high, abs=0.004)


def test_a_failed_sentence_costs_its_entities() -> None:
    failing = [*GOOD[:-1], answer(TARGET, failed=True)]
    comparison = compare_runs(GOOD, failing, bootstrap=FAST)
    assert comparison.second_f1 == score_projections(failing).headline.overall.f1
    assert comparison.difference < 0


def test_labels_left_out_do_not_count() -> None:
    target = sentence("Ada Rome", (0, 1, "PER"), (1, 2, "LOC"))
    both, one = [answer(target, (0, 1, "PER"), (1, 2, "LOC"))], [answer(target, (0, 1, "PER"))]
    assert compare_runs(one, both, labels={"PER"}, bootstrap=FAST).difference == 0.0
    assert compare_runs(one, both, labels={"LOC"}, bootstrap=FAST).difference == 1.0


def test_runs_over_other_sentences_are_refused() -> None:
    with pytest.raises(DataError, match="same sentences"):
        compare_runs(GOOD, GOOD[1:])


def test_the_seed_decides() -> None:
    assert bootstrap_run(GOOD, bootstrap=FAST) == bootstrap_run(GOOD, bootstrap=FAST)
    other = Bootstrap(resamples=2000, seed=2)
    assert (
        bootstrap_run(GOOD, bootstrap=FAST).interval
        != bootstrap_run(GOOD, bootstrap=other).interval
    )


def test_the_interval_of_a_run_contains_its_f1_and_widens_with_the_level() -> None:
    narrow = bootstrap_run(GOOD, bootstrap=Bootstrap(level=0.5))
    assert json.loads(json.dumps(narrow.as_dict()))["interval"]["level"] == 0.5
    wide = bootstrap_run(GOOD, bootstrap=Bootstrap(level=0.99))
    assert narrow.f1 == score_projections(GOOD).headline.overall.f1
    assert (
        wide.interval.low
        < narrow.interval.low
        < narrow.f1
        < narrow.interval.high
        < wide.interval.high
    )


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        pytest.param({"resamples": 0}, "resamples must be at least 1, got 0", id="resamples"),
        pytest.param({"seed": -1}, "seed must be at least 0, got -1", id="seed"),
        pytest.param({"level": 1.0}, "level must be between 0 and 1, got 1.0", id="level"),
    ],
)
def test_values_out_of_range_are_refused(choice: dict[str, float], message: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        Bootstrap(**choice)  # type: ignore[arg-type]
    assert caught.value.code == "bad-value"


def test_all_pairs_are_compared_and_corrected() -> None:
    comparisons = compare_all({"a": BAD, "b": GOOD, "c": GOOD}, bootstrap=FAST)
    assert [(one.first, one.second) for one in comparisons] == [("a", "b"), ("a", "c"), ("b", "c")]
    raw = [one.p_two_sided for one in comparisons]
    assert [one.p_holm for one in comparisons] == list(holm(raw))
    assert comparisons[0].p_holm == pytest.approx(3 * raw[0])
    assert json.loads(json.dumps(comparisons[0].as_dict()))["bootstrap"]["resamples"] == 2000


def test_one_run_has_nothing_to_be_compared_with() -> None:
    assert compare_all({"a": GOOD}) == ()


@pytest.mark.parametrize(
    ("p_values", "expected"),
    [
        pytest.param([], [], id="none"),
        pytest.param([0.04], [0.04], id="one"),
        # Holm 1979: 4 · .005, 3 · .01, 2 · .03, then never below the one before
        pytest.param([0.01, 0.04, 0.03, 0.005], [0.03, 0.06, 0.06, 0.02], id="four"),
        pytest.param([0.9, 0.8], [1.0, 1.0], id="capped"),
    ],
)
def test_holm(p_values: list[float], expected: list[float]) -> None:
    assert list(holm(p_values)) == pytest.approx(expected)


def test_ten_thousand_resamples_of_a_large_corpus_are_quick() -> None:
    large, other = GOOD * 50, BAD * 50
    started = time.perf_counter()
    compare_runs(large, other)
    assert time.perf_counter() - started < 5  # 0.05 s on two cores
