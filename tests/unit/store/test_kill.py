"""Whatever was said to be kept is there after a kill, and nothing is ever half there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import text

from core.errors import StoreError
from core.store.database import Store
from core.store.decisions import Change, batches, decide, log_of_project, state_of
from core.store.projects import Project, items, projects
from core.store.runs import runs
from core.store.upkeep import check, rebuild
from tests.store_killing import GROUP
from tests.stores import ADMIN, REVIEWER, Cluster, said, small_project

ROOT = Path(__file__).parents[3]
KILLS = int(os.environ.get("SPANBRIDGE_STORE_KILLS", "40"))


@pytest.mark.slow
def test_what_was_kept_outlives_a_kill(store_url: str, tmp_path: Path) -> None:
    store = Store.open(store_url)
    small_project(store, sentences=36)
    store.close()
    acks = tmp_path / "acks"
    for part in range(4):
        command = [sys.executable, "-m", "tests.store_killing", store_url, "small", str(acks)]
        finished = subprocess.run(
            [*command, str(KILLS // 4), str(part)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )
        assert finished.returncode == 0, finished.stderr[-3000:]
        said_back = [json.loads(line) for line in acks.read_text().splitlines()]
        look_at(Store.open(store_url), said_back)
    kinds = Counter(one["kind"] for one in said_back)
    assert set(kinds) == {"one", "many", "back", "traces", "run"}, kinds


def look_at(store: Store, acks: list[dict[str, Any]]) -> None:
    """Look for everything that was said to be kept, and for anything that is half there."""
    check(store)
    (project,) = projects(store)
    log = log_of_project(store, project)
    kept = {(one.sentence, one.version): one for one in log}
    assert len(kept) == len(log)
    in_batch: dict[int, set[int]] = {}
    for one in log:
        if one.batch is not None:
            in_batch.setdefault(one.batch, set()).add(one.sentence)
    traces = _traces(store)
    complete = {one.id for one in runs(store, project)}
    for ack in acks:
        if ack["kind"] == "one":
            found = kept[ack["sentence"], ack["version"]]
            assert found.answer.note == ack["note"]
        elif ack["kind"] in ("many", "back"):
            assert in_batch.get(ack["batch"], set()) == set(ack["sentences"])
        elif ack["kind"] == "traces":
            assert set(ack["sentences"]) <= traces[ack["run"]]
        else:
            assert ack["run"] in complete
    _nothing_is_half(store, project, in_batch, traces)
    store.close()


def _traces(store: Store) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    with store.read() as connection:
        for run, sentence in connection.execute(text("SELECT run, sentence FROM traces")):
            found.setdefault(run, set()).add(sentence)
    return found


def _nothing_is_half(
    store: Store, project: Project, in_batch: dict[int, set[int]], traces: dict[int, set[int]]
) -> None:
    listed = {one.id: one for one in batches(store, project)}
    assert set(listed) == set(in_batch)
    # A bulk change of the writer is about twelve sentences, all of which it had just looked at.
    assert {len(in_batch[one.id]) for one in listed.values() if one.kind == "accept"} <= {12}
    assert all(len(one) % GROUP == 0 for one in traces.values())
    with store.read() as connection:
        done = connection.execute(text("SELECT id FROM runs WHERE complete"))
        assert all(len(traces[row.id]) == project.sentences for row in done)


@pytest.mark.slow
def test_what_was_kept_outlives_the_server(cluster: Cluster) -> None:
    url = cluster.new_database()
    store = Store.open(url)
    project, ids = small_project(store)
    stop, kept, refused = Event(), list[tuple[int, str]](), list[str]()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            try:
                version = state_of(store, project, ids[number % 4]).version
                change = Change(ids[number % 4], said(f"n{number}"), version)
                made = decide(store, REVIEWER, project, change, "accept")
                kept.append((made.sentence, f"n{number}"))
            except StoreError as error:
                refused.append(error.code)
                time.sleep(0.01)

    writer = Thread(target=write)
    writer.start()
    try:
        for _ in range(4):
            before = len(kept)
            deadline = time.monotonic() + 20
            while len(kept) < before + 20 and time.monotonic() < deadline:
                time.sleep(0.01)
            cluster.stop("immediate")
            time.sleep(0.1)
            cluster.start()
    finally:
        stop.set()
        writer.join()
    found = [(one.sentence, one.answer.note) for one in log_of_project(store, project)]
    assert set(kept) <= set(found)
    assert len(found) == len(set(found))
    # What was under way when the server died may have been kept without anybody being told.
    assert len(found) - len(kept) <= len(refused)
    assert set(refused) == {"store-unreachable"}
    assert len(kept) >= 80
    check(store)
    assert rebuild(store, ADMIN) == len(items(store, project))
    store.close()
