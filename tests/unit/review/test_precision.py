"""Precision of what was accepted in bulk."""

from __future__ import annotations

import pytest

from core.errors import ConfigError
from core.review.precision import (
    CheckedSentence,
    PrecisionEstimate,
    design_effect,
    draw_sample,
    estimate_precision,
    more_to_check,
    wilson_interval,
)
from core.types import Span


def checked(accepted: int, unchanged: int) -> CheckedSentence:
    spans = tuple(Span(place, place + 1, "PER") for place in range(accepted))
    other = tuple(Span(place, place + 1, "LOC") for place in range(unchanged, accepted))
    return CheckedSentence(spans, (*spans[:unchanged], *other))


def estimate(*counts: tuple[int, int]) -> PrecisionEstimate:
    found = estimate_precision([checked(*one) for one in counts])
    assert found is not None
    return found


def test_a_sample_is_seeded_and_may_be_stopped_anywhere() -> None:
    places = range(10, 60)
    assert draw_sample(places, 8, seed=1) == draw_sample(reversed(places), 8, seed=1)
    assert draw_sample(places, 8, seed=1) != draw_sample(places, 8, seed=2)
    assert draw_sample(places, 20, seed=1)[:8] == draw_sample(places, 8, seed=1)
    assert sorted(draw_sample(places, 999)) == list(places)
    assert draw_sample([], 5) == draw_sample(places, 0) == ()


def test_one_span_a_sentence_is_a_simple_random_sample() -> None:
    found = estimate(*[(1, 1)] * 8, *[(1, 0)] * 2)
    assert (found.precision, found.accepted, found.unchanged) == (0.8, 10, 8)
    assert found.design_effect == pytest.approx(10 / 9)  # k / (k - 1)


# python -c "from statsmodels.stats.proportion import proportion_confint;
# print(proportion_confint(COUNT, NOBS, method='wilson'))" with statsmodels 0.14.5.
@pytest.mark.parametrize(
    ("count", "trials", "low", "high"),
    [
        (8, 10, 0.49016247153664183, 0.9433178485456247),
        (0, 10, 0.0, 0.27753279986288926),
        (50, 50, 0.9286524008666412, 1.0),
    ],
)
def test_wilson(count: int, trials: int, low: float, high: float) -> None:
    assert wilson_interval(count / trials, trials) == pytest.approx((low, high), abs=1e-12)


def test_rounding_never_parts_the_interval_from_the_share() -> None:
    for tenths in range(10, 2000, 7):
        low, high = wilson_interval(0.0, tenths / 10)
        assert (low, high < 1) == (0.0, True)
        low, high = wilson_interval(1.0, tenths / 10)
        assert (low > 0, high) == (True, 1.0)


def test_spans_that_are_wrong_together_say_less() -> None:
    together = estimate(*[(4, 4)] * 5, *[(4, 0)] * 5)
    scattered = estimate(*[(4, 2)] * 10)
    assert together.precision == scattered.precision == 0.5
    assert together.design_effect == pytest.approx(4 * 10 / 9)
    assert scattered.design_effect == 1.0  # never below
    assert together.effective_spans == pytest.approx(9)
    assert together.high - together.low > scattered.high - scattered.low


def test_a_single_sentence_is_one_observation() -> None:
    found = estimate((5, 4), (0, 0))
    assert (found.design_effect, found.effective_spans, found.sentences) == (5.0, 1.0, 2)


def test_all_or_nothing_right_tells_nothing_of_clusters() -> None:
    assert design_effect([(3, 3), (1, 1)]) == design_effect([(0, 3), (0, 1)]) == 1.0
    assert estimate((3, 3), (1, 1)).high == 1.0
    assert estimate((3, 0), (1, 0)).low == 0.0


def test_nothing_checked_has_no_precision() -> None:
    assert estimate_precision([]) is None
    assert estimate_precision([checked(0, 0)]) is None


def test_a_span_with_another_class_or_boundary_was_changed() -> None:
    before = (Span(0, 2, "PER"), Span(3, 4, "LOC"))
    after = (Span(0, 1, "PER"), Span(3, 4, "LOC"), Span(5, 6, "LOC"))
    found = estimate_precision([CheckedSentence(before, after)])
    assert found is not None
    assert (found.unchanged, found.accepted) == (1, 2)


def test_how_many_more_to_check() -> None:
    assert more_to_check(None, 0.05) == 381  # 384 by the normal approximation
    assert more_to_check(None, 0.05, unchecked=100) == 100
    found = estimate(*[(2, 2)] * 30, *[(2, 1)] * 10)
    more = more_to_check(found, 0.04)
    enough = estimate(*[(2, 2)] * 3, *[(2, 1)] * 1)
    assert more > 0
    trials = found.effective_spans * (found.sentences + more) / found.sentences
    low, high = wilson_interval(found.precision, trials)
    assert (high - low) / 2 <= 0.04
    assert more_to_check(found, 0.2) == 0
    assert more_to_check(enough, 0.04) > more


def test_values_must_be_in_range() -> None:
    for wrong in (0.0, 0.5):
        with pytest.raises(ConfigError, match="half width"):
            more_to_check(None, wrong)
    with pytest.raises(ConfigError, match="level"):
        wilson_interval(0.5, 10, 1.0)
    with pytest.raises(ConfigError, match="at least 0"):
        draw_sample([1], -1)


def test_it_is_ready_for_json() -> None:
    assert estimate((1, 1)).as_dict()["effective_spans"] == 1.0
