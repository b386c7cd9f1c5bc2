"""A chunk is done as a whole or not at all, and one sentence that fails costs itself alone."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from core.chunks.prepared import PreparedCache
from core.chunks.reading import stream_pairs
from core.chunks.shards import SHARD_FORMS, ShardForm
from core.chunks.work import ChunkWorker, Work
from core.config import ComponentChoice, RunConfig
from core.corpora import BadLines
from core.corpora.parquet import Parquet
from core.errors import BackendError, ConfigError, DataError, ErrorCode, StoreError
from core.types import Alignment, Labelling
from tests.translators import ANY, One
from tests.whole_corpora import (
    BAD,
    FailingAligner,
    FailingLabeller,
    by_links,
    shards,
    write_files,
    written,
)

LABELLED = by_links(labeller=ANY)


@dataclass(frozen=True)
class CountingLabeller(FailingLabeller):
    """Counts how often it is asked."""

    asked: list[int] = field(default_factory=list)

    def label(self, sentences: object, progress: object = None) -> list[Labelling]:
        assert isinstance(sentences, list)
        self.asked.append(len(sentences))
        return super().label(sentences, progress)


@dataclass(frozen=True)
class MissingModel(FailingLabeller):
    """Says that it has no model."""

    def label(self, sentences: object, progress: object = None) -> list[Labelling]:
        raise BackendError("a model must be there, got none", code="model-not-found")


def work_of(folder: Path, config: RunConfig | None = None, form: ShardForm = "parquet") -> Work:
    """Cut twelve sentences into chunks of eight; the bad one is in the first."""
    config = config or by_links()
    work = Work(str(folder / "out"), config.model_dump_json(), form, cached=False)
    work.reports.mkdir(parents=True, exist_ok=True)
    pairs = stream_pairs(write_files(folder / "corpus", 12), "en", "de")
    assert work.chunks.write(pairs, 8) == [8, 4]
    return work


def test_what_a_chunk_gives_depends_on_nothing_but_itself(tmp_path: Path) -> None:
    one, other = work_of(tmp_path / "a"), work_of(tmp_path / "b")
    worker = ChunkWorker(one)
    first, second = worker(0), worker(1)
    assert (first.pairs, first.entities, second.pairs, second.entities) == (8, 16, 4, 8)
    assert ChunkWorker(other)(1).digest == second.digest
    name = "part-000001.parquet"
    assert shards(Path(one.folder))[name] == shards(Path(other.folder))[name]


def test_a_chunk_that_is_done_is_left_alone(tmp_path: Path) -> None:
    work = work_of(tmp_path)
    done = ChunkWorker(work)(0)
    before = written(Path(work.folder)), work.shard(0).stat().st_mtime_ns
    assert ChunkWorker(work)(0) == done == work.done(0)
    assert (written(Path(work.folder)), work.shard(0).stat().st_mtime_ns) == before


def test_a_chunk_is_not_done_without_its_shard(tmp_path: Path) -> None:
    work = work_of(tmp_path)
    ChunkWorker(work)(0)
    work.shard(0).unlink()
    assert work.done(0) is None


@pytest.mark.parametrize(
    "change",
    [
        {"form": "jsonl"},
        {"config": by_links(labels=("PER",)).model_dump_json()},
        {"files": "translations.tsv (3, 7)"},
    ],
    ids=["form", "configuration", "files"],
)
def test_what_was_done_for_another_order_has_to_be_done_anew(
    tmp_path: Path, change: dict[str, Any]
) -> None:
    work = work_of(tmp_path)
    ChunkWorker(work)(0)
    other = replace(work, **change)
    assert other.done(0) is None
    assert ChunkWorker(other)(0).digest != work.digest(work.chunks.packed(0))


def test_another_program_does_it_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = work_of(tmp_path)
    ChunkWorker(work)(0)
    monkeypatch.setattr("core.chunks.work.__version__", "99")
    assert work.done(0) is None


def test_a_report_never_stands_beside_a_shard_that_is_not_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = work_of(tmp_path)
    ChunkWorker(work)(0)
    changed = replace(work, config=by_links(labels=("PER",)).model_dump_json())

    def broken_off(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("core.chunks.work.write_report", broken_off)
    with pytest.raises(KeyboardInterrupt):
        ChunkWorker(changed)(0)
    assert (work.done(0), changed.done(0)) == (None, None)


@pytest.mark.parametrize("form", SHARD_FORMS)
def test_a_sentence_that_the_labeller_fails_on_fails_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: ShardForm
) -> None:
    monkeypatch.setattr("core.workflow.LABELLERS", One(FailingLabeller()))
    work = work_of(tmp_path, LABELLED, form)
    report = ChunkWorker(work)(0)
    assert [(one.id, one.stage, one.code) for one in report.failed] == [("8", "label", "bad-value")]
    assert "must be a good one" in report.failed[0].message
    assert (report.pairs, report.entities) == (8, 7)


def test_a_sentence_that_the_aligner_fails_on_has_no_tags(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.pipeline.ALIGNERS", One(FailingAligner()))
    work = work_of(tmp_path)
    report = ChunkWorker(work)(0)
    assert [(one.id, one.stage) for one in report.failed] == [("8", "align")]
    bad = BadLines()
    found = Parquet().read(work.shard(0), "de", skip_bad=bad)
    assert len(found) == 7
    assert all(one.spans and one.words[0] != BAD for one in found)
    assert [one.position for one in bad.sentences] == [7]


def test_a_model_that_is_missing_stops_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.workflow.LABELLERS", One(MissingModel()))
    work = work_of(tmp_path, LABELLED)
    with pytest.raises(BackendError, match="a model must be there"):
        ChunkWorker(work)(0)
    assert (shards(Path(work.folder)), work.done(0)) == ({}, None)


@dataclass(frozen=True)
class MissingFile(FailingAligner):
    """Says that it has no file, and counts how often it looked."""

    asked: list[int] = field(default_factory=list)

    def align(self, pairs: object, vectors: object = None) -> list[Alignment]:
        assert isinstance(pairs, tuple | list)
        self.asked.append(len(pairs))
        raise DataError("the file must exist, got none", code="file-not-found", path="links")


def test_a_file_that_is_missing_is_looked_for_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aligner = MissingFile()
    monkeypatch.setattr("core.pipeline.ALIGNERS", One(aligner))
    work = work_of(tmp_path)
    with pytest.raises(DataError, match="links: the file must exist"):
        ChunkWorker(work)(0)
    assert aligner.asked == [8]
    assert (shards(Path(work.folder)), work.done(0)) == ({}, None)


@pytest.mark.parametrize("code", ["missing-package", "model-not-found", "model-unusable"])
def test_a_matching_that_no_sentence_could_have_stops_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: ErrorCode
) -> None:
    def refuse(*_: object) -> None:
        raise BackendError("it must be installed, got none", code=code)

    monkeypatch.setattr("core.projectors.heuristic.Heuristic.project", refuse)
    work = work_of(tmp_path)
    with pytest.raises(BackendError, match="it must be installed"):
        ChunkWorker(work)(0)
    assert (shards(Path(work.folder)), work.done(0)) == ({}, None)


def test_a_configuration_that_cannot_run_is_told_before_any_work(tmp_path: Path) -> None:
    choice = ComponentChoice(name="no_such_aligner")
    work = work_of(tmp_path, by_links().model_copy(update={"aligner": choice}))
    with pytest.raises(ConfigError, match="no_such_aligner"):
        ChunkWorker(work)


def test_the_next_method_on_the_same_sentences_labels_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    labeller = CountingLabeller()
    monkeypatch.setattr("core.workflow.LABELLERS", One(labeller))
    monkeypatch.setattr("core.chunks.prepared.cache_folder", lambda: tmp_path / "cache")
    work = replace(work_of(tmp_path, LABELLED), cached=True)
    first, wide = ChunkWorker(work)(0), len(labeller.asked)
    assert first.failed[0].stage == "label"
    labeller.asked.clear()
    other = replace(work, config=by_links(labeller=ANY, labels=("PER",)).model_dump_json())
    second = ChunkWorker(other)(0)
    assert second.failed == first.failed
    assert 0 < len(labeller.asked) < wide  # only what failed is asked again


@pytest.mark.parametrize("form", SHARD_FORMS)
def test_kept_labels_give_the_same_shard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: ShardForm
) -> None:
    monkeypatch.setattr("core.workflow.LABELLERS", One(FailingLabeller()))
    monkeypatch.setattr("core.chunks.prepared.cache_folder", lambda: tmp_path / "cache")
    found = []
    for name, cached in (("a", False), ("b", True), ("c", True)):
        work = replace(work_of(tmp_path / name, LABELLED, form), cached=cached)
        ChunkWorker(work)(0)
        found.append(shards(Path(work.folder)))
    assert found[0] == found[1] == found[2]
    assert PreparedCache().folder.exists()


def test_a_chunk_that_is_gone_is_named(tmp_path: Path) -> None:
    work = work_of(tmp_path)
    work.chunks.path(1).unlink()
    with pytest.raises(StoreError, match=r"000001\.pairs"):
        ChunkWorker(work)(1)


def test_seconds_are_those_of_the_stages(tmp_path: Path) -> None:
    seconds = ChunkWorker(work_of(tmp_path))(0).seconds
    assert {"align", "match", "write", "other"} <= set(seconds)
    assert all(spent >= 0 for spent in seconds.values())
