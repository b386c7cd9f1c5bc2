"""Runs of the counting command, all of which are ended with their test."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.jobs import Needs, Plan, Run, State, create
from core.jobs._processes import end
from core.jobs.folder import list_runs, read_run

COUNTING = "tests.unit.jobs.counting"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "runs"
    monkeypatch.setenv("SPANBRIDGE_RUNS", str(folder))
    yield folder
    for run in list_runs(folder):
        status = run.status
        assert not end(status.pid, status.started, status.token, grace=0)


def counting(total: int, *words: str, name: str = "count", needs: Needs | None = None) -> Run:
    plan = Plan(
        name=name,
        words=(str(total), *words),
        config={"total": total},
        seed=3,
        data={"train": "abc"},
        needs=needs or Needs(),
        module=COUNTING,
    )
    return create(plan)


def until(holds: Callable[[], object], seconds: float = 25) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.02)


def comes_to(run: Run, state: State) -> Run:
    """Wait until a run is in a state, as its own processes write it down."""
    log = run.folder / "log.txt"
    try:
        until(lambda: read_run(run.folder).state == state)
    except AssertionError as error:
        told = log.read_text() if log.exists() else "no log"
        raise AssertionError(f"{read_run(run.folder).status}\n{told}") from error
    return read_run(run.folder)
