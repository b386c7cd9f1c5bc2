"""What a bootstrap distribution says: its interval, and how likely no difference is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Two differences of ratios of counts that are equal on paper differ by less than this.
_ROUNDING = 1e-12


def percentile_borders(resampled: NDArray[np.float64], level: float) -> tuple[float, float]:
    """Return the borders of the middle `level` of a distribution."""
    low, high = np.quantile(resampled, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def one_sided(resampled: NDArray[np.float64], difference: float) -> float:
    """Return the share of resamples where the winner is not ahead; 1 where there is none."""
    winner = np.sign(difference) if abs(difference) > _ROUNDING else 0.0
    ahead = resampled * winner > _ROUNDING
    return _share(~ahead)


def two_sided(resampled: NDArray[np.float64], difference: float) -> float:
    """Return the share of resamples as far from the difference as that lies from 0."""
    return _share(np.abs(resampled - difference) >= abs(difference) - _ROUNDING)


def _share(hits: NDArray[np.bool_]) -> float:
    return float((hits.sum() + 1) / (len(hits) + 1))
