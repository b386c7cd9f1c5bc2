"""Progress bars on standard error, one a stage."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tqdm import tqdm


class ProgressBars:
    """Shows one bar a stage; silent where asked, or where nobody watches (no terminal).

    Args:
        quiet: show nothing.
    """

    def __init__(self, *, quiet: bool) -> None:
        self.quiet = quiet or not sys.stderr.isatty()
        self._bars: dict[str, tqdm[Any]] = {}

    def __enter__(self) -> ProgressBars:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for bar in self._bars.values():
            bar.close()

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Move a stage's bar; the first call for a stage opens it."""
        if self.quiet:
            return
        if stage not in self._bars:
            from tqdm import tqdm

            self._bars[stage] = tqdm(total=total, desc=stage, leave=False, file=sys.stderr)
        bar = self._bars[stage]
        bar.total = total
        bar.update(done - bar.n)

    def of(self, stage: str) -> _StageProgress:
        """Return a callback (done, total) for one stage."""
        return _StageProgress(self, stage)


class _StageProgress:
    def __init__(self, bars: ProgressBars, stage: str) -> None:
        self.bars = bars
        self.stage = stage

    def __call__(self, done: int, total: int) -> None:
        self.bars(self.stage, done, total)
