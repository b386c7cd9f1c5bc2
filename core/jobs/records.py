"""What a run is: what was asked for, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, cast, get_args

from core import __version__
from core.errors import ConfigError, StoreError

State = Literal["queued", "running", "done", "failed", "stopped", "lost"]
STATES: tuple[State, ...] = get_args(State)
RESUMABLE: tuple[State, ...] = ("failed", "stopped", "lost")
_MOST_LETTERS = 120


def now() -> str:
    """Return the time as runs write it: UTC, with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


@dataclass(frozen=True, slots=True)
class Needs:
    """What a run is expected to need at most.

    Attributes:
        disk_bytes: room for what it writes.
        memory_bytes: memory of all its processes together.
    """

    disk_bytes: int = 0
    memory_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is asked to do; it never changes.

    Attributes:
        name: what people call it.
        words: command line behind `python -m core`.
        config: what the numbers depend on, for people and for comparing.
        seed: of whatever is random.
        data: hash of each file that goes in.
        needs: looked at before the start.
        module: what `python -m` runs.
    """

    name: str
    words: tuple[str, ...]
    config: Mapping[str, Any] = field(default_factory=dict)
    seed: int | None = None
    data: Mapping[str, str] = field(default_factory=dict)
    needs: Needs = Needs()
    module: str = "core"

    def __post_init__(self) -> None:
        name = self.name
        if not name.strip() or len(name) > _MOST_LETTERS or not name.isprintable():
            raise ConfigError(
                f"a run's name must be 1 to {_MOST_LETTERS} printable letters, got {name!r}",
                code="bad-value",
            )
        if any("\0" in word for word in self.words):
            raise ConfigError("a command's words must not hold a zero byte", code="bad-value")
        if min(self.needs.disk_bytes, self.needs.memory_bytes) < 0:
            raise ConfigError("what a run needs must not be negative", code="bad-value")


@dataclass(frozen=True, slots=True)
class Status:
    """What became of a run.

    Attributes:
        state: `lost` is a run whose processes went away without a word.
        at: when it came to this state.
        attempt: 0 before the first start; every start adds one.
        resume: whether the next start goes on from checkpoints.
        stopping: somebody asked it to stop.
        token: what the environment of the last attempt's processes holds.
        pid: leader of its process group.
        started: mark of when that process started.
        host: machine it runs on.
        begun: when the last attempt began.
        version: of the program that started it.
        exit_code: of the command; negative is the signal that ended it.
        reason: why it is in this state, if that needs a word.
    """

    state: State = "queued"
    at: str = ""
    attempt: int = 0
    resume: bool = False
    stopping: bool = False
    token: str = ""
    pid: int | None = None
    started: str | None = None
    host: str = ""
    begun: str = ""
    version: str = ""
    exit_code: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it stands in its folder.

    Attributes:
        folder: its place; the folder's name is its id.
        plan: what was asked for.
        created: when.
        version: of the program that created it.
        cwd: where the command's relative paths begin.
        status: what became of it.
    """

    folder: Path
    plan: Plan
    created: str
    version: str
    cwd: str
    status: Status

    @property
    def id(self) -> str:
        """The name of its folder, which no other run has."""
        return self.folder.name

    @property
    def state(self) -> State:
        """What became of it."""
        return self.status.state


def job_of(plan: Plan, cwd: str) -> dict[str, Any]:
    """Return what `job.json` holds."""
    return {**asdict(plan), "created": now(), "version": __version__, "cwd": cwd}


def run_of(folder: Path, job: Mapping[str, Any], state: Mapping[str, Any]) -> Run:
    """Make a run of what its files hold.

    Raises:
        StoreError: something is missing or of the wrong kind.
    """
    try:
        plan = _plan_of(job)
        status = _status_of(state)
        created, version, cwd = (_text(job, key) for key in ("created", "version", "cwd"))
    except (KeyError, TypeError, ValueError, ConfigError) as error:
        raise StoreError(
            f"the run {folder.name} must be readable, got: {error!r}", code="store-damaged"
        ) from error
    return Run(folder, plan, created, version, cwd, status)


def _plan_of(job: Mapping[str, Any]) -> Plan:
    seed = job["seed"]
    needs = {key: int(job["needs"][key]) for key in ("disk_bytes", "memory_bytes")}
    return Plan(
        name=_text(job, "name"),
        words=tuple(map(str, job["words"])),
        config=dict(job["config"]),
        seed=None if seed is None else int(seed),
        data={str(key): str(value) for key, value in job["data"].items()},
        needs=Needs(**needs),
        module=_text(job, "module"),
    )


def _status_of(state: Mapping[str, Any]) -> Status:
    if state["state"] not in STATES:
        raise ValueError(f"unknown state {state['state']!r}")
    pid, code, started = state["pid"], state["exit_code"], state["started"]
    texts = {key: _text(state, key) for key in ("at", "token", "host", "begun", "version")}
    return Status(
        state=cast("State", state["state"]),
        attempt=int(state["attempt"]),
        resume=bool(state["resume"]),
        stopping=bool(state["stopping"]),
        pid=None if pid is None else int(pid),
        started=None if started is None else str(started),
        exit_code=None if code is None else int(code),
        reason=_text(state, "reason"),
        **texts,
    )


def _text(values: Mapping[str, Any], key: str) -> str:
    value = values[key]
    if not isinstance(value, str):
        raise TypeError(f"{key} must be text, got {value!r}")
    return value
