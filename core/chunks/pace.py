"""How fast a corpus is projected, where the time goes, and how long it will take."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from core.chunks.reports import ChunkReport


@dataclass
class Pace:
    """Running totals.

    Attributes:
        pairs: in the whole corpus.
        done: pairs that are done, those of earlier runs included.
        entities: projected in them.
        failed: pairs that could not be projected.
        found_done: pairs that earlier runs had done.
        seconds: by stage, over all chunks that are done; several workers add up.
    """

    pairs: int
    done: int = 0
    entities: int = 0
    failed: int = 0
    found_done: int = 0
    seconds: Counter[str] = field(default_factory=Counter)
    _started: float = field(default_factory=time.perf_counter)

    def add(self, report: ChunkReport, *, earlier: bool = False) -> None:
        """Take in a chunk.

        Args:
            report: what came out of it.
            earlier: it was done by an earlier run.
        """
        self.done += report.pairs
        self.entities += report.entities
        self.failed += len(report.failed)
        self.found_done += report.pairs if earlier else 0
        self.seconds.update(report.seconds)

    @property
    def pairs_per_second(self) -> float:
        """Return how many pairs this run has done a second, models loaded and all."""
        spent = time.perf_counter() - self._started
        return (self.done - self.found_done) / spent if spent > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Return how long the rest will take at this pace; None as long as nothing is done."""
        pace = self.pairs_per_second
        return (self.pairs - self.done) / pace if pace > 0 else None

    def shares(self) -> Mapping[str, float]:
        """Return each stage's share of all stages' time, the largest first; they sum to 1."""
        whole = sum(self.seconds.values())
        return {stage: spent / whole for stage, spent in self.seconds.most_common() if whole > 0}
