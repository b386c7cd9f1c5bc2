"""Runs as processes: killed, stopped, orphaned, started by several at once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from core.errors import StoreError
from core.jobs import Run, find, heartbeat_of, metrics_after, reconcile, resume, start, stop, watch
from core.jobs._processes import is_alive, members, start_mark
from core.jobs.comparing import series
from core.jobs.folder import locked, read_run, write_status
from tests.counting import after, measured, unbroken
from tests.runs import comes_to, counting, until

ROOT = Path(__file__).parents[3]
KILLS = 20
TOTAL = 2500


def kill(run: Run, kind: int) -> None:
    """Kill all of a run, only its leader, or only its command."""
    status = read_run(run.folder).status
    assert status.pid is not None
    with suppress(ProcessLookupError, psutil.NoSuchProcess):
        if kind == 0:
            os.killpg(status.pid, signal.SIGKILL)
        elif kind == 1:
            os.kill(status.pid, signal.SIGKILL)
        else:
            found = members(status.pid, status.started, status.token)
            for one in found:
                if one.pid != status.pid:
                    one.kill()


def ended_by_kill(kind: int) -> None:
    """Kill until it shows: where only the command is killed, it may not be there yet."""
    kill(find("1"), kind)
    until(lambda: reconcile()[0].state != "running" or (kind == 2 and kill(find("1"), kind)))


def living(run: Run) -> list[psutil.Process]:
    status = read_run(run.folder).status
    return members(status.pid, status.started, status.token)


def test_a_run_killed_twenty_times_ends_like_one_that_was_not(root: Path) -> None:
    dice = random.Random(5)  # noqa: S311
    run = counting(TOTAL, "--milliseconds=4", f"--slow-attempts={KILLS}")
    start()
    kinds = set()
    for number in range(KILLS):
        time.sleep(dice.uniform(0, 0.6))
        ended_by_kill(number % 3)
        (found,) = reconcile()
        assert found.state in ("lost", "failed"), found.status
        # A leader that lives has yet to look for the next run.
        assert [one.pid for one in living(run) if one.pid != found.status.pid] == []
        kinds.add(found.state)
        run = resume(run.id)
        assert run.status.attempt == number + 2
    run = comes_to(run, "done")
    assert kinds == {"lost", "failed"}
    assert (run.folder / "artefacts" / "result").read_text() == unbroken(TOTAL)
    values, value = {}, ""
    for step in range(1, TOTAL + 1):
        value = after(value, step)
        values[step] = measured(value)
    assert series(metrics_after(run)[0])["value"] == values
    hidden = [one.name for one in run.folder.rglob(".*")]
    assert hidden == []


def test_many_starters_start_a_run_once_and_one_at_a_time(root: Path) -> None:
    alone = root.parent / "alone"
    runs = [counting(5, f"--alone={alone}", name=f"run {number}") for number in range(3)]
    words = "from core.jobs import start; import sys; sys.stdin.read(1); print(len(start()))"
    starters = [
        subprocess.Popen(
            [sys.executable, "-c", words],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for one in starters:
        assert one.stdin is not None
        one.stdin.write("x")
        one.stdin.flush()
    started = [int(one.communicate(timeout=30)[0]) for one in starters]
    for run in runs:
        comes_to(run, "done")
        assert read_run(run.folder).status.attempt == 1
        assert (run.folder / "log.txt").read_text().count("--- attempt") == 1
    # Whoever came when one had ended may have started another; none was started by two.
    assert 1 <= sum(started) <= 3


def test_stop_ends_children_and_grandchildren(root: Path) -> None:
    run = counting(10**6, "--milliseconds=5", "--family", "--deaf")
    start()
    pids = [run.folder / "artefacts" / f"pid{depth}" for depth in (0, 1)]
    until(lambda: all(one.exists() and one.read_text() for one in pids))
    processes = [psutil.Process(int(one.read_text())) for one in pids]
    assert len(living(run)) == 4
    stopped = stop(run.id, grace=0.3)
    assert stopped.state == "stopped"
    assert not living(run)
    assert not any(one.is_running() and one.status() != "zombie" for one in processes)
    assert stop(run.id).state == "stopped"


def test_stop_leaves_time_for_a_checkpoint_and_starts_nothing_else(root: Path) -> None:
    run, waiting = counting(3000, "--milliseconds=2"), counting(3)
    start()
    until(lambda: len(metrics_after(run)[0]) > 20)
    until(lambda: (beat := heartbeat_of(run)) and (beat.stage, beat.total) == ("count", 3000))
    seen = watch(run)
    stopped = stop("1")
    assert stopped.state == "stopped"
    # The signal may come when the command has heard of it already and is at its very end.
    assert stopped.status.exit_code in (0, -signal.SIGTERM)
    assert "counted to" in watch(run).log
    later = watch(run, metrics_offset=seen.metrics_offset, log_offset=seen.log_offset)
    assert later.metrics[0]["step"] == seen.metrics[-1]["step"] + 1
    assert read_run(waiting.folder).state == "queued"
    assert start("2")[0].id == waiting.id
    comes_to(waiting, "done")
    assert stop("2").state == "done"


def test_what_a_command_leaves_behind_is_ended(root: Path) -> None:
    run = counting(7, "--family", "--fail=3")
    start()
    run = comes_to(run, "failed")
    assert (run.status.exit_code, run.status.reason) == (3, "exit code 3")
    assert [one.pid for one in living(run) if one.pid != run.status.pid] == []


def test_a_run_outlives_whoever_started_it(root: Path) -> None:
    run = counting(100, "--milliseconds=3")
    words = "from core.jobs import start; import os, signal; start(); os.killpg(0, signal.SIGKILL)"
    killed = subprocess.run(
        [sys.executable, "-c", words], cwd=ROOT, start_new_session=True, timeout=30, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert reconcile()[0].state in ("running", "done")
    assert (comes_to(run, "done").folder / "artefacts" / "result").read_text() == unbroken(100)
    beat = heartbeat_of(run)
    assert beat is not None
    assert (beat.done, beat.total) == (100, 100)


@pytest.mark.parametrize("mark", ["boot before/17", None, ""])
def test_an_id_that_is_used_again_is_not_the_run(root: Path, mark: str | None) -> None:
    stranger = subprocess.Popen(["sleep", "60"], start_new_session=True)
    try:
        run = counting(3)
        host = os.uname().nodename
        changes = {"pid": stranger.pid, "started": mark, "host": host, "token": "t"}
        with locked(root):
            write_status(run, state="running", attempt=1, **changes)
        (found,) = reconcile()
        assert found.state == "lost"
        assert read_run(run.folder).state == "lost"
        assert stranger.poll() is None
        assert is_alive(stranger.pid, start_mark(stranger.pid))
    finally:
        stranger.kill()
        stranger.wait()
    assert start_mark(stranger.pid) is None


def test_a_starter_that_was_killed_on_the_way_starts_nothing_twice(root: Path) -> None:
    run = counting(3)
    with locked(root):
        write_status(run, state="running", attempt=1, token="t", host=os.uname().nodename)
    (found,) = reconcile()
    assert found.state == "lost"
    # The leader that comes to life after that finds that it is not wanted any more.
    late = subprocess.run(
        [sys.executable, "-m", "core.jobs.supervise", "1"],
        cwd=ROOT,
        env={**os.environ, "SPANBRIDGE_RUN": str(run.folder), "SPANBRIDGE_RUN_TOKEN": "t"},
        timeout=30,
        check=False,
    )
    assert late.returncode == 1
    assert not (run.folder / "metrics.jsonl").exists()
    comes_to(resume(run.id), "done")


def test_another_machine_is_believed_while_it_is_heard(root: Path) -> None:
    run = counting(3)
    now = run.status.at
    with locked(root):
        run = write_status(run, state="running", host="elsewhere", pid=1, started="x", begun=now)
    assert reconcile()[0].state == "running"
    with pytest.raises(StoreError, match="elsewhere"):
        stop(run.id)
    with locked(root):
        write_status(run, begun="2020-01-01T00:00:00+00:00")
    (found,) = reconcile()
    assert found.state == "lost"
    assert "elsewhere was silent" in found.status.reason


def test_a_command_that_cannot_start_fails_and_says_so(root: Path) -> None:
    run = counting(3)
    job = run.folder / "job.json"
    job.write_text(job.read_text().replace(str(Path.cwd()), "/nowhere at all"))
    start()
    run = comes_to(run, "failed")
    assert "could not be started" in run.status.reason
    assert find("count") == replace(run)
