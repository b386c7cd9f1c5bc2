"""Timing two variants against each other on a noisy machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

WARM_UP: Final = 20
"""Pairs to project before timing: models are loaded, lists of words and other caches filled."""


@dataclass(frozen=True, slots=True)
class Race:
    """Seconds of two variants, run in turns.

    Attributes:
        ours: seconds of each repeat of our variant.
        theirs: seconds of each repeat of the other.
    """

    ours: tuple[float, ...]
    theirs: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """Return the median over repeats of theirs / ours: above 1 ours is faster."""
        return median(b / a for a, b in zip(self.ours, self.theirs, strict=True))


def race(
    ours: Callable[[], object], theirs: Callable[[], object], *, repeats: int, warm_up: bool = True
) -> Race:
    """Time two variants in turns, so that both meet the same disturbances.

    Args:
        ours: one variant.
        theirs: the other.
        repeats: timed runs of each.
        warm_up: run both once before, untimed.
    """
    times = in_turns((ours, theirs), repeats=repeats, warm_up=warm_up)
    return Race(times[0], times[1])


def in_turns(
    variants: Sequence[Callable[[], object]], *, repeats: int, warm_up: bool = True
) -> list[tuple[float, ...]]:
    """Time variants in turns, so that all meet the same disturbances.

    Args:
        variants: what to run.
        repeats: timed runs of each.
        warm_up: run all once before, untimed.

    Returns:
        The seconds of each repeat, one tuple a variant.
    """
    if warm_up:
        for variant in variants:
            variant()
    times = [[_seconds(variant) for variant in variants] for _ in range(repeats)]
    return list(zip(*times, strict=True))


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
