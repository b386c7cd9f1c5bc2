"""Engines: who does the chunks of a corpus, one process here or many on a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, runtime_checkable

from core.chunks.reports import ChunkReport
from core.chunks.work import Work
from core.registry import Registry


@runtime_checkable
class Engine(Protocol):
    """Does chunks of a corpus.

    Laws (tests/contract/test_engines.py): every chunk is done once, in any order; shards are the
    same, byte by byte, whichever engine has made them.
    """

    def run(
        self,
        work: Work,
        numbers: Sequence[int],
        *,
        should_stop: Callable[[], bool],
    ) -> Iterator[ChunkReport]:
        """Do chunks, and report each when it is done.

        Args:
            work: what to do.
            numbers: which chunks.
            should_stop: asked between chunks; those that are begun are ended.

        Raises:
            SpanbridgeError: a model or program is missing, or a file cannot be written.
        """
        ...


ENGINES: Registry[Engine] = Registry("engine", "core.engine")
