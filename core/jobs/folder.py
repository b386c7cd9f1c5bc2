"""The runs folder: creating, finding and listing runs, and the lock that all changes take.

What a user calls a run is only ever compared with what the folder lists, never joined to a path, so
that no name leads out of the folder; links in it are not looked at.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import time
import unicodedata
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path
from secrets import token_hex

from core.errors import ConfigError, Notice, StoreError
from core.jobs._whole import read_object, told, write_object
from core.jobs.records import Plan, Run, State, Status, job_of, now, run_of

VARIABLE = "SPANBRIDGE_RUNS"
JOB, STATE, HEARTBEAT = "job.json", "state.json", "heartbeat.json"
METRICS, LOG, ARTEFACTS = "metrics.jsonl", "log.txt", "artefacts"
RESULT = "result.json"
_ID = re.compile(r"(\d{4,})(-[a-z0-9-]*)?")
_SLUG_LETTERS = 40
_RESERVE, _RESERVE_BYTES = ".reserve", 16384
_WAIT_SECONDS = 30.0
_RETRY_SECONDS = 0.01


def runs_folder() -> Path:
    """Return where runs are kept: what the environment names, else the user's data folder."""
    named = os.environ.get(VARIABLE, "").strip()
    if named:
        return Path(named).expanduser().absolute()
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(home, "spanbridge", "runs").absolute()


@contextmanager
def locked(root: Path, wait_seconds: float | None = _WAIT_SECONDS) -> Iterator[None]:
    """Be alone in changing the states of a folder's runs.

    The lock is the kernel's: whoever is killed lets go of it.

    Args:
        root: the runs folder, which is made where it is missing.
        wait_seconds: None waits for ever.

    Raises:
        StoreError: the folder cannot be written, or others kept us waiting too long.
    """
    with told(root):
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        handle = os.open(root / ".lock", flags, 0o600)
    try:
        _take(handle, root, wait_seconds)
        yield
    finally:
        os.close(handle)


def _take(handle: int, root: Path, wait_seconds: float | None) -> None:
    begun = time.monotonic()
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if wait_seconds is not None and time.monotonic() > begun + wait_seconds:
                raise StoreError(
                    f"the runs folder {root} must be free within {wait_seconds:g} seconds",
                    code="store-busy",
                    hint="try again",
                ) from error
            time.sleep(_RETRY_SECONDS)
        else:
            return


def create(plan: Plan, root: Path | None = None) -> Run:
    """Queue a run; nothing is started.

    Raises:
        StoreError: the folder cannot be written.
    """
    root = root or runs_folder()
    with locked(root):
        numbers = [int(one.name.split("-")[0]) for one in _folders(root)]
        folder = root / f"{max(numbers, default=0) + 1:04d}{_slug(plan.name)}"
        new = root / f".{token_hex(8)}.new"
        try:
            with told(new):
                new.mkdir(mode=0o700)
                (new / ARTEFACTS).mkdir()
            write_object(new / JOB, job_of(plan, str(Path.cwd())))
            write_object(new / STATE, asdict(Status(at=now())))
            with told(folder):
                new.rename(folder)
        finally:
            shutil.rmtree(new, ignore_errors=True)
        return read_run(folder)


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode())
    slug = slug.strip("-")[:_SLUG_LETTERS].strip("-")
    return f"-{slug}" if slug else ""


def _folders(root: Path) -> list[Path]:
    """Return the folders of runs, oldest first."""
    if not root.is_dir():
        return []
    with told(root), os.scandir(root) as entries:
        names = [
            one.name
            for one in entries
            if _ID.fullmatch(one.name) and one.is_dir(follow_symlinks=False)
        ]
    return [root / name for name in sorted(names, key=lambda one: (int(one.split("-")[0]), one))]


def read_run(folder: Path) -> Run:
    """Read a run.

    Raises:
        StoreError: a file of it is missing or damaged.
    """
    return run_of(folder, read_object(folder / JOB), read_object(folder / STATE))


def list_runs(root: Path | None = None) -> list[Run]:
    """Return all runs as they were written down last, oldest first.

    `core.jobs.reconcile` looks first whether those that run still live. Runs that cannot be read
    are left out, with a notice.
    """
    found = []
    for folder in _folders(root or runs_folder()):
        try:
            found.append(read_run(folder))
        except StoreError as error:
            warnings.warn(f"left out {folder.name}: {error}", Notice, stacklevel=2)
    return found


def find(key: str, root: Path | None = None) -> Run:
    """Return the run of an id, number or name.

    Raises:
        ConfigError: there is none, or several have the name (code unknown-name).
        StoreError: it is damaged.
    """
    folders = _folders(root or runs_folder())
    number = int(key) if key.isascii() and key.isdigit() else None
    for folder in folders:
        if folder.name == key or int(folder.name.split("-")[0]) == number:
            return read_run(folder)
    named = [one for one in list_runs(root) if one.plan.name == key]
    if len(named) == 1:
        return named[0]
    many = ", ".join(one.id for one in named)
    raise ConfigError(
        f"a run must be known by {key!r}, got {many or 'none'}",
        code="unknown-name",
        hint="python -m core runs list",
    )


def keep_reserve(folder: Path) -> None:
    """Keep a little room for the last word on a run that fills the disk."""
    with suppress(OSError):
        (folder / _RESERVE).write_bytes(b"\n" * _RESERVE_BYTES)


def free_reserve(folder: Path) -> None:
    """Give that room back."""
    with suppress(OSError):
        (folder / _RESERVE).unlink(missing_ok=True)


def write_end(run: Run, state: State, reason: str, exit_code: int | None = None) -> Run:
    """Write down that a run has ended; the caller holds the lock.

    Where even the reserve leaves no room, what is returned stands nowhere, and whoever looks next
    finds it out anew: a full disk must not keep anybody from looking.
    """
    changes = {"state": state, "reason": reason, "exit_code": exit_code}
    try:
        return write_status(run, **changes)
    except StoreError:
        free_reserve(run.folder)
    try:
        return write_status(run, **changes)
    except StoreError:
        return replace(run, status=replace(run.status, state=state, reason=reason))
    finally:
        free_reserve(run.folder)


def write_status(run: Run, **changes: object) -> Run:
    """Write down what becomes of a run; the caller holds the lock.

    Raises:
        StoreError: it cannot be written; the state is as before.
    """
    status = replace(run.status, at=now(), **changes)  # type: ignore[arg-type]
    write_object(run.folder / STATE, asdict(status))
    return replace(run, status=status)
