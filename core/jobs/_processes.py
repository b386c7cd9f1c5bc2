"""Processes of a run: whether they live, and how to end them all.

A process id alone names nobody, since ids are used again. A process is known by its id and when it
started; what belongs to a run is its process group and whatever carries its token, so that a
child in a group of its own is found too.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import psutil

RUN_VARIABLE = "SPANBRIDGE_RUN"
TOKEN_VARIABLE = "SPANBRIDGE_RUN_TOKEN"  # noqa: S105 (the name of a variable, no secret)
RESUME_VARIABLE = "SPANBRIDGE_RESUME"
_POLL_SECONDS = 0.02
# One look at all processes misses the child of one that ends while we look.
_EMPTY_LOOKS = 2
_DEAD = ("Z", "X")


def start_mark(pid: int) -> str | None:
    """Return what tells when a process started, or None where no such process lives.

    On Linux it is the boot and the clock ticks since then: unlike a time of day, it does not move
    when the clock is set.
    """
    if not Path("/proc/self/stat").exists():
        return _time_of_day(pid)
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="utf-8").strip()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # Fields follow the last bracket; the program's name within may hold anything.
    fields = told.rpartition(")")[2].split()
    return None if fields[0] in _DEAD else f"{boot}/{fields[19]}"


def _time_of_day(pid: int) -> str | None:
    try:
        process = psutil.Process(pid)
        dead = process.status() == psutil.STATUS_ZOMBIE
        return None if dead else f"{process.create_time():.2f}"
    except psutil.Error:
        return None


def is_alive(pid: int | None, started: str | None) -> bool:
    """Tell whether the very process lives, not another one of its id."""
    return pid is not None and started is not None and start_mark(pid) == started


def members(pid: int | None, started: str | None, token: str) -> list[psutil.Process]:
    """Return the living processes of a run.

    Args:
        pid: leader of the run's process group.
        started: its mark.
        token: what the environment of the run's processes holds.
    """
    living = [one for one in psutil.process_iter() if start_mark(one.pid) is not None]
    shown = {one.pid: _token_of(one) for one in living}
    carriers = {one for one, carried in shown.items() if token and carried == token}
    group = {one.pid for one in living if pid is not None and _group_of(one.pid) == pid}
    ours = is_alive(pid, started) or bool(group & carriers)
    # Where the leader is gone, a process that is about to become another program shows nothing yet.
    ours = ours or (pid not in group and all(shown[one] is None for one in group))
    return [one for one in living if one.pid in (carriers | group if ours else carriers)]


def _token_of(process: psutil.Process) -> str | None:
    """Return the token that a process carries, empty if none; None where nothing can be seen."""
    try:
        shown = process.environ()
    except (psutil.Error, OSError):
        return None
    return str(shown.get(TOKEN_VARIABLE, "")) if shown else None


def _group_of(pid: int) -> int | None:
    try:
        return os.getpgid(pid)
    except OSError:
        return None


def end(
    pid: int | None, started: str | None, token: str, *, grace: float, patience: float = 5.0
) -> list[int]:
    """End all processes of a run except this one: ask first, then kill.

    Args:
        pid: leader of the run's process group.
        started: its mark.
        token: what the environment of the run's processes holds.
        grace: seconds between asking and killing; 0 kills at once.
        patience: seconds that those killed have to go away.

    Returns:
        The ids that still live, which only a process stuck in the kernel does.
    """
    asked = set[int]()
    begun = time.monotonic()
    empty = 0
    while time.monotonic() < begun + grace + patience:
        living = [one for one in members(pid, started, token) if one.pid != os.getpid()]
        empty = 0 if living else empty + 1
        if empty == _EMPTY_LOOKS:
            return []
        kill = time.monotonic() >= begun + grace
        for one in living:
            if kill or one.pid not in asked:
                _send(one, signal.SIGKILL if kill else signal.SIGTERM)
                asked.add(one.pid)
        time.sleep(_POLL_SECONDS)
    return [one.pid for one in members(pid, started, token) if one.pid != os.getpid()]


def _send(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)  # psutil looks first whether the id was used again
    except psutil.Error:
        return
