"""Methods that were trained several times: mean and spread over seeds, and whether they differ.

What is compared is the mean over seeds of a method's F1 on a test set. Both the test sentences and
the seeds are samples: another test set or another seed would have given other figures. So a
resample draws sentences, the same ones for both methods, and seeds. Where both methods were trained
with the same seeds these are drawn together, since equal seeds share data order and first weights.

Paper: Sellam et al. 2022, The MultiBERTs, arXiv:2106.16163, section 4 (the Multi-Bootstrap);
Reimers and Gurevych 2017, Reporting score distributions makes a difference, arXiv:1707.09861 (why
one seed says little); Holm 1979.
Departs: F1 is no mean over sentences, so it is computed from the summed counts of each resample,
seed by seed, and then averaged. p-values are two-sided, `(count + 1) / (resamples + 1)`, from the
distribution centred on no difference, as in `core.evaluate.significance`. With three seeds the
bootstrap sees at most a part of the spread between seeds: a p-value near the limit is no proof.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import DataError
from core.evaluate._resampled import one_sided, percentile_borders, two_sided
from core.evaluate.significance import DEFAULT, Bootstrap, Comparison, Counts, Interval, holm

SeedCounts = Mapping[str, Counts]
"""Seed → correct, predicted and gold items of every unit, shape (units, 3)."""
_BLOCK = 2**22  # numbers of one block of draws


@dataclass(frozen=True, slots=True)
class Spread:
    """Figures of one method over its seeds.

    Attributes:
        mean: over seeds.
        sd: standard deviation of the sample (n - 1); None for a single seed.
        low: the smallest.
        high: the largest.
        seeds: how many.
    """

    mean: float
    sd: float | None
    low: float
    high: float
    seeds: int

    def as_dict(self) -> dict[str, Any]:
        """Return the value, ready for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class SeedComparison:
    """Methods side by side, over the same units.

    Attributes:
        spreads: F1 of each method over its seeds, as shares of 1.
        by_seed: method → seed → F1.
        comparisons: of every pair of methods, or of each with the baseline, corrected for their
            number.
        units: sentences or questions.
    """

    spreads: Mapping[str, Spread]
    by_seed: Mapping[str, Mapping[str, float]]
    comparisons: tuple[Comparison, ...]
    units: int

    def as_dict(self) -> dict[str, Any]:
        """Return the value, ready for JSON."""
        return {
            "methods": {
                name: {**spread.as_dict(), "by_seed": dict(self.by_seed[name])}
                for name, spread in self.spreads.items()
            },
            "comparisons": [one.as_dict() for one in self.comparisons],
            "units": self.units,
        }


def spread_of(values: Sequence[float]) -> Spread:
    """Summarise the figures of several seeds.

    >>> spread_of([0.5, 0.7]).mean
    0.6

    Raises:
        DataError: there is none (code missing-gold).
    """
    if not values:
        raise DataError("there must be at least one seed, got none", code="missing-gold")
    array = np.array(values, dtype=np.float64)
    return Spread(
        mean=float(array.mean()),
        sd=float(array.std(ddof=1)) if len(values) > 1 else None,
        low=float(array.min()),
        high=float(array.max()),
        seeds=len(values),
    )


def compare_seeds(
    methods: Mapping[str, SeedCounts],
    *,
    baseline: str = "",
    bootstrap: Bootstrap = DEFAULT,
) -> SeedComparison:
    """Compare methods that were each trained with several seeds.

    Args:
        methods: by name; all over the same units in the same order.
        baseline: compare each other method with this one only, which makes the family of
            hypotheses smaller; empty compares every pair.
        bootstrap: how to resample.

    Returns:
        Spread of each method, and comparisons with Holm's correction over all of them.

    Raises:
        DataError: a method without seed (code missing-gold), runs over different units
            (not-parallel), or a baseline that is none of the methods (missing-gold).
    """
    units = _units(methods)
    if baseline and baseline not in methods:
        raise DataError(
            f"the baseline must be one of {', '.join(methods)}, got {baseline!r}",
            code="missing-gold",
        )
    by_seed = {
        name: {seed: float(f1_of(counts.sum(axis=0))) for seed, counts in runs.items()}
        for name, runs in methods.items()
    }
    pairs = (
        [(baseline, name) for name in methods if name != baseline]
        if baseline
        else list(combinations(methods, 2))
    )
    found = [
        compare_two((first, methods[first]), (second, methods[second]), bootstrap=bootstrap)
        for first, second in pairs
    ]
    corrected = holm([one.p_two_sided for one in found])
    return SeedComparison(
        spreads={name: spread_of(list(values.values())) for name, values in by_seed.items()},
        by_seed=by_seed,
        comparisons=tuple(
            replace(one, p_holm=p_holm) for one, p_holm in zip(found, corrected, strict=True)
        ),
        units=units,
    )


def correct_family(found: Mapping[str, SeedComparison]) -> dict[str, SeedComparison]:
    """Correct the p-values of several test sets together: all their comparisons are one family.

    Args:
        found: comparisons by test set.
    """
    everything = [one for each in found.values() for one in each.comparisons]
    corrected = iter(holm([one.p_two_sided for one in everything]))
    return {
        name: replace(
            each,
            comparisons=tuple(replace(one, p_holm=next(corrected)) for one in each.comparisons),
        )
        for name, each in found.items()
    }


def compare_two(
    first: tuple[str, SeedCounts],
    second: tuple[str, SeedCounts],
    *,
    bootstrap: Bootstrap = DEFAULT,
) -> Comparison:
    """Test whether the mean F1 over seeds differs between two methods: the Multi-Bootstrap.

    Args:
        first: a method's name and its counts by seed.
        second: another's, over the same units.
        bootstrap: how to resample.

    Returns:
        Means over seeds, their difference with its interval, and p-values that are not corrected.

    Raises:
        DataError: as `compare_seeds`.
    """
    methods = dict((first, second))
    units = _units(methods)
    runs = [[one[seed] for seed in sorted(one)] for one in (first[1], second[1])]
    resampled = _resample_units([counts for own in runs for counts in own], bootstrap)
    generator = np.random.default_rng((bootstrap.seed, 1))
    weights = _seed_weights(first[1], second[1], bootstrap.resamples, generator)
    border = len(runs[0])
    values = [
        (resampled[:, :border] * weights[0]).sum(axis=1),
        (resampled[:, border:] * weights[1]).sum(axis=1),
    ]
    means = [float(np.mean([float(f1_of(counts.sum(axis=0))) for counts in own])) for own in runs]
    difference = means[1] - means[0]
    differences = values[1] - values[0]
    return Comparison(
        first[0],
        second[0],
        first_f1=means[0],
        second_f1=means[1],
        difference=difference,
        interval=Interval(*percentile_borders(differences, bootstrap.level), bootstrap.level),
        p_one_sided=one_sided(differences, difference),
        p_two_sided=two_sided(differences, difference),
        sentences=units,
        bootstrap=bootstrap,
    )


def f1_of(counts: Counts) -> NDArray[np.float64]:
    """Return F1 from counts whose last axis is correct, predicted, gold; 0 for 0 / 0."""
    both = counts[..., 1] + counts[..., 2]
    return np.asarray(2 * counts[..., 0] / np.where(both > 0, both, 1), dtype=np.float64)


def _units(methods: Mapping[str, SeedCounts]) -> int:
    sizes = {len(counts) for runs in methods.values() for counts in runs.values()}
    if not sizes or sizes == {0} or not all(methods.values()):
        raise DataError(
            "every method must have at least one seed with at least one sentence, got none",
            code="missing-gold",
        )
    if len(sizes) > 1:
        shown = ", ".join(map(str, sorted(sizes)))
        raise DataError(
            f"all runs must be over the same sentences, got {shown} of them", code="not-parallel"
        )
    golds = [counts[:, 2] for runs in methods.values() for counts in runs.values()]
    if any((gold != golds[0]).any() for gold in golds):
        raise DataError(
            "all runs must be over sentences with the same number of gold items, got others",
            code="not-parallel",
            hint="compare runs on the same test set",
        )
    return sizes.pop()


def _resample_units(runs: Sequence[Counts], bootstrap: Bootstrap) -> NDArray[np.float64]:
    """Return F1 of each run on each resample of the units, shape (resamples, runs).

    As in `core.evaluate.significance`: how often each distinct row is drawn is multinomial.
    """
    rows, occurrences = np.unique(np.hstack(runs).astype(np.float64), axis=0, return_counts=True)
    generator = np.random.default_rng(bootstrap.seed)
    units = int(occurrences.sum())
    found = np.empty((bootstrap.resamples, len(runs)), dtype=np.float64)
    step = max(1, _BLOCK // len(rows))
    for start in range(0, bootstrap.resamples, step):
        size = min(step, bootstrap.resamples - start)
        draws = generator.multinomial(units, occurrences / units, size=size)
        sums = (draws @ rows).reshape(size, len(runs), 3)
        found[start : start + size] = f1_of(sums)
    return found


def _seed_weights(
    first: SeedCounts, second: SeedCounts, resamples: int, generator: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Draw how much each seed counts in each resample; equal seeds are drawn together."""

    def draw(count: int) -> NDArray[np.float64]:
        drawn = generator.multinomial(count, np.full(count, 1 / count), size=resamples)
        return np.asarray(drawn / count, dtype=np.float64)

    own = draw(len(first))
    if set(first) == set(second):
        return own, own
    return own, draw(len(second))
