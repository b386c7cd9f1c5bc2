"""Whether there is room for a run: disk and memory, looked at before it starts."""

from __future__ import annotations

import shutil
from pathlib import Path

import psutil

from core.errors import StoreError
from core.jobs._whole import told
from core.jobs.records import Run

# What the records of a run themselves take, with something to spare.
_RECORDS_BYTES = 1 << 20
_GROUP_FOLDER = Path("/sys/fs/cgroup")
_MEBIBYTE = 1 << 20


def check_room(run: Run) -> None:
    """Refuse a run that needs more than there is.

    Raises:
        StoreError: too little disk or memory is free (code no-room).
    """
    with told(run.folder):
        disk = shutil.disk_usage(run.folder).free
    needs = run.plan.needs
    wanted = {
        "disk": (needs.disk_bytes + _RECORDS_BYTES, disk),
        "memory": (needs.memory_bytes, free_memory()),
    }
    for what, (need, free) in wanted.items():
        if need > free:
            raise StoreError(
                f"the run {run.id} needs {_mebibytes(need)} of {what}, got {_mebibytes(free)} free",
                code="no-room",
                hint="it stays in the queue: make room, then start it",
            )


def _mebibytes(count: int) -> str:
    return f"{count / _MEBIBYTE:,.0f} MiB"


def free_memory(group: Path = _GROUP_FOLDER) -> int:
    """Return how many bytes of memory a new process can have.

    Args:
        group: the control group's folder; a container's limit stands there.
    """
    free = int(psutil.virtual_memory().available)
    try:
        limit = int((group / "memory.max").read_text(encoding="ascii"))
        used = int((group / "memory.current").read_text(encoding="ascii"))
    except (OSError, ValueError):  # no such limit, or "max"
        return free
    return max(0, min(free, limit - used))
