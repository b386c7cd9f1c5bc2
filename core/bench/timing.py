"""Timing two variants against each other on a noisy machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


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
    if warm_up:
        ours()
        theirs()
    times = [(_seconds(ours), _seconds(theirs)) for _ in range(repeats)]
    return Race(tuple(a for a, _ in times), tuple(b for _, b in times))


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
