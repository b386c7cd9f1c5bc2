"""Precision of what was accepted in bulk, estimated from sentences drawn at random and checked.

The spans of one sentence tend to be right or wrong together, so they say less than as many spans
drawn one by one. The design effect says how much less: the variance of the ratio estimate over
sentences, over that of a simple random sample of spans. The interval is Wilson's with the number of
spans divided by the design effect.

Paper: Wilson 1927, Probable inference, the law of succession, and statistical inference; Kish 1965,
Survey sampling (ratio means of clusters, design effect).
Departs: a design effect below 1 counts as 1, so that clustering never narrows the interval. Where
all spans or none were left unchanged the sample tells nothing of it, and it is 1; with a single
sentence it is the number of its spans. The share of the corpus that was drawn is not made use of.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from math import ceil, sqrt
from statistics import NormalDist
from typing import Any

import numpy as np

from core.errors import ConfigError
from core.types import Span

LEVEL = 0.95
# Assumed before anything is checked: the least favourable precision, and a span a sentence.
_UNKNOWN_PRECISION = 0.5


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence of the sample: the spans that were accepted in bulk, and those after the check."""

    accepted: tuple[Span, ...]
    after: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class PrecisionEstimate:
    """Precision of the accepted spans.

    Attributes:
        precision: share of checked spans that were left as they were, in [0, 1].
        low: lower end of the interval, in [0, precision].
        high: upper end, in [precision, 1].
        level: share of samples whose interval holds the true value, about.
        accepted: spans checked.
        unchanged: those left with the same words and class.
        sentences: sentences checked.
        design_effect: at least 1.
    """

    precision: float
    low: float
    high: float
    level: float
    accepted: int
    unchanged: int
    sentences: int
    design_effect: float

    @property
    def effective_spans(self) -> float:
        """Return how many spans drawn one by one would say as much."""
        return self.accepted / self.design_effect

    def as_dict(self) -> dict[str, Any]:
        """Return the value, ready for JSON."""
        return {**asdict(self), "effective_spans": self.effective_spans}


def draw_sample(places: Collection[int], size: int, seed: int = 0) -> tuple[int, ...]:
    """Draw sentences to check, without replacement.

    Args:
        places: indices of the sentences that were accepted in bulk.
        size: how many to draw; at most all of them.
        seed: equal seeds draw equal sentences.

    Returns:
        In the order they were drawn: the first of them are a random sample too, so that checking
        can stop anywhere, and a larger sample begins with a smaller one.
    """
    if size < 0 or seed < 0:
        raise ConfigError(
            f"size and seed of a sample must be at least 0, got {size} and {seed}", code="bad-value"
        )
    drawn = np.random.default_rng(seed).permutation(np.array(sorted(set(places)), dtype=np.int64))
    return tuple(int(place) for place in drawn[:size])


def estimate_precision(
    checked: Sequence[CheckedSentence], level: float = LEVEL
) -> PrecisionEstimate | None:
    """Estimate the precision of accepted spans.

    Args:
        checked: sentences of a random sample.
        level: of the interval, in (0, 1).

    Returns:
        The estimate; None where no accepted span was checked.
    """
    counts = [(len({*one.accepted} & {*one.after}), len({*one.accepted})) for one in checked]
    unchanged, accepted = (
        (sum(column) for column in zip(*counts, strict=True)) if counts else (0, 0)
    )
    if accepted == 0:
        return None
    precision = unchanged / accepted
    effect = design_effect(counts)
    low, high = wilson_interval(precision, accepted / effect, level)
    return PrecisionEstimate(precision, low, high, level, accepted, unchanged, len(checked), effect)


def design_effect(counts: Sequence[tuple[int, int]]) -> float:
    """Return by how much clustering inflates the variance of a share; at least 1.

    With k clusters, of which cluster i has y_i hits among m_i, p = Σy / Σm:
    `k / (k - 1) · Σ (y_i - p·m_i)² / Σm`, over `p · (1 - p)`.

    Paper: Kish 1965.

    Args:
        counts: hits and members of every cluster; those without members do not count.
    """
    clusters = np.array([one for one in counts if one[1]], dtype=np.float64).reshape(-1, 2)
    hits, members = clusters.sum(axis=0)
    if len(clusters) < 2:
        return max(float(members), 1.0)
    share = hits / members
    if share in (0, 1):
        return 1.0
    residuals = clusters[:, 0] - share * clusters[:, 1]
    variance = len(clusters) / (len(clusters) - 1) * float(residuals @ residuals) / members
    return max(float(variance / (share * (1 - share))), 1.0)


def wilson_interval(share: float, trials: float, level: float = LEVEL) -> tuple[float, float]:
    """Return the score interval of a share.

    Paper: Wilson 1927.
    Departs: trials may be any positive number: an effective sample size.

    Args:
        share: observed, in [0, 1].
        trials: what it was observed on, above 0.
        level: in (0, 1).

    Returns:
        Lower and upper end, in [0, 1], with the share between them.
    """
    if not 0 < level < 1:
        raise ConfigError(f"level must be between 0 and 1, got {level}", code="bad-value")
    squared = NormalDist().inv_cdf((1 + level) / 2) ** 2
    centre = (share + squared / (2 * trials)) / (1 + squared / trials)
    half = _half_width(share, trials, level)
    # At 0 and 1 the ends meet the share, but for rounding.
    return max(0.0, min(share, centre - half)), min(1.0, max(share, centre + half))


def _half_width(share: float, trials: float, level: float) -> float:
    squared = NormalDist().inv_cdf((1 + level) / 2) ** 2
    spread = share * (1 - share) * squared / trials + (squared / (2 * trials)) ** 2
    return sqrt(spread) / (1 + squared / trials)


def more_to_check(
    estimate: PrecisionEstimate | None,
    half_width: float,
    *,
    level: float = LEVEL,
    unchecked: int | None = None,
) -> int:
    """Return how many more sentences to check until the interval is narrow enough.

    It is assumed that precision, design effect and spans a sentence stay as they are; before
    anything is checked, that half of the spans are right and that a sentence has one.

    Args:
        estimate: what is known; None where nothing is.
        half_width: half the width that the interval is to have, in (0, 0.5).
        level: of the interval, where there is no estimate yet.
        unchecked: sentences that are left; None if there is no end to them.
    """
    if not 0 < half_width < 0.5:
        raise ConfigError(
            f"the half width must be between 0 and 0.5, got {half_width}", code="bad-value"
        )
    if estimate is None:
        needed = ceil(_trials_for(_UNKNOWN_PRECISION, half_width, level))
    else:
        trials = _trials_for(estimate.precision, half_width, estimate.level)
        a_sentence = estimate.effective_spans / estimate.sentences
        needed = max(ceil(trials / a_sentence) - estimate.sentences, 0)
    return needed if unchecked is None else min(needed, unchecked)


def _trials_for(share: float, half_width: float, level: float) -> float:
    """Return the fewest trials with an interval that narrow: with more of them it gets narrower.

    With t = z² / trials the condition `p(1-p)·t + t²/4 <= h²·(1 + t)²` is a quadratic in t.
    """
    squared = NormalDist().inv_cdf((1 + level) / 2) ** 2
    most = half_width**2
    # (1/4 - h²)·t² + (p(1-p) - 2h²)·t - h² = 0; h < 1/2, so one root is positive.
    lead, middle = 0.25 - most, share * (1 - share) - 2 * most
    root = (-middle + sqrt(middle**2 + 4 * lead * most)) / (2 * lead)
    return squared / root
