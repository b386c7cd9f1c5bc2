"""Laws of every engine: each chunk once, the same shards whoever makes them, whoever is killed.

Ray is started once, and one of its workers is killed in the middle of a chunk.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from unittest.mock import patch

import pytest

from core.chunks.reading import stream_pairs
from core.chunks.reports import ChunkReport
from core.chunks.work import ChunkWorker, Work
from core.config import ComponentChoice
from core.engine import ENGINES, Engine
from core.engine.ray import _Chunks, _report
from core.errors import BackendError, ConfigError, SpanbridgeError, StoreError
from tests.builders import need
from tests.dying_workers import DyingChunks, killed
from tests.whole_corpora import by_links, plain, shards, write_files, written

CHUNKS = 8
PARAMETERS = {"ray": {"workers": 2, "gpus": 0.0}}


def work_of(folder: Path) -> Work:
    """Cut three sentences a chunk."""
    work = Work(str(folder / "out"), by_links().model_dump_json(), cached=False)
    work.reports.mkdir(parents=True)
    pairs = stream_pairs(write_files(folder / "corpus", 3 * CHUNKS - 1), "en", "de")
    assert len(work.chunks.write(pairs, 3)) == CHUNKS
    return work


def create(name: str) -> Engine:
    need(ENGINES, name)
    return ENGINES.create(name, PARAMETERS.get(name, {}))


@dataclass(frozen=True)
class Ran:
    """What an engine made of a corpus whose first chunk was done before."""

    folder: Path
    work: Work
    before: dict[str, int]
    reports: list[ChunkReport]


@pytest.fixture(scope="module")
def ran(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    engine = create(request.param)
    folder = tmp_path_factory.mktemp(request.param)
    work = work_of(folder)
    ChunkWorker(work)(0)
    before = written(Path(work.folder))
    with patch("core.engine.ray._Chunks", DyingChunks):
        reports = list(engine.run(work, range(1, CHUNKS), should_stop=lambda: False))
    return Ran(folder, work, before, reports)


@pytest.fixture(scope="module")
def expected(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[list[ChunkReport], dict[str, bytes]]:
    """Return what the worker gives that all engines are made of."""
    work = work_of(tmp_path_factory.mktemp("expected"))
    worker = ChunkWorker(work)
    reports = [worker(number) for number in range(CHUNKS)]
    return reports, shards(Path(work.folder))


every_run = pytest.mark.parametrize(
    "ran",
    [pytest.param(name, marks=[pytest.mark.slow] * (name == "ray")) for name in ENGINES.names()],
    indirect=True,
)


@every_run
def test_every_chunk_is_done_once(
    ran: Ran, expected: tuple[list[ChunkReport], dict[str, bytes]]
) -> None:
    assert plain(ran.reports) == plain(expected[0][1:])
    assert sum(report.pairs for report in ran.reports) == 3 * (CHUNKS - 1) - 1
    assert all(ran.work.done(report.number) == report for report in ran.reports)


@every_run
def test_shards_are_the_same_byte_by_byte(
    ran: Ran, expected: tuple[list[ChunkReport], dict[str, bytes]]
) -> None:
    assert shards(Path(ran.work.folder)) == expected[1]


@every_run
def test_what_was_done_before_is_left_alone(ran: Ran) -> None:
    now = written(Path(ran.work.folder))
    assert ran.before.items() <= now.items()
    assert len(now) == CHUNKS


@every_run
def test_the_worker_that_was_killed_is_not_missed(ran: Ran) -> None:
    died = killed(ran.folder)
    assert len(died) == (ran.folder.name.startswith("ray"))  # the local engine is this process
    assert os.getpid() not in died


@pytest.mark.parametrize("name", ENGINES.names())
def test_it_follows_the_protocol(name: str) -> None:
    assert isinstance(create(name), Engine)


@pytest.mark.parametrize("name", ENGINES.names())
def test_a_choice_that_cannot_work_is_told_before_anything_is_started(
    tmp_path: Path, name: str
) -> None:
    choice = by_links().model_copy(update={"aligner": ComponentChoice(name="no_such_aligner")})
    work = replace(work_of(tmp_path), config=choice.model_dump_json())
    with pytest.raises(ConfigError, match="no_such_aligner"):
        list(create(name).run(work, range(CHUNKS), should_stop=lambda: False))
    assert shards(Path(work.folder)) == {}


def test_the_local_engine_stops_between_chunks(tmp_path: Path) -> None:
    work = work_of(tmp_path)
    done: list[int] = []
    for report in create("local").run(work, [4, 1, 2], should_stop=lambda: len(done) == 2):
        done.append(report.number)  # noqa: PERF401 - it is looked at meanwhile
    assert done == [4, 1]
    assert len(shards(Path(work.folder))) == 2


def test_the_engines_are_these() -> None:
    assert ENGINES.names() == ("local", "ray")


def test_an_error_of_a_worker_is_the_error_that_it_was(tmp_path: Path) -> None:
    work = work_of(tmp_path)
    work.chunks.path(0).unlink()
    chunks, told = _Chunks(), json.dumps(asdict(work))
    found = chunks({"number": [0, 1], "work": [told, told]})["report"]
    with pytest.raises(StoreError, match=r"000000\.pairs") as caught:
        _report({"report": found[0]})
    assert (caught.value.code, caught.value.exit_code) == ("store-unreachable", 5)
    assert "every machine" in caught.value.hint
    assert _report({"report": found[1]}).number == 1


@pytest.mark.parametrize("error", SpanbridgeError.__subclasses__())
def test_every_kind_of_error_can_come_from_a_worker(error: type[SpanbridgeError]) -> None:
    told = {"error": {"message": "m", "code": "bad-value", "hint": "h"}, "kind": error.__name__}
    with pytest.raises(error, match=r"m \(h\)"):
        _report({"report": json.dumps(told)})


def test_a_chunk_that_no_worker_survives_ends_the_run(tmp_path: Path) -> None:
    work = work_of(tmp_path)
    told = json.dumps(asdict(work))
    for _ in range(5):  # a worker that died would have begun it, and no more
        with patch("core.chunks.work.ChunkWorker.__call__", side_effect=SystemExit):
            chunks = _Chunks()
            try:
                found = chunks({"number": [3], "work": [told]})["report"]
            except SystemExit:
                continue
    with pytest.raises(BackendError, match="4 have died of chunk 3") as caught:
        _report({"report": found[0]})
    assert "--chunk" in caught.value.hint
