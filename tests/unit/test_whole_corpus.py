"""A corpus is projected once: what is done stays, and what has changed is done anew."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from core.chunks.cutting import CorpusChoice
from core.chunks.reports import ChunkReport
from core.chunks.shards import SHARD_FORMS, ShardForm
from core.chunks.work import Work
from core.config import ComponentChoice, RunConfig
from core.errors import ConfigError, StoreError
from core.methods import method
from core.whole_corpus import Order
from tests.builders import SameWords
from tests.translators import One
from tests.whole_corpora import (
    Counting,
    FailingAligner,
    anew,
    by_links,
    order_of,
    project,
    shards,
    write_files,
    written,
)

ROOT = Path(__file__).parents[2]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def order(tmp_path: Path, out: Path) -> Order:
    """Nine pairs in chunks of two."""
    return order_of(write_files(tmp_path / "corpus", 9), out)


def test_all_that_is_done_is_told(order: Order, out: Path) -> None:
    found = project(order)
    assert (found["pairs"], found["done"], found["found_done"]) == (9, 9, 0)
    assert (found["entities"], found["failed"], found["skipped"]) == (18, 0, 0)
    assert (found["shards"], found["stopped"], found["engine"]) == (5, False, "local")
    assert found["signature"].startswith("corpus:")
    assert sum(found["shares"].values()) == pytest.approx(1, abs=0.001)
    assert json.loads((out / "run.json").read_text()) == found
    assert RunConfig.model_validate(found["config"]) == order.config
    assert list(shards(out)) == [f"part-{number:06d}.parquet" for number in range(5)]
    assert (out / "failed.jsonl").read_text() == ""
    assert not (out / "skipped.jsonl").exists()


def test_what_is_done_is_not_done_again(order: Order, out: Path) -> None:
    first, before = project(order), written(out)
    again = project(order, engine=Counting())
    assert (again["done"], again["found_done"], again["entities"]) == (9, 9, first["entities"])
    assert written(out) == before


def test_a_run_that_was_stopped_goes_on(order: Order, out: Path) -> None:
    stopped = project(order, chunks=2)
    assert (stopped["done"], stopped["stopped"], stopped["shards"]) == (4, True, 2)
    before = written(out)
    assert anew(order) == [2, 3, 4]
    assert {number: written(out)[number] for number in before} == before


def test_a_lost_shard_is_made_again_alone(order: Order, out: Path) -> None:
    project(order)
    before = shards(out)
    (out / "part-000003.parquet").unlink()
    assert anew(order) == [3]
    assert shards(out) == before


def test_of_a_corpus_that_grew_only_what_is_new_is_done(order: Order, tmp_path: Path) -> None:
    project(order)
    write_files(tmp_path / "corpus", 12)
    assert anew(order) == [4, 5]  # the last chunk had room for one more


def test_of_a_corpus_that_changed_only_the_changed_chunk_is_done(
    order: Order, tmp_path: Path
) -> None:
    project(order)
    target = tmp_path / "corpus" / "de.conll"
    target.write_text(target.read_text().replace("w5\tO\nAda", "w5\tO\nEda"))
    assert anew(order) == [2]


@pytest.mark.parametrize(
    "change", [{"config": by_links(labels=("PER",))}, {"form": "jsonl"}], ids=["method", "form"]
)
def test_another_method_or_form_does_all_of_it_anew(order: Order, change: dict[str, Any]) -> None:
    project(order)
    assert anew(replace(order, **change)) == [0, 1, 2, 3, 4]
    assert anew(replace(order, **change)) == []


def test_another_size_is_another_set_of_shards(order: Order, out: Path) -> None:
    project(order)
    assert anew(replace(order, size=4)) == [0, 1, 2]
    assert list(shards(out)) == [f"part-{number:06d}.parquet" for number in range(3)]
    assert list(written(out)) == ["000000", "000001", "000002"]


@pytest.mark.parametrize("form", SHARD_FORMS)
def test_shards_of_earlier_runs_are_cleared_away(
    order: Order, out: Path, monkeypatch: pytest.MonkeyPatch, form: ShardForm
) -> None:
    monkeypatch.setattr("core.pipeline.ALIGNERS", One(FailingAligner()))
    for earlier in SHARD_FORMS:
        project(replace(order, form=earlier))
    for name in ("part-notes.parquet", "mine.txt"):
        (out / name).write_text("mine")
    project(replace(order, form=form, corpus=replace(order.corpus, limit=8)))
    expected = {f"part-{number:06d}.{form}" for number in range(4)}
    expected |= {"part-000003.failed.jsonl"} if form == "conll" else set()
    kept = {"part-notes.parquet", "mine.txt", "run.json", "failed.jsonl", ".work"}
    assert {path.name for path in out.iterdir()} == expected | kept


@dataclass(frozen=True)
class _BreakingOff:
    """Does one chunk and is killed."""

    def run(
        self, work: Work, numbers: Sequence[int], *, should_stop: Callable[[], bool]
    ) -> Iterator[ChunkReport]:
        yield from Counting().run(work, numbers[:1], should_stop=should_stop)
        raise KeyboardInterrupt


@pytest.mark.parametrize(
    "change", [{"config": by_links(labels=("PER",))}, {"form": "conll"}], ids=["method", "form"]
)
def test_another_order_that_is_broken_off_does_not_stand_among_the_first_one_s_shards(
    order: Order, out: Path, change: dict[str, Any]
) -> None:
    project(order)
    other = replace(order, **change)
    with pytest.raises(KeyboardInterrupt):
        project(other, engine=_BreakingOff())
    assert {path.name for path in out.iterdir()} == {f"part-000000.{other.form}", ".work"}
    assert list(written(out)) == ["000000"]
    assert anew(other) == [1, 2, 3, 4]
    assert json.loads((out / "run.json").read_text())["done"] == 9


def test_what_is_done_stays_where_the_rest_is_broken_off(order: Order, out: Path) -> None:
    project(order, chunks=2)
    first = shards(out)
    with pytest.raises(KeyboardInterrupt):
        project(order, engine=_BreakingOff())
    assert {name: shards(out)[name] for name in first} == first
    assert list(shards(out)) == [*first, "part-000002.parquet"]
    assert not (out / "run.json").exists()


@pytest.mark.parametrize("kept", [False, True])
def test_what_a_file_that_the_method_names_has_made_is_made_anew_where_it_has_changed(
    order: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: bool
) -> None:
    monkeypatch.setattr("core.pipeline.ALIGNERS", One(SameWords()))
    monkeypatch.setattr("core.chunks.prepared.cache_folder", lambda: tmp_path / "cache")
    file = tmp_path / "translations.tsv"
    lines = [f"w{place} Ada saw Rome\tw{place} Ada saw Rome\n" for place in range(9)]
    file.write_text("".join(lines))
    translator = ComponentChoice(name="precomputed", parameters={"file": str(file)})
    gold = ComponentChoice(name="gold")
    order = replace(order, config=by_links(translator=translator, labeller=gold), form="jsonl")
    order = replace(order, cached=kept)
    project(order)
    assert anew(order) == []
    file.write_text("".join(lines).replace("\tw3 Ada", "\tw3 Eda"))
    assert anew(order) == [0, 1, 2, 3, 4]
    assert "w3 Eda saw Rome" in (order.out / "part-000001.jsonl").read_text()


def test_what_a_killed_run_left_half_written_goes_away(order: Order, out: Path) -> None:
    project(order)
    folders = (out, out / ".work", out / ".work" / "chunks", out / ".work" / "reports")
    for folder in folders:
        (folder / ".0123456789abcdef.part").write_text("half")
    project(order)
    assert not list(out.rglob(".*.part"))


def test_nobody_else_may_write_the_folder_meanwhile(order: Order, out: Path) -> None:
    corpus = order.corpus.files
    assert corpus is not None
    words = ["project", "--engine", "local", "--corpus", str(Path(str(corpus.source)).parent)]
    words += ["--source", "en", "--target", "de", "--method", "heuristic"]
    words += ["--aligner", "precomputed", "--chunk", "2", "--out", str(out), "--json"]
    engine = Counting()

    def second() -> bool:
        if not engine.done:
            command = [sys.executable, "-m", "core", *words]
            other = subprocess.run(
                command, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False
            )
            assert other.returncode == StoreError.exit_code
            assert json.loads(other.stdout)["error"] == "store-busy"
        return False

    found = project(order, engine=_Asking(engine, second))
    assert found["done"] == 9
    assert engine.done == [0, 1, 2, 3, 4]


@dataclass(frozen=True)
class _Asking:
    """Does what another engine does, and asks something of its own between chunks."""

    engine: Counting
    ask: Callable[[], bool]

    def run(
        self, work: Work, numbers: Sequence[int], *, should_stop: Callable[[], bool]
    ) -> Iterator[ChunkReport]:
        return self.engine.run(work, numbers, should_stop=self.ask)


def test_an_aligner_that_learns_from_all_sentences_is_refused(order: Order, out: Path) -> None:
    choice = {"aligner": ComponentChoice(name="learning")}
    with pytest.MonkeyPatch.context() as patch:
        learning = type("Learning", (FailingAligner,), {"corpus_level": True})()
        patch.setattr("core.pipeline.ALIGNERS", One(learning))
        patch.setattr("core.whole_corpus.ALIGNERS", One(learning))
        with pytest.raises(ConfigError, match="learning learns from all sentences") as caught:
            project(replace(order, config=order.config.model_copy(update=choice)))
    assert "precomputed" in caught.value.hint
    assert not out.exists()


def test_a_named_corpus_is_projected_and_goes_on_too(order: Order) -> None:
    demo = CorpusChoice("en", "de", name="demo", limit=5)
    config = method("heuristic").model_copy(update={"aligner": ComponentChoice(name="same")})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.pipeline.ALIGNERS", One(FailingAligner()))
        patch.setattr("core.whole_corpus.ALIGNERS", One(FailingAligner()))
        changed = replace(order, corpus=demo, config=config)
        found = project(changed, chunks=1)
        assert (found["pairs"], found["done"]) == (5, 2)
        assert found["description"] == "projected demo/en-de/first 5"
        assert anew(changed) == [1, 2]
