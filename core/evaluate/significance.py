"""Is a difference real? Bootstrap intervals and paired tests of micro F1, by sentence.

Resampling n sentences with replacement is drawing how often each DISTINCT row of counts occurs,
from a multinomial. So a corpus of any size costs as much as its few distinct rows, and the result
does not depend on the order of the sentences.

Paper: Koehn 2004, Statistical significance tests for machine translation evaluation, section 4;
Efron and Tibshirani 1993, An introduction to the bootstrap, chapters 13 and 16; Holm 1979.
Departs: p-values are `(count + 1) / (resamples + 1)`, which never claims 0; where the two runs have
the same F1 there is no winner and both p-values are 1. Failed sentences count with all their gold
entities missed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import combinations
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.errors import ConfigError
from core.evaluate._resampled import one_sided, percentile_borders, two_sided
from core.evaluate.gold import Answered, check_same_sentences, gold_corpus
from core.evaluate.spans import count_by_sentence

Counts: TypeAlias = NDArray[np.int64] | NDArray[np.float64]
"""Counts of each unit; fractions where an item can be right in part. Sums of integers are exact."""
RESAMPLES = 10_000  # Koehn uses 1,000; with 10,000 the second digit of a p-value of .05 is steady


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """How to resample.

    Attributes:
        resamples: bootstrap samples to draw, at least 1.
        seed: seed of the generator; equal seeds give equal results.
        level: share of the distribution inside an interval, in (0, 1).
    """

    resamples: int = RESAMPLES
    seed: int = 0
    level: float = 0.95

    def __post_init__(self) -> None:
        if self.resamples < 1:
            raise ConfigError(
                f"resamples must be at least 1, got {self.resamples}", code="bad-value"
            )
        if self.seed < 0:
            raise ConfigError(f"seed must be at least 0, got {self.seed}", code="bad-value")
        if not 0 < self.level < 1:
            raise ConfigError(f"level must be between 0 and 1, got {self.level}", code="bad-value")


DEFAULT = Bootstrap()


@dataclass(frozen=True, slots=True)
class Interval:
    """A percentile interval; `level` is its share of the bootstrap distribution."""

    low: float
    high: float
    level: float


@dataclass(frozen=True, slots=True)
class RunInterval:
    """Micro F1 of a run over some sentences, with its percentile interval."""

    f1: float
    interval: Interval
    sentences: int
    bootstrap: Bootstrap

    def as_dict(self) -> dict[str, Any]:
        """Return the value, ready for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs over the same sentences.

    Attributes:
        first: name of the first run.
        second: name of the second run.
        first_f1: micro F1 of the first run.
        second_f1: micro F1 of the second run.
        difference: second minus first.
        interval: percentile interval of the difference.
        p_one_sided: share of resamples where the run with the higher F1 is not ahead (Koehn).
        p_two_sided: share of resamples that lie as far from the observed difference as that lies
            from 0 (the distribution centred on no difference).
        p_holm: `p_two_sided` corrected for the number of comparisons made together; None if this
            is the only one.
        sentences: sentences with gold annotation.
        bootstrap: how it was resampled.
    """

    first: str
    second: str
    first_f1: float
    second_f1: float
    difference: float
    interval: Interval
    p_one_sided: float
    p_two_sided: float
    sentences: int
    bootstrap: Bootstrap
    p_holm: float | None = None

    @property
    def points_lost(self) -> float:
        """Return how many points of F1 (0 to 100) the second lost; negative where it gained."""
        return -100 * self.difference

    @property
    def percent_lost(self) -> float | None:
        """Return the loss in percent of the first's F1; None where that is 0."""
        return -100 * self.difference / self.first_f1 if self.first_f1 else None

    def as_dict(self) -> dict[str, Any]:
        """Return the value, ready for JSON."""
        return asdict(self)


def bootstrap_run(
    projections: Sequence[Answered],
    *,
    labels: Collection[str] | None = None,
    bootstrap: Bootstrap = DEFAULT,
) -> RunInterval:
    """Estimate how far the micro F1 of a run would move on other sentences of the kind.

    Args:
        projections: a run over a corpus.
        labels: classes to keep; None keeps all.
        bootstrap: how to resample.

    Raises:
        DataError: no sentence has gold annotation (code missing-gold).
    """
    counts = count_by_sentence(gold_corpus(projections, labels).sentences)
    resampled = _f1(_resample(counts, bootstrap))
    return RunInterval(
        f1=float(_f1(counts.sum(axis=0))),
        interval=Interval(*percentile_borders(resampled, bootstrap.level), bootstrap.level),
        sentences=len(counts),
        bootstrap=bootstrap,
    )


def compare_runs(
    first: Sequence[Answered],
    second: Sequence[Answered],
    *,
    names: tuple[str, str] = ("first", "second"),
    labels: Collection[str] | None = None,
    bootstrap: Bootstrap = DEFAULT,
) -> Comparison:
    """Test whether two runs differ in micro F1, with the paired bootstrap.

    Args:
        first: a run over a corpus.
        second: another run over the same target sentences in the same order. The source side may
            differ, as with another translation model.
        names: what to call the runs.
        labels: classes to keep; None keeps all.
        bootstrap: how to resample.

    Raises:
        DataError: the runs differ in a sentence or its gold spans (code not-parallel), or no
            sentence has gold annotation (code missing-gold).
    """
    check_same_sentences(first, second, labels)
    first_counts, second_counts = (
        count_by_sentence(gold_corpus(run, labels).sentences) for run in (first, second)
    )
    return compare_counts(first_counts, second_counts, names=names, bootstrap=bootstrap)


def compare_counts(
    first: Counts,
    second: Counts,
    *,
    names: tuple[str, str] = ("first", "second"),
    bootstrap: Bootstrap = DEFAULT,
) -> Comparison:
    """Test whether two systems differ in micro F1, from what was counted of each unit.

    Args:
        first: correct, predicted and gold items of every sentence or question, shape (units, 3).
        second: the same of another system.
        names: what to call them.
        bootstrap: how to resample.
    """
    counts = np.hstack([first, second]).astype(np.float64)
    first_f1, second_f1 = _both_f1(counts.sum(axis=0))
    first_resampled, second_resampled = _both_f1(_resample(counts, bootstrap))
    difference = float(second_f1 - first_f1)
    resampled = second_resampled - first_resampled
    return Comparison(
        *names,
        first_f1=float(first_f1),
        second_f1=float(second_f1),
        difference=difference,
        interval=Interval(*percentile_borders(resampled, bootstrap.level), bootstrap.level),
        p_one_sided=one_sided(resampled, difference),
        p_two_sided=two_sided(resampled, difference),
        sentences=len(counts),
        bootstrap=bootstrap,
    )


def compare_all(
    runs: Mapping[str, Sequence[Answered]],
    *,
    labels: Collection[str] | None = None,
    bootstrap: Bootstrap = DEFAULT,
) -> tuple[Comparison, ...]:
    """Compare every run with every other, corrected for their number.

    Args:
        runs: runs over the same sentences, by name.
        labels: classes to keep; None keeps all.
        bootstrap: how to resample. Intervals are not corrected.

    Returns:
        One comparison a pair of runs, in the order of `runs`; none for a single run.

    Raises:
        DataError: as `compare_runs`.
    """
    comparisons = [
        compare_runs(
            runs[first], runs[second], names=(first, second), labels=labels, bootstrap=bootstrap
        )
        for first, second in combinations(runs, 2)
    ]
    corrected = holm([comparison.p_two_sided for comparison in comparisons])
    return tuple(
        replace(comparison, p_holm=p_holm)
        for comparison, p_holm in zip(comparisons, corrected, strict=True)
    )


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """Correct p-values for testing many hypotheses at once, step-down.

    Paper: Holm 1979, A simple sequentially rejective multiple test procedure.
    Departs: none.

    Args:
        p_values: in [0, 1], any order.

    Returns:
        Corrected p-values in the same order, in [0, 1], none smaller than the given one.

    >>> holm([0.01, 0.04, 0.03])
    (0.03, 0.06, 0.06)
    """
    corrected = [0.0] * len(p_values)
    highest = 0.0
    for rank, index in enumerate(sorted(range(len(p_values)), key=lambda index: p_values[index])):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[index]))
        corrected[index] = highest
    return tuple(corrected)


def _resample(counts: Counts, bootstrap: Bootstrap) -> NDArray[np.float64]:
    """Return summed counts of each resample, shape (resamples, columns)."""
    rows, occurrences = np.unique(counts, axis=0, return_counts=True)
    generator = np.random.default_rng(bootstrap.seed)
    draws = generator.multinomial(len(counts), occurrences / len(counts), size=bootstrap.resamples)
    return np.asarray(draws @ rows, dtype=np.float64)


def _f1(counts: Counts) -> NDArray[np.float64]:
    """Return F1 from counts whose last axis is correct, predicted, gold; 0 for 0 / 0."""
    both = counts[..., 1] + counts[..., 2]
    return np.asarray(2 * counts[..., 0] / np.maximum(both, 1), dtype=np.float64)


def _both_f1(counts: Counts) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return _f1(counts[..., :3]), _f1(counts[..., 3:])
