"""Running a method over a project, step by step, and runs that were made elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from core.config import ComponentChoice, RunConfig
from core.errors import ConfigError, DataError, SpanbridgeError, StoreError
from core.export import projection_bytes
from core.methods import method
from core.overview.outcomes import run_corpus
from core.review import running
from core.review.running import RunWork, import_run, run_project
from core.store.database import Store
from core.store.projects import Project, create_project, items
from core.store.runs import StoredRun, load_projection, load_run, runs
from core.types import Projection, Sentence, SentencePair
from core.workflow import Workflow
from tests.builders import pair, sentence
from tests.stores import ADMIN, REVIEWER

CONFIG = method("heuristic").model_copy(update={"aligner": ComponentChoice(name="precomputed")})
SOURCE = sentence("Ada saw Rome", "en", (0, 1, "PER"), (2, 3, "LOC"))
TARGET = sentence("Rom sah Ada", "de", (0, 1, "LOC"), (2, 3, "PER"))
FULL = StoreError("the disk is full", code="store-full")


def pairs(count: int = 7) -> list[SentencePair]:
    """Make pairs of which the third cannot be aligned: a link points behind its last word."""
    return [
        pair(SOURCE, TARGET, "9-9" if place == 2 else "0-2 2-0", pair_id=f"p{place}")
        for place in range(count)
    ]


@pytest.fixture
def project(store: Store) -> Project:
    return create_project(store, ADMIN, "small", pairs(), corpus="test/en-de")


def same_as_corpus(store: Store, run: StoredRun, config: RunConfig = CONFIG) -> None:
    expected = run_corpus(config, pairs(), corpus="test/en-de")
    found = load_run(store, run)
    assert [one.spans for one in found.outcomes] == [one.spans for one in expected.outcomes]
    assert [one.status for one in found.outcomes] == [one.status for one in expected.outcomes]
    assert [one.decisions for one in found.outcomes] == [one.decisions for one in expected.outcomes]
    assert (found.signature, found.failures) == (expected.signature, 1)


def test_every_trace_is_kept_and_what_failed_stays_failed(store: Store, project: Project) -> None:
    told: list[tuple[int, int]] = []
    run = run_project(
        store, ADMIN, project, CONFIG, step=3, progress=lambda done, all_: told.append((done, all_))
    )
    assert told == [(0, 7), (3, 7), (6, 7), (7, 7)]  # first, source sentences are made
    assert (run.name, run.complete, run.config) == ("heuristic", True, CONFIG)
    assert runs(store, project) == [run]
    same_as_corpus(store, run)
    ids = [one.id for one in items(store, project)]
    kept = load_projection(store, run, ids[0])
    assert kept.trace.alignment is not None
    assert [one.reason for one in kept.decisions] == ["chosen", "chosen"]
    failed = load_projection(store, run, ids[2])
    assert failed.failure is not None
    assert failed.spans == ()


def test_a_run_is_taken_up_where_it_was_left(store: Store, project: Project) -> None:
    work = RunWork.begin(store, ADMIN, project, CONFIG, name="mine", step=2)
    for _ in range(3):
        work.advance()
    assert (work.stored, work.done, work.result().complete) == (4, False, False)
    assert runs(store, project) == []
    again = RunWork.begin(store, ADMIN, project, CONFIG, name="mine", step=2)
    assert (again.stored, len(again.work.pairs), again.run.id) == (4, 3, work.run.id)
    told: list[int] = []
    run = run_project(
        store, ADMIN, project, CONFIG, name="mine", progress=lambda done, _: told.append(done)
    )
    assert told == [4, 7]
    same_as_corpus(store, run)


def test_a_run_that_only_was_not_finished_is_finished(
    store: Store, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(store: Store, run: StoredRun) -> None:
        raise FULL

    with monkeypatch.context() as patch:
        patch.setattr(running, "finish_run", fail)
        with pytest.raises(StoreError, match="full"):
            run_project(store, ADMIN, project, CONFIG)
    assert runs(store, project) == []
    same_as_corpus(store, run_project(store, ADMIN, project, CONFIG))


def test_a_step_that_could_not_be_kept_is_done_again(
    store: Store, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = RunWork.begin(store, ADMIN, project, CONFIG, step=3)
    work.advance()

    def fail(*arguments: object) -> None:
        raise FULL

    with monkeypatch.context() as patch:
        patch.setattr(running, "add_traces", fail)
        with pytest.raises(StoreError, match="full"):
            work.advance()
    assert (work.stored, len(work.work.outcomes)) == (0, 0)
    while not work.run.complete:
        work.advance()
    work.advance()  # nothing is left to do
    same_as_corpus(store, work.result())


@pytest.mark.parametrize("stored", [0, 3])
def test_an_aligner_that_learns_from_the_corpus_sees_all_of_it(
    store: Store, project: Project, stored: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    class Route:
        needs_source = False

        def run(self, config: RunConfig, pairs: Sequence[SentencePair]) -> list[Projection]:
            seen.append(len(pairs))
            return Workflow.from_config(CONFIG).route.run(CONFIG, pairs)

    config = CONFIG.model_copy(update={"aligner": ComponentChoice(name="eflomal")})
    workflow = Workflow(config, None, None, Route())  # type: ignore[arg-type]
    monkeypatch.setattr(Workflow, "from_config", classmethod(lambda cls, given: workflow))
    work = RunWork.begin(store, ADMIN, project, config)
    monkeypatch.undo()
    # Had some sentences been stored before: they stay, and the others get theirs from one whole.
    ids = [one.id for one in items(store, project)]
    found = Workflow.from_config(CONFIG).run(pairs())
    running.add_traces(store, work.run, ids[:stored], found[:stored])
    work.stored = stored
    work.advance()
    assert seen == [7]
    assert (work.done, work.run.complete) == (True, True)
    outcomes = load_run(store, work.result()).outcomes
    assert [one.pair.id for one in outcomes] == [f"p{place}" for place in range(7)]


def test_a_name_is_used_once(store: Store, project: Project) -> None:
    run_project(store, ADMIN, project, CONFIG)
    with pytest.raises(StoreError) as raised:
        run_project(store, ADMIN, project, CONFIG)
    assert raised.value.code == "bad-value"


def test_what_cannot_be_run_leaves_nothing(store: Store, project: Project) -> None:
    odd = CONFIG.model_copy(update={"aligner": ComponentChoice(name="nobody")})
    with pytest.raises(ConfigError):
        run_project(store, ADMIN, project, odd)
    with pytest.raises(StoreError) as raised:
        run_project(store, REVIEWER, project, CONFIG)
    assert raised.value.code == "not-allowed"
    bare = Sentence((), "de", "", ())
    untranslated = [replace(one, target=bare) for one in pairs(2)]
    other = create_project(store, ADMIN, "bare", untranslated, corpus="test")
    with pytest.raises(DataError) as refused:
        run_project(store, ADMIN, other, CONFIG)
    assert refused.value.code == "not-parallel"
    assert runs(store, project, unfinished=True) + runs(store, other, unfinished=True) == []


def elsewhere() -> bytes:
    return projection_bytes(Workflow.from_config(CONFIG).run(pairs()), form="jsonl").content


def test_a_run_from_a_file_keeps_links_and_failures(store: Store, project: Project) -> None:
    run = import_run(store, ADMIN, project, "elsewhere.jsonl", elsewhere())
    assert (run.name, run.config, run.complete) == ("elsewhere.jsonl", None, True)
    assert run.signature.startswith("file:elsewhere.jsonl|sha256:")
    found = load_run(store, run)
    assert found.failures == 1
    assert found.outcomes[0].links is not None
    assert found.outcomes[0].links.tolist() == [[0, 2], [2, 0]]
    other = import_run(store, ADMIN, project, "x.jsonl", elsewhere(), run_name="second")
    assert [one.name for one in runs(store, project)] == ["elsewhere.jsonl", other.name]


def test_a_file_of_other_sentences_leaves_nothing(store: Store, project: Project) -> None:
    for data in (b"Rom B-LOC\n\n", elsewhere().replace(b"sah", b"saw")):
        with pytest.raises(SpanbridgeError) as raised:
            import_run(store, ADMIN, project, "elsewhere.jsonl", data)
        assert raised.value.exit_code == 3
    with pytest.raises(StoreError):
        import_run(store, REVIEWER, project, "elsewhere.jsonl", elsewhere())
    assert runs(store, project, unfinished=True) == []


def test_a_file_is_taken_up_only_as_it_was(
    store: Store, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise FULL

    data = elsewhere()
    with monkeypatch.context() as patch:
        patch.setattr(running, "finish_run", fail)
        with pytest.raises(StoreError):
            import_run(store, ADMIN, project, "a.jsonl", data)
    with pytest.raises(StoreError) as raised:
        import_run(store, ADMIN, project, "a.jsonl", data + b"\n")
    assert raised.value.code == "bad-value"
    assert import_run(store, ADMIN, project, "a.jsonl", data).complete
