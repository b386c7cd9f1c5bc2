"""Starting, stopping and resuming runs.

All changes of state happen under the folder's lock, after looking at what stands there: two
programs on one folder never start a run twice, nor more runs at once than agreed.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from threading import Thread

from core import __version__
from core.errors import ConfigError, StoreError
from core.jobs._processes import (
    RESUME_VARIABLE,
    RUN_VARIABLE,
    TOKEN_VARIABLE,
    end,
    is_alive,
    start_mark,
)
from core.jobs._whole import open_plain, sweep, told
from core.jobs.folder import (
    LOG,
    VARIABLE,
    find,
    list_runs,
    locked,
    read_run,
    runs_folder,
    write_end,
)
from core.jobs.folder import write_status as write
from core.jobs.records import RESUMABLE, Run, now
from core.jobs.room import check_room
from core.jobs.watch import seconds_since_sign

_ROOT = Path(__file__).parents[2]
GRACE_SECONDS = 10.0
# A machine that shares the folder is taken for dead when nothing was heard for so long.
_SILENCE_SECONDS = 300.0


def reconcile(root: Path | None = None) -> list[Run]:
    """Return all runs, after writing down which of them are lost.

    A run whose leader is gone, or whose id names a process that started at another time, is lost;
    what is left of it is killed, so that it cannot disturb one that resumes.

    Raises:
        StoreError: the folder cannot be read or written.
    """
    root = root or runs_folder()
    found = list_runs(root)
    if all(one.state != "running" for one in found):
        return found
    with locked(root):
        return [_settle(one) for one in list_runs(root)]


def _settle(run: Run) -> Run:
    """Write down that a run is lost, if it is; the caller holds the lock."""
    status = run.status
    if status.state != "running":
        return run
    if status.host != os.uname().nodename:  # its ids say nothing here
        silent = seconds_since_sign(run)
        if silent < _SILENCE_SECONDS:
            return run
        return write_end(run, "lost", f"{status.host} was silent for {silent:.0f} s")
    if is_alive(status.pid, status.started):
        return run
    left = end(status.pid, status.started, status.token, grace=0)
    reason = "its process went away without a word: killed, or the machine stopped"
    if left:
        reason += f"; the processes {', '.join(map(str, left))} cannot be killed"
    return write_end(run, "stopped" if status.stopping else "lost", reason)


def start(key: str = "", root: Path | None = None, *, at_once: int = 1) -> list[Run]:
    """Start queued runs, oldest first, as far as places are free; each starts the next.

    Args:
        key: id, number or name of the one to start; empty takes the queue.
        root: the runs folder.
        at_once: how many may run at a time.

    Returns:
        Those started; empty where others run.

    Raises:
        ConfigError: there is no such run, or at_once is below 1.
        StoreError: the run is not queued (code wrong-state), or there is no room (no-room).
    """
    if at_once < 1:
        raise ConfigError(f"at least 1 run must be allowed, got {at_once}", code="bad-value")
    root = root or runs_folder()
    with locked(root):
        return _start(root, find(key, root) if key else None, at_once)


def _start(root: Path, only: Run | None, at_once: int) -> list[Run]:
    found = [_settle(one) for one in list_runs(root)]
    free = max(0, at_once - sum(one.state == "running" for one in found))
    waiting = [one for one in found if one.state == "queued"]
    if only is not None:
        waiting = [one for one in waiting if one.id == only.id]
        if not waiting:
            raise _wrong_state(only, "queued")
    return [_launch(one, at_once) for one in waiting[:free]]


def _wrong_state(run: Run, wanted: str) -> StoreError:
    return StoreError(
        f"the run {run.id} must be {wanted}, got {run.state}",
        code="wrong-state",
        hint="python -m core runs list",
    )


def _launch(run: Run, at_once: int) -> Run:
    """Start a run in a session of its own; the caller holds the lock.

    The state is written first: if this process is killed on the way, the run is either known by its
    token or not there at all, and never started twice.
    """
    check_room(run)
    sweep(run.folder)
    token = token_hex(16)
    run = write(
        run,
        state="running",
        attempt=run.status.attempt + 1,
        stopping=False,
        token=token,
        pid=None,
        started=None,
        host=os.uname().nodename,
        begun=now(),
        version=__version__,
        exit_code=None,
        reason="",
    )
    try:
        process = _popen(run, at_once)
    except (OSError, StoreError) as error:
        write_end(run, "failed", f"it could not be started: {error}")
        raise
    # Somebody must take note of its end while this process lives, or it stays as a zombie.
    Thread(target=process.wait, daemon=True).start()
    return write(run, pid=process.pid, started=start_mark(process.pid))


def _popen(run: Run, at_once: int) -> subprocess.Popen[bytes]:
    path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH", "")]))
    environment = {
        **os.environ,
        VARIABLE: str(run.folder.parent),
        RUN_VARIABLE: str(run.folder),
        TOKEN_VARIABLE: run.status.token,
        RESUME_VARIABLE: "1" if run.status.resume else "",
        "PYTHONPATH": path,
        "PYTHONUNBUFFERED": "1",  # the log is read while it is written
    }
    log = run.folder / LOG
    with told(log), open_plain(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND) as output:
        return subprocess.Popen(  # noqa: S603 (our own interpreter and module)
            [sys.executable, "-m", "core.jobs.supervise", str(at_once)],
            cwd=_ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            env=environment,
        )


def stop(key: str, root: Path | None = None, *, grace: float = GRACE_SECONDS) -> Run:
    """Stop a run with all its processes, or take it from the queue; nothing else is started.

    Args:
        key: its id, number or name.
        root: the runs folder.
        grace: seconds it has to write a checkpoint before it is killed.

    Returns:
        The run, stopped; one that ended before is returned as it is.

    Raises:
        ConfigError: there is no such run.
        StoreError: it runs on another machine, or cannot be killed (code wrong-state).
    """
    root = root or runs_folder()
    with locked(root):
        run = _settle(find(key, root))
        if run.state == "queued":
            return write(run, state="stopped", reason="taken from the queue")
        if run.state != "running":
            return run
        if run.status.host != os.uname().nodename:
            raise _wrong_state(run, f"stopped on {run.status.host}, where it runs")
        with suppress(StoreError):  # on a full disk too a run can be stopped
            run = write(run, stopping=True)
    status = run.status
    left = end(status.pid, status.started, status.token, grace=grace)
    if left:
        raise _wrong_state(run, f"ended, its processes {', '.join(map(str, left))} killed")
    with locked(root):
        run = read_run(run.folder)
        if run.state == "running" and run.status.token == status.token:
            run = write_end(run, "stopped", "killed: it did not end by itself")
    return run


def resume(key: str, root: Path | None = None, *, at_once: int = 1) -> Run:
    """Queue a run that did not come to its end once more, and start it if a place is free.

    The same command runs in the same folder; `JobContext.resuming` tells it to go on from its
    checkpoints.

    Raises:
        ConfigError: there is no such run.
        StoreError: it runs, waits or is done (code wrong-state), or there is no room (no-room).
    """
    root = root or runs_folder()
    with locked(root):
        run = _settle(find(key, root))
        if run.state not in RESUMABLE:
            raise _wrong_state(run, " or ".join(RESUMABLE))
        begun = run.status.attempt > 0
        run = write(run, state="queued", resume=begun, stopping=False, exit_code=None, reason="")
        started = _start(root, run, at_once)
    return started[0] if started else run
