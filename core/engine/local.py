"""The chunks one after another, in this process, every stage batched over a chunk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from core.chunks.reports import ChunkReport
from core.chunks.work import ChunkWorker, Work
from core.engine import ENGINES


@dataclass(frozen=True)
class Local:
    """One process; the encoder uses every core, or the GPU."""

    def run(
        self,
        work: Work,
        numbers: Sequence[int],
        *,
        should_stop: Callable[[], bool],
    ) -> Iterator[ChunkReport]:
        """Do chunks in order."""
        worker = ChunkWorker(work)
        for number in numbers:
            if should_stop():
                return
            yield worker(number)


ENGINES.register(Local)
