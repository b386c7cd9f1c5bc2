"""Runs as files: names, links, torn lines, full disks, long logs, room, and the command."""

from __future__ import annotations

import json
import math
import os
import signal
import time
from pathlib import Path

import pytest

from core.errors import ConfigError, Notice, StoreError
from core.jobs import (
    JobContext,
    Needs,
    Plan,
    Run,
    compare,
    create,
    find,
    list_runs,
    log_after,
    log_end,
    metrics_after,
    reconcile,
    resume,
    runs_folder,
    start,
    stop,
)
from core.jobs.folder import locked, write_status
from core.jobs.room import free_memory
from tests.command_line import run_json
from tests.runs import comes_to, counting, until
from tests.stores import small_disk

ODD = [
    "../../etc/passwd",
    "/etc/passwd",
    "..",
    ".",
    "a/b\\c:d*?",
    "名前 — Größe 'x' \"y\" $(z) `w`",
    "-rf",
    "x" * 120,
    ".hidden",
    "ﷺ😀",
    "con",
    "7",
]


def context(run: Run, monkeypatch: pytest.MonkeyPatch) -> JobContext:
    monkeypatch.setenv("SPANBRIDGE_RUN", str(run.folder))
    job = JobContext.current()
    assert job is not None
    return job


@pytest.mark.parametrize("name", ODD, ids=range(len(ODD)))
def test_odd_names_stay_in_the_folder(root: Path, name: str) -> None:
    run = counting(1, name=name)
    assert run.folder.parent == root
    assert run.id.isascii()
    assert run.folder.resolve().parent == root.resolve()
    assert [one.name for one in root.iterdir() if not one.name.startswith(".")] == [run.id]
    assert (find(name), find("1"), find(run.id)) == (run, run, run)
    assert stop(name).state == "stopped"
    assert list_runs()[0].plan.name == name


@pytest.mark.parametrize("name", ["", " ", "a\nb", "a\0b", "\x1b[31m", "x" * 121])
def test_names_that_cannot_be_shown_are_refused(name: str) -> None:
    with pytest.raises(ConfigError, match="printable"):
        Plan(name, ())


def test_keys_and_links_do_not_lead_out(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "0009-outside"
    run = counting(1, name="inside")
    run.folder.rename(outside)
    for link in ("0009-outside", "0010-link"):
        (root / link).symlink_to(outside)
    assert list_runs() == []
    for key in ("../0009-outside", str(outside), "0009-outside", "0010-link", "9", "inside", "²"):
        with pytest.raises(ConfigError, match="must be known"):
            find(key)
    inside = counting(1, name="second")
    secret = tmp_path / "secret"
    secret.write_text("secret\n")
    for file in ("log.txt", "metrics.jsonl", "heartbeat.json"):
        (inside.folder / file).symlink_to(secret)
    for read in (log_end, metrics_after):
        with pytest.raises(StoreError):
            read(inside)
    with pytest.raises(StoreError):
        start()
    assert secret.read_text() == "secret\n"
    assert find("second").state == "failed"


def test_two_of_one_name_are_told_apart_by_number(root: Path) -> None:
    first, second = counting(1), counting(1)
    with pytest.raises(ConfigError, match=f"{first.id}, {second.id}"):
        find("count")
    assert find("2") == second


def test_a_damaged_run_hides_no_other(root: Path) -> None:
    damaged, whole = counting(1), counting(1)
    for broken in ("{", "[]", "{}", '{"state": "flying"}'):
        (damaged.folder / "state.json").write_text(broken)
        with pytest.warns(Notice, match=damaged.id):
            assert list_runs() == [whole]
        with pytest.raises(StoreError) as error:
            find("1")
        assert error.value.code == "store-damaged"
    damaged.folder.rename(root / ".put aside")


def test_a_torn_line_is_not_read_and_is_cut(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = counting(1)
    metrics = run.folder / "metrics.jsonl"
    metrics.write_text('{"step": 1, "loss": 2}\nnonsense\n7\n{"step": 2, "lo')
    records, offset = metrics_after(run)
    assert records == [{"step": 1, "loss": 2}]
    with context(run, monkeypatch) as job:
        job.metrics(2, {"loss": math.nan, "f1": 0.5})
    (record,), end = metrics_after(run, offset)
    assert (record["step"], record["loss"], record["f1"]) == (2, None, 0.5)
    assert metrics_after(run, end) == ([], end)
    assert metrics_after(run, 10**9)[0][0]["step"] == 1


def measure_without_end(job: JobContext) -> None:
    for step in range(10**6):
        job.metrics(step, {"loss": 1.0, "x" * 3000: 2.0})


def test_a_full_disk_is_told_and_tears_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with small_disk(tmp_path / "disk", 2) as disk:
        monkeypatch.setenv("SPANBRIDGE_RUNS", str(disk / "runs"))
        run = counting(10**7)
        job = context(run, monkeypatch)
        with job:
            with job.checkpoint("model") as part:
                part.write_bytes(b"first")
            with pytest.raises(StoreError, match="No space left") as full:
                measure_without_end(job)
            assert full.value.code == "store-full"
            assert "make room" in full.value.hint
            with pytest.raises(StoreError), job.checkpoint("model") as part:
                part.write_bytes(b"second" * 10000)
            assert (job.checkpoints / "model").read_bytes() == b"first"
        data = (run.folder / "metrics.jsonl").read_bytes()
        assert data.endswith(b"}\n")
        assert len(metrics_after(run)[0]) == data.count(b"\n")
        assert find("1").state == "queued"
        with pytest.raises(StoreError):
            counting(1)
        assert [one.name for one in list_runs()[0].folder.rglob(".*.part")] == []
        with pytest.raises(StoreError) as no_room:
            start()
        assert no_room.value.code == "no-room"


def test_a_run_that_fills_the_disk_fails_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with small_disk(tmp_path / "disk", 2) as disk:
        monkeypatch.setenv("SPANBRIDGE_RUNS", str(disk / "runs"))
        run = counting(10**7, "--padding=3000")
        start()
        run = comes_to(run, "failed")
        assert (run.status.exit_code, run.status.reason) == (1, "exit code 1")
        assert reconcile() == [run]
        assert (run.folder / "metrics.jsonl").read_bytes().endswith(b"}\n")


def test_a_long_log_is_read_from_its_end(root: Path) -> None:
    run = counting(1)
    line = "a line of the log, with ö and 名\n"
    count = 10 * 2**20 // len(line.encode()) + 1
    (run.folder / "log.txt").write_text(line * count + "last")
    begun = time.perf_counter()
    tail = log_end(run, 3)
    assert time.perf_counter() - begun < 0.1
    assert tail.text == line * 2 + "last"
    assert log_after(run, tail.offset).text == ""
    with (run.folder / "log.txt").open("ab") as file:
        file.write("名".encode()[:2])
    part = log_after(run, tail.offset)
    assert part == (type(part))("", tail.offset)
    with (run.folder / "log.txt").open("ab") as file:
        file.write("名".encode()[2:])
    assert log_after(run, tail.offset).text == "名"
    assert log_end(run, 0).text == ""
    pieces, offset = [], 0
    while (piece := log_after(run, offset, limit=999_999)).text:
        pieces.append(piece.text)
        offset = piece.offset
    assert "".join(pieces) == line * count + "last名"


def test_no_room_is_told_before_the_start(root: Path, tmp_path: Path) -> None:
    run = counting(1, needs=Needs(disk_bytes=1 << 60))
    other = counting(1, needs=Needs(memory_bytes=1 << 60))
    for one, what in ((run, "of disk"), (other, "of memory")):
        with pytest.raises(StoreError, match=what) as error:
            start(one.id)
        assert error.value.code == "no-room"
        assert find(one.id).state == "queued"
    (tmp_path / "memory.max").write_text("1000\n")
    (tmp_path / "memory.current").write_text("400\n")
    assert free_memory(tmp_path) == 600
    (tmp_path / "memory.max").write_text("max\n")
    assert free_memory(tmp_path) > 600
    with pytest.raises(ConfigError, match="negative"):
        Plan("x", (), needs=Needs(disk_bytes=-1))


def test_states_that_do_not_allow_it(root: Path) -> None:
    run = counting(1)
    with pytest.raises(StoreError) as error:
        resume("1")
    assert error.value.code == "wrong-state"
    with locked(root):
        write_status(run, state="done")
    for action in (start, resume):
        with pytest.raises(StoreError, match="got done"):
            action("1")
    with pytest.raises(ConfigError, match="at least 1"):
        start(at_once=0)
    with locked(root), pytest.raises(StoreError) as error, locked(root, 0.05):
        pass
    assert error.value.code == "store-busy"


def test_a_command_without_a_run(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    monkeypatch.delenv("SPANBRIDGE_RUN", raising=False)
    assert JobContext.current() is None
    monkeypatch.delenv("SPANBRIDGE_RUNS")
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert runs_folder() == Path("/data/spanbridge/runs")


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".x", "/etc/x"])
def test_checkpoints_stay_in_their_folder(
    root: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    job = context(counting(1), monkeypatch)
    with pytest.raises(ConfigError, match="plain"), job.checkpoint(name):
        pass


def test_a_run_is_asked_to_stop_by_a_word_too(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = counting(1)
    job = context(run, monkeypatch)
    job.beat_seconds = 0.01
    before = signal.getsignal(signal.SIGTERM)
    with job:
        assert not job.should_stop()
        with locked(root):
            write_status(run, stopping=True)
        until(job.should_stop)
    os.kill(os.getpid(), signal.SIGTERM)  # it comes late, and ends nothing any more
    signal.signal(signal.SIGTERM, before)


def test_the_command(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def runs(*words: str, exit_code: int = 0) -> dict[str, object]:
        return run_json(capsys, "runs", *words, exit_code=exit_code)

    assert runs("list")["runs"] == []
    plan = Plan("real", ("components",), seed=1, config={"rate": 0.1})
    real, failing, other = create(plan), counting(20, "--fail=2"), counting(30)
    assert [one["id"] for one in runs("start")["started"]] == [real.id]  # type: ignore[attr-defined]
    for one, state in ((real, "done"), (failing, "failed"), (other, "done")):
        comes_to(one, state)  # type: ignore[arg-type]
    assert "What the tagger finds" in str(runs("log", "real", "--lines", "1000")["text"])
    assert runs("log", "2", "--from=0")["offset"] == os.path.getsize(failing.folder / "log.txt")
    shown = runs("show", "2")
    assert shown["seed"] == 3
    assert "token" not in json.dumps(shown["status"])
    compared = runs("compare", "2", "3")
    assert compared == json.loads(json.dumps(compare([find("2"), find("3")])))
    assert compared["metrics"]["value"][other.id]["step"] == 30  # type: ignore[index]
    assert compared["differences"] == {"config.total": {failing.id: 20, other.id: 30}}
    assert runs("resume", "3", exit_code=5)["error"] == "wrong-state"
    assert runs("show", "../x", exit_code=2)["error"] == "unknown-name"
    assert runs("resume", "2")["status"]["attempt"] == 2  # type: ignore[index]
    comes_to(failing, "failed")
    assert runs("stop", "2")["status"]["state"] == "failed"  # type: ignore[index]


@pytest.mark.parametrize("words", [["list"], ["show", "1"], ["compare", "1", "2"], ["log", "1"]])
def test_the_command_as_text(
    root: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    from core.cli import main

    counting(1), counting(2, name="other")
    assert main(["runs", *words]) == 0
    told = capsys.readouterr().out
    assert words == ["log", "1"] or "0001-count" in told
