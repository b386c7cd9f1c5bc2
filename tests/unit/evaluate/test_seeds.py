"""Spread over seeds, the Multi-Bootstrap, and Holm over a family."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core.errors import DataError
from core.evaluate.seeds import compare_seeds, compare_two, correct_family, spread_of
from core.evaluate.significance import Bootstrap, compare_counts, holm

FAST = Bootstrap(resamples=2_000)


def counts(rng: np.random.Generator, share: float, units: int = 300) -> np.ndarray:
    right = (rng.random(units) < share).astype(np.int64)
    return np.stack([right, np.ones(units, np.int64), np.ones(units, np.int64)], axis=1)


def runs(seed: int, *shares: float) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {str(place): counts(rng, share) for place, share in enumerate(shares)}


def test_spread_is_that_of_a_sample() -> None:
    spread = spread_of([0.5, 0.6, 0.7])
    assert spread.mean == pytest.approx(0.6)
    assert spread.sd == pytest.approx(0.1)
    assert (spread.low, spread.high, spread.seeds) == (0.5, 0.7, 3)
    assert spread_of([0.5]).sd is None


def test_one_seed_is_the_ordinary_paired_bootstrap() -> None:
    first, second = runs(1, 0.5), runs(2, 0.6)
    ours = compare_two(("a", first), ("b", second), bootstrap=FAST)
    usual = compare_counts(first["0"], second["0"], names=("a", "b"), bootstrap=FAST)
    assert ours == usual


def test_the_difference_is_that_of_the_means_over_seeds() -> None:
    first, second = runs(1, 0.5, 0.6), runs(2, 0.7, 0.8, 0.6)
    found = compare_seeds({"a": first, "b": second}, bootstrap=FAST)
    means = [np.mean([one[:, 0].mean() for one in own.values()]) for own in (first, second)]
    assert found.comparisons[0].difference == pytest.approx(means[1] - means[0])
    assert found.spreads["b"].mean == pytest.approx(means[1])
    assert found.comparisons[0].p_two_sided < 0.05


def test_a_method_does_not_differ_from_itself() -> None:
    own = runs(1, 0.5, 0.6, 0.7)
    one = compare_two(("a", own), ("b", own), bootstrap=FAST)
    assert (one.difference, one.p_two_sided, one.interval.low) == (0.0, 1.0, 0.0)
    # Unlike seeds are drawn apart: the same runs under other names need not agree in a resample.
    other = {f"x{seed}": values for seed, values in own.items()}
    apart = compare_two(("a", own), ("b", other), bootstrap=FAST)
    assert apart.interval.low < 0 < apart.interval.high


def test_equal_seeds_are_matched_by_name_and_not_by_order() -> None:
    own = runs(1, 0.3, 0.9)
    turned = dict(reversed(own.items()))
    one = compare_two(("a", own), ("b", turned), bootstrap=FAST)
    assert one.interval.low == one.interval.high == 0.0


def test_seeds_that_differ_widen_the_interval() -> None:
    """With sentences alone resampled, a lucky seed would look like a better method."""
    steady, wild = runs(1, 0.6, 0.6, 0.6), runs(2, 0.4, 0.6, 0.8)
    base = runs(3, 0.6, 0.6, 0.6)
    widths = [
        one.interval.high - one.interval.low
        for one in (
            compare_two(("a", base), ("b", {f"{k}x": v for k, v in own.items()}), bootstrap=FAST)
            for own in (steady, wild)
        )
    ]
    assert widths[1] > 2 * widths[0]


def test_under_no_difference_p_values_are_not_too_small() -> None:
    bootstrap = Bootstrap(resamples=300)
    small = sum(
        compare_two(
            ("a", runs(2 * trial, 0.6, 0.6, 0.6)),
            ("b", runs(2 * trial + 1, 0.6, 0.6, 0.6)),
            bootstrap=bootstrap,
        ).p_two_sided
        <= 0.05
        for trial in range(200)
    )
    # Three seeds show less than all of their spread, but each run has sentences of its own here.
    assert small / 200 < 0.05 + 3 * math.sqrt(0.05 * 0.95 / 200)


def test_holm_is_over_all_pairs_or_those_with_the_baseline() -> None:
    methods = {
        name: runs(seed, *shares)
        for seed, (name, shares) in enumerate(
            {"plain": (0.5, 0.5), "fgm": (0.6, 0.6), "pgd": (0.58, 0.55)}.items()
        )
    }
    every = compare_seeds(methods, bootstrap=FAST)
    assert [(one.first, one.second) for one in every.comparisons] == [
        ("plain", "fgm"),
        ("plain", "pgd"),
        ("fgm", "pgd"),
    ]
    based = compare_seeds(methods, baseline="plain", bootstrap=FAST)
    assert [one.second for one in based.comparisons] == ["fgm", "pgd"]
    raw = [one.p_two_sided for one in every.comparisons]
    assert tuple(one.p_holm for one in every.comparisons) == holm(raw)
    family = correct_family({"x": every, "y": based})
    together = [one for each in family.values() for one in each.comparisons]
    assert tuple(one.p_holm for one in together) == holm([one.p_two_sided for one in together])


def test_runs_that_do_not_belong_together_are_refused() -> None:
    first = runs(1, 0.5)
    with pytest.raises(DataError, match="same sentences"):
        compare_seeds({"a": first, "b": {"0": first["0"][:-1]}})
    with pytest.raises(DataError, match="same number of gold"):
        compare_seeds({"a": first, "b": {"0": first["0"] + [0, 0, 1]}})
    with pytest.raises(DataError, match="at least one seed"):
        compare_seeds({"a": first, "b": {}})
    with pytest.raises(DataError, match="baseline"):
        compare_seeds({"a": first}, baseline="b")
