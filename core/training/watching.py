"""Who watches a run: nobody, a person at a terminal, or `core.jobs.JobContext`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol


class Watcher(Protocol):
    """Who is told of a run; `core.jobs.JobContext` is one."""

    def metrics(self, step: int, values: Mapping[str, float]) -> None:
        """Take what was measured after a step."""
        ...

    def progress(self, stage: str, done: int, total: int) -> None:
        """Take how far the run is."""
        ...

    def should_stop(self) -> bool:
        """Tell whether to write a checkpoint and return."""
        ...


@dataclass(frozen=True, slots=True)
class Silent:
    """Nobody watches, and nobody stops the run."""

    def metrics(self, step: int, values: Mapping[str, float]) -> None:
        """Take nothing."""

    def progress(self, stage: str, done: int, total: int) -> None:
        """Take nothing."""

    def should_stop(self) -> bool:
        """Never stop."""
        return False


@dataclass(frozen=True, slots=True)
class Shown:
    """A person watches bars.

    Attributes:
        bars: called with stage, done, total.
    """

    bars: Callable[[str, int, int], None]

    def metrics(self, step: int, values: Mapping[str, float]) -> None:
        """Take nothing."""

    def progress(self, stage: str, done: int, total: int) -> None:
        """Move a bar."""
        self.bars(stage, done, total)

    def should_stop(self) -> bool:
        """Never stop: a person presses Ctrl-C, and goes on from the last checkpoint."""
        return False
