"""The process that a run is: it starts the command, waits, and writes down how it ended.

It leads the run's process group. `core.jobs.queue` starts it; nobody else should.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from types import FrameType

from core.errors import SpanbridgeError
from core.jobs._processes import RUN_VARIABLE, TOKEN_VARIABLE, end, start_mark
from core.jobs.folder import free_reserve, keep_reserve, locked, read_run, write_end, write_status
from core.jobs.queue import start
from core.jobs.records import Run, State, now

_GRACE_SECONDS = 2.0


class _Asked:
    """Whether this process was asked to end; the command is asked too, being of its group."""

    def __init__(self) -> None:
        self.is_set = False

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        self.is_set = True


def main() -> int:
    """Run the command of the run that the environment names."""
    asked = _Asked()
    signal.signal(signal.SIGTERM, asked)
    folder, token = Path(os.environ[RUN_VARIABLE]), os.environ[TOKEN_VARIABLE]
    at_once = int(sys.argv[1])
    run = _claim(folder, token)
    if run is None:
        return 1
    code, trouble = _command(run, asked)
    end(os.getpid(), start_mark(os.getpid()), token, grace=_GRACE_SECONDS)
    _close(run, code, trouble, stopped=asked.is_set)
    if not asked.is_set:
        try:
            start(root=folder.parent, at_once=at_once)
        except SpanbridgeError as error:
            _say(f"the next run was not started: {error}")
    return 0


def _claim(folder: Path, token: str) -> Run | None:
    """Return the run, unless it was declared lost before this process came to life."""
    with locked(folder.parent, None):
        run = read_run(folder)
        if run.state != "running" or run.status.token != token:
            return None
        if run.status.pid is None:  # whoever started this was killed before writing it down
            run = write_status(run, pid=os.getpid(), started=start_mark(os.getpid()))
        keep_reserve(folder)
    return run


def _command(run: Run, asked: _Asked) -> tuple[int | None, str]:
    words = [sys.executable, "-m", run.plan.module, *run.plan.words]
    _say(f"attempt {run.status.attempt}, {now()}: {' '.join(words[1:])}")
    try:
        process = subprocess.Popen(  # noqa: S603 (our own interpreter, without a shell)
            words, cwd=run.cwd, stdin=subprocess.DEVNULL
        )
    except OSError as error:
        return None, f"the command could not be started: {error}"
    if asked.is_set:  # the command was not there yet when the group was asked
        process.terminate()
    return process.wait(), ""


def _say(line: str) -> None:
    with suppress(OSError):
        sys.stderr.write(f"--- {line}\n")


def _close(run: Run, code: int | None, trouble: str, *, stopped: bool) -> None:
    state: State = "stopped" if stopped else "done" if code == 0 else "failed"
    with locked(run.folder.parent, None):
        found = read_run(run.folder)
        if found.state == "running" and found.status.token == run.status.token:
            write_end(found, state, trouble or _reason(code), code)
        free_reserve(run.folder)


def _reason(code: int | None) -> str:
    if code is None or code >= 0:
        return f"exit code {code}" if code else ""
    try:
        return f"ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"ended by signal {-code}"


if __name__ == "__main__":
    sys.exit(main())
