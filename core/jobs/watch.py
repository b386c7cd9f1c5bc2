"""Watching a run: its heartbeat, and what is new in its log and metrics.

Reading takes no lock, and a log of any length costs no more than the part that is read.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.errors import StoreError
from core.jobs._whole import open_plain, read_bytes, read_object, told
from core.jobs.folder import ARTEFACTS, HEARTBEAT, LOG, METRICS, RESULT, read_run
from core.jobs.records import Run

_AT_MOST_BYTES = 1 << 20
_BLOCK_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """When a command last said that it lives, and how far it was.

    Attributes:
        seconds: age.
        stage: what it was doing.
        done: steps done of that.
        total: steps in all; 0 if unknown.
        attempt: of the run.
    """

    seconds: float
    stage: str
    done: int
    total: int
    attempt: int


@dataclass(frozen=True, slots=True)
class Tail:
    """A piece of a log.

    Attributes:
        text: the piece.
        offset: where the next one begins, in bytes.
    """

    text: str
    offset: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What is new since somebody looked.

    Attributes:
        run: as it stands now.
        heartbeat: None before the first.
        log: new text.
        metrics: new records.
        log_offset: for the next look.
        metrics_offset: for the next look.
    """

    run: Run
    heartbeat: Heartbeat | None
    log: str
    metrics: tuple[dict[str, Any], ...]
    log_offset: int
    metrics_offset: int


def watch(run: Run, *, log_offset: int = 0, metrics_offset: int = 0) -> Seen:
    """Look at a run again.

    Args:
        run: the run.
        log_offset: where the last look ended.
        metrics_offset: likewise.

    Raises:
        StoreError: the run cannot be read.
    """
    log = log_after(run, log_offset)
    records, offset = metrics_after(run, metrics_offset)
    now = read_run(run.folder)
    return Seen(now, heartbeat_of(run), log.text, tuple(records), log.offset, offset)


def result_of(run: Run) -> dict[str, Any] | None:
    """Return what a run's command found in the end; None where it has not ended well."""
    path = run.folder / ARTEFACTS / RESULT
    if run.state != "done" or not path.is_file():
        return None
    return read_object(path)


def heartbeat_of(run: Run) -> Heartbeat | None:
    """Return the last heartbeat; None where there was none, or it cannot be read."""
    try:
        found = read_object(run.folder / HEARTBEAT)
        return Heartbeat(
            seconds=_age(str(found["at"])),
            stage=str(found["stage"]),
            done=int(found["done"]),
            total=int(found["total"]),
            attempt=int(found["attempt"]),
        )
    except (StoreError, KeyError, TypeError, ValueError):
        return None


def seconds_since_sign(run: Run) -> float:
    """Return how long ago a run gave its last sign of life: its start, or a heartbeat."""
    beat = heartbeat_of(run)
    return min(_age(run.status.begun), float("inf") if beat is None else beat.seconds)


def _age(at: str) -> float:
    return max(0.0, (datetime.now(UTC) - datetime.fromisoformat(at)).total_seconds())


def log_after(run: Run, offset: int, *, limit: int = _AT_MOST_BYTES) -> Tail:
    """Return what a log holds from an offset on; a letter that is not whole yet is left for later.

    Raises:
        StoreError: it cannot be read.
    """
    return _tail(run.folder / LOG, offset, limit)


def log_end(run: Run, lines: int = 50) -> Tail:
    """Return the last lines of a log, read from its end.

    Raises:
        StoreError: it cannot be read.
    """
    path = run.folder / LOG
    if not os.path.lexists(path):
        return Tail("", 0)
    with told(path), open_plain(path, os.O_RDONLY) as handle:
        begin = end = os.fstat(handle).st_size
        found = b""
        # One line end more than lines: the first line is whole only if another one ends before it.
        while begin and found.count(b"\n") <= lines and end - begin < _AT_MOST_BYTES:
            size = min(_BLOCK_BYTES, begin)
            begin -= size
            found = os.pread(handle, size, begin) + found
    kept = found.splitlines(keepends=True)[-lines:] if lines > 0 else []
    return Tail(b"".join(kept).decode(errors="replace"), end)


def _tail(path: Path, offset: int, limit: int) -> Tail:
    data, offset = _bytes_after(path, offset, limit)
    whole = len(data) - _begun_letter(data)
    return Tail(data[:whole].decode(errors="replace"), offset + whole)


def _bytes_after(path: Path, offset: int, limit: int) -> tuple[bytes, int]:
    if not os.path.lexists(path):  # nothing was written yet
        return b"", 0
    with told(path):
        size = path.lstat().st_size
        # What is shorter than it was is read anew.
        offset = offset if 0 <= offset <= size else 0
        return read_bytes(path, offset, limit), offset


def _begun_letter(data: bytes) -> int:
    """Return how many bytes at the end are the beginning of a letter in UTF-8."""
    for length in range(1, min(3, len(data)) + 1):
        first = data[-length]
        if first >= 0xC0:
            wanted = 2 if first < 0xE0 else 3 if first < 0xF0 else 4
            return length if length < wanted else 0
        if first < 0x80:
            return 0
    return 0


def metrics_after(run: Run, offset: int = 0) -> tuple[list[dict[str, Any]], int]:
    """Return a run's metrics from an offset on, and where the next ones begin.

    A last line without its end is still being written, or was torn by a kill: it is left out. So is
    a line that is no object.

    Raises:
        StoreError: they cannot be read.
    """
    path = run.folder / METRICS
    data, offset = _bytes_after(path, offset, -1)
    whole = data[: data.rfind(b"\n") + 1]
    records = [_record(line) for line in whole.split(b"\n")]
    return [one for one in records if one is not None], offset + len(whole)


def _record(line: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
