"""A run's own side: what a command uses to say that it lives, how far it is and what it found."""

from __future__ import annotations

import json
import math
import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

from core.errors import ConfigError, StoreError
from core.jobs._processes import RESUME_VARIABLE, RUN_VARIABLE
from core.jobs._whole import append, cut_torn_line, replacing, sweep, told, write_object
from core.jobs.folder import ARTEFACTS, HEARTBEAT, METRICS, RESULT, read_run
from core.jobs.records import Run, now

_BEAT_SECONDS = 5.0
_FIRST_SECONDS = 0.5
_CHECKPOINTS = "checkpoints"
_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}")
_Handler = Callable[[int, FrameType | None], Any] | int | None


@dataclass(slots=True)
class JobContext:
    """The run that this process is the command of; used as a context manager.

    Attributes:
        run: as it was when the command began.
        resuming: whether to go on from checkpoints.
        beat_seconds: time between two heartbeats.
    """

    run: Run
    resuming: bool
    beat_seconds: float = _BEAT_SECONDS
    _stop: threading.Event = field(default_factory=threading.Event)
    _over: threading.Event = field(default_factory=threading.Event)
    _writing: threading.Lock = field(default_factory=threading.Lock)
    _progress: tuple[str, int, int] = ("", 0, 0)
    _beaten: float = -math.inf
    _thread: threading.Thread | None = None
    _handler: _Handler = None
    _handles: bool = False

    @classmethod
    def current(cls) -> JobContext | None:
        """Return the run of this process; None where a person has started the command.

        Raises:
            StoreError: the run cannot be read.
        """
        named = os.environ.get(RUN_VARIABLE, "")
        if not named:
            return None
        return cls(read_run(Path(named)), os.environ.get(RESUME_VARIABLE) == "1")

    def __enter__(self) -> JobContext:
        cut_torn_line(self.run.folder / METRICS)
        with told(self.checkpoints):
            sweep(self.checkpoints)
        if threading.current_thread() is threading.main_thread():
            self._handler = signal.signal(signal.SIGTERM, self._asked)
            self._handles = True
        self._beat()
        self._thread = threading.Thread(target=self._keep_beating, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join()
        # The signal may still follow the word by which we were asked; what is left to do goes on.
        if self._handles and not self._stop.is_set():
            signal.signal(signal.SIGTERM, self._handler)
        with suppress(StoreError):  # what went wrong inside must not be hidden by this
            self._beat()

    @property
    def artefacts(self) -> Path:
        """The folder for what the command makes."""
        return self.run.folder / ARTEFACTS

    @property
    def checkpoints(self) -> Path:
        """The folder for checkpoints, made if it is not there."""
        folder = self.artefacts / _CHECKPOINTS
        with told(folder):
            folder.mkdir(exist_ok=True)
        return folder

    @contextmanager
    def checkpoint(self, name: str) -> Iterator[Path]:
        """Give a new file to write, which becomes the checkpoint of that name when it is whole.

        Raises:
            ConfigError: the name is no plain file name.
            StoreError: the disk is full; the earlier checkpoint stands.
        """
        if not _FILE_NAME.fullmatch(name):
            raise ConfigError(
                f"a checkpoint's name must be a plain file name, got {name!r}", code="bad-value"
            )
        path = self.checkpoints / name
        with told(path), replacing(path) as part:
            yield part

    def should_stop(self) -> bool:
        """Tell whether somebody asked the run to stop: write a checkpoint and return, soon."""
        return self._stop.is_set()

    def metrics(self, step: int, values: Mapping[str, float]) -> None:
        """Write down what was measured after a step; a value that is no number becomes null.

        Raises:
            StoreError: the disk is full; what was written before is whole.
        """
        told_values = {name: _number(value) for name, value in values.items()}
        record = {"at": now(), "attempt": self.run.status.attempt, "step": step, **told_values}
        line = json.dumps(record, ensure_ascii=False, allow_nan=False).encode() + b"\n"
        with self._writing:
            append(self.run.folder / METRICS, line)

    def result(self, found: Mapping[str, Any]) -> None:
        """Write down what the command found in the end.

        Raises:
            StoreError: the disk is full.
        """
        write_object(self.artefacts / RESULT, found)

    def progress(self, stage: str, done: int, total: int) -> None:
        """Say how far the command is; written at the next heartbeat, or soon."""
        self._progress = (stage, done, total)
        if time.monotonic() > self._beaten + _FIRST_SECONDS:
            with suppress(StoreError):  # a heartbeat that fails shows by its age
                self._beat()

    def _asked(self, _number: int, _frame: FrameType | None) -> None:
        self._stop.set()

    def _keep_beating(self) -> None:
        while not self._over.wait(self.beat_seconds):
            with suppress(StoreError):
                self._beat()
                # For commands that run in a thread, where no signal arrives.
                if read_run(self.run.folder).status.stopping:
                    self._stop.set()

    def _beat(self) -> None:
        with self._writing:
            stage, done, total = self._progress
            beat = {"at": now(), "pid": os.getpid(), "attempt": self.run.status.attempt}
            beat |= {"stage": stage, "done": done, "total": total}
            self._beaten = time.monotonic()
            write_object(self.run.folder / HEARTBEAT, beat, durable=False)


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
