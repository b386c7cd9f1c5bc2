"""Runs of the counting command, all of which are ended with their test."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.jobs import Needs, Plan, Run, State, Status, create
from core.jobs._processes import end
from core.jobs.folder import list_runs, read_run

COUNTING = "tests.counting"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "runs"
    monkeypatch.setenv("SPANBRIDGE_RUNS", str(folder))
    yield folder
    for run in list_runs(folder):
        status = run.status
        assert not end(status.pid, status.started, status.token, grace=0)


def counting(
    total: int,
    *words: str,
    name: str = "count",
    needs: Needs | None = None,
    task: str = "",
) -> Run:
    plan = Plan(
        name=name,
        words=(str(total), *words),
        config={"total": total, **({"task": task} if task else {})},
        seed=3,
        data={"train": "abc"},
        needs=needs or Needs(),
        module=COUNTING,
    )
    return create(plan)


def trained(
    run: str = "0001-tagger",
    *,
    root: Path = Path("/nowhere"),
    state: State = "done",
    task: str = "ner",
) -> Run:
    """Return a run of `train` as it stands after its end, without a folder."""
    plan = Plan(
        name=f"{task} plain",
        words=("train", task),
        config={"task": task, "method": "plain"},
        seed=1,
        data={"people.conll": "abc"},
    )
    at = "2026-01-02T03:04:05.678+00:00"
    return Run(root / run, plan, at, "0.1.0", "/", Status(state=state, at=at))


def until(holds: Callable[[], object], seconds: float = 25) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.02)


def comes_to(run: Run, state: State, seconds: float = 25) -> Run:
    """Wait until a run is in a state, as its own processes write it down."""
    log = run.folder / "log.txt"
    try:
        until(lambda: read_run(run.folder).state == state, seconds)
    except AssertionError as error:
        told = log.read_text() if log.exists() else "no log"
        raise AssertionError(f"{read_run(run.folder).status}\n{told}") from error
    return read_run(run.folder)
