"""Agreement of raters beyond chance: Cohen's and Fleiss' kappa, Krippendorff's alpha.

All are for classes without an order. A coefficient is None where it is undefined: there is nothing
to compare, or only one class, so that chance alone agrees fully.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

WordCodes: TypeAlias = NDArray[np.int64]
"""Class of every word as a number of at least 0; `MISSING` where the rater did not do the word."""
WordByClass: TypeAlias = NDArray[np.int64]
"""How many raters gave a word each class, words × classes."""

MISSING = -1


def cohen_kappa(first: WordCodes, second: WordCodes) -> float | None:
    """Return Cohen's kappa of two raters.

    Paper: Cohen 1960, A coefficient of agreement for nominal scales: `(p_o - p_e) / (1 - p_e)`.
    Departs: counts instead of shares, so that full agreement is exactly 1.

    Args:
        first: class of every word as a number of at least 0, shape (words,).
        second: the same words by the other rater.

    Returns:
        In [-1, 1]; None where there is no word, or both use one and the same class only.
    """
    words = len(first)
    agreed = int((first == second).sum())
    classes = int(max(first.max(initial=0), second.max(initial=0))) + 1
    by_chance = int(np.bincount(first, minlength=classes) @ np.bincount(second, minlength=classes))
    if words * words == by_chance:
        return None
    return (words * agreed - by_chance) / (words * words - by_chance)


def fleiss_kappa(counts: WordByClass) -> float | None:
    """Return Fleiss' kappa.

    Paper: Fleiss 1971, Measuring nominal scale agreement among many raters.
    Departs: none.

    Args:
        counts: how many raters gave an item each class, shape (items, classes); rows have one and
            the same sum.

    Returns:
        At most 1; None where there is no item, fewer than two raters, or one class only.
    """
    ratings = int(counts.sum())
    raters = ratings // len(counts) if len(counts) else 0
    totals = counts.sum(axis=0)
    by_chance = int(totals @ totals)
    if raters < 2 or by_chance == ratings * ratings:
        return None
    agreed = int((counts * (counts - 1)).sum()) / (ratings * (raters - 1))
    expected = by_chance / (ratings * ratings)
    return (agreed - expected) / (1 - expected)


def krippendorff_alpha(counts: WordByClass) -> float | None:
    """Return Krippendorff's alpha for nominal classes; raters may have left items out.

    `1 - (n - 1) · (n - Σ o_cc) / (n² - Σ n_c²)`, with n ratings that can be paired, n_c of them of
    class c, and o_cc coincidences within class c.

    Paper: Krippendorff 2011, Computing Krippendorff's alpha-reliability, section C.
    Departs: none. It equals the package krippendorff 0.9.0, which keeps a table of
    items × classes × classes: gigabytes for a corpus.

    Args:
        counts: how many raters gave an item each class, shape (items, classes). An item with fewer
            than two ratings says nothing.

    Returns:
        At most 1; None where no item has two ratings, or they are all of one class.
    """
    kept = counts[counts.sum(axis=1) > 1]
    totals = kept.sum(axis=0)
    ratings = int(totals.sum())
    expected = ratings * ratings - int(totals @ totals)
    if expected == 0:
        return None
    coincident = float(((kept * (kept - 1)).sum(axis=1) / (kept.sum(axis=1) - 1)).sum())
    return 1 - (ratings - 1) * (ratings - coincident) / expected


def count_classes(codes: WordCodes) -> WordByClass:
    """Count how many raters gave every word each class.

    Args:
        codes: shape (raters, words), `MISSING` where a rater did not do a word.

    Returns:
        Shape (words, classes).
    """
    classes = int(codes.max(initial=0)) + 1
    columns = [(codes == code).sum(axis=0) for code in range(classes)]
    return np.stack(columns, axis=1).astype(np.int64)
