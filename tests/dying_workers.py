"""A worker that is killed in the middle of a chunk, when its shard is written but not reported."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any
from unittest.mock import patch

from core.chunks import work
from core.chunks.reports import ChunkReport, write_report
from core.engine.ray import _Chunks

AT_CHUNK = 4


def _dying(folder: Path) -> Any:
    once = folder / "killed"

    def die_once(reports: Path, report: ChunkReport) -> None:
        if report.number == AT_CHUNK and not once.exists():
            once.write_text(str(os.getpid()))
            os.kill(os.getpid(), signal.SIGKILL)
        write_report(reports, report)

    return patch.object(work, "write_report", die_once)


class DyingChunks(_Chunks):
    """What Ray calls, with a chunk that kills whoever takes it first."""

    def _do(self, number: int, told: str) -> str:
        with _dying(Path(json.loads(told)["folder"]).parent):
            return super()._do(number, told)


def killed(folder: Path) -> list[int]:
    """Return the processes that were killed."""
    return [int(path.read_text()) for path in folder.glob("killed")]
