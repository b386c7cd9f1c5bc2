"""Runs: every trace as it was, and a run that was left half-way is taken up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import update

from core.config import ComponentChoice
from core.errors import StoreError
from core.methods import method
from core.overview.outcomes import outcome_of
from core.packing import pack
from core.pipeline import Pipeline
from core.store.database import Store
from core.store.projects import Project, create_project, items
from core.store.runs import (
    StoredRun,
    add_traces,
    begin_run,
    finish_run,
    load_projection,
    load_run,
    runs,
)
from core.store.schema import TRACES
from core.types import Failure, Projection, Trace, WordTags
from tests.builders import pair, sentence
from tests.stores import ADMIN, small_project
from tests.unit.test_packing import assert_same

CONFIG = method("ilp").model_copy(update={"aligner": ComponentChoice(name="precomputed")})


def real_projections() -> list[Projection]:
    """Project two pairs for good, and let the third fail."""
    pairs = [
        pair(
            sentence("Ada Lovelace saw Rome", "en", (0, 2, "PER"), (3, 4, "LOC")),
            sentence("Ada Lovelace sah Rom", "de", (0, 2, "PER"), (3, 4, "LOC")),
            "0-0 1-1 2-2 3-3",
        ),
        pair(sentence("it rains", "en"), sentence("es regnet", "de"), "0-0 1-1"),
        pair(sentence("Rome is old", "en", (0, 1, "LOC")), sentence("Rom ist alt", "de"), "0-0"),
    ]
    made = Pipeline.from_config(CONFIG).run(pairs)
    tags = WordTags(("O", "B-PER"), np.full((4, 2), 0.5, dtype=np.float32))
    made[0] = replace(made[0], trace=replace(made[0].trace, target_tags=tags))
    failure = Failure("align", "model-unusable", "it broke")
    made[2] = replace(made[2], spans=(), decisions=(), trace=Trace(), failure=failure)
    return made


def stored(store: Store, projections: Sequence[Projection]) -> tuple[Project, list[int]]:
    corpus = [one.pair for one in projections]
    made = create_project(store, ADMIN, "runs", corpus, corpus="test")
    return made, [one.id for one in items(store, made)]


def begin(store: Store, where: Project, name: str = "run") -> tuple[StoredRun, int]:
    return begin_run(store, ADMIN, where, name, config=CONFIG, signature="s", labels=("PER",))


def test_traces_come_back_bit_by_bit(store: Store) -> None:
    projections = real_projections()
    where, ids = stored(store, projections)
    run, done = begin(store, where)
    assert done == 0
    add_traces(store, run, ids[:2], projections[:2])
    add_traces(store, run, ids[2:], projections[2:])
    finish_run(store, run)
    for sentence_id, projection in zip(ids, projections, strict=True):
        assert_same(projection, load_projection(store, run, sentence_id))
    (listed,) = runs(store, where)
    assert listed == replace(run, complete=True)
    assert (listed.config, listed.signature, listed.labels) == (CONFIG, "s", ("PER",))
    loaded = load_run(store, listed)
    assert (loaded.name, loaded.signature, loaded.labels) == ("run", "s", ("PER",))
    for projection, outcome in zip(projections, loaded.outcomes, strict=True):
        assert_same(outcome_of(projection), outcome)
    assert loaded.failures == 1


def test_a_run_that_was_left_is_not_listed_and_is_taken_up(store: Store) -> None:
    projections = real_projections()
    where, ids = stored(store, projections)
    run, _ = begin(store, where)
    add_traces(store, run, ids[:2], projections[:2])
    with pytest.raises(StoreError, match="without 1") as caught:
        finish_run(store, run)
    assert caught.value.code == "bad-value"
    assert runs(store, where) == []
    assert runs(store, where, unfinished=True) == [run]
    again, done = begin(store, where)
    assert (again, done) == (run, 2)
    add_traces(store, run, ids[done:], projections[done:])
    finish_run(store, run)
    assert [one.id for one in runs(store, where)] == [run.id]


@pytest.mark.parametrize("change", ["signature", "labels", "config", "complete"])
def test_another_run_does_not_take_the_name(store: Store, change: str) -> None:
    projections = real_projections()
    where, ids = stored(store, projections)
    run, _ = begin(store, where)
    if change == "complete":
        add_traces(store, run, ids, projections)
        finish_run(store, run)
    values = {"config": CONFIG, "signature": "s", "labels": ("PER",)}
    other = {"signature": "t", "labels": None, "config": None}
    if change in other:
        values[change] = other[change]
    with pytest.raises(StoreError, match="in use") as caught:
        begin_run(store, ADMIN, where, "run", **values)  # type: ignore[arg-type]
    assert caught.value.code == "bad-value"


def test_a_run_is_made_by_one_program(store: Store) -> None:
    projections = real_projections()
    where, ids = stored(store, projections)
    run, _ = begin(store, where)
    add_traces(store, run, ids[:1], projections[:1])
    with pytest.raises(StoreError) as caught:
        add_traces(store, run, ids[:2], projections[:2])
    assert caught.value.code == "changed-meanwhile"
    assert begin(store, where)[1] == 1
    add_traces(store, run, [], [])
    with pytest.raises(ValueError, match="zip"):
        add_traces(store, run, ids[1:], projections[:1])
    assert begin(store, where)[1] == 1


def test_names_are_kept_apart_by_project(store: Store) -> None:
    one, _ = small_project(store, name="one")
    other, _ = small_project(store, name="other")
    first, _ = begin(store, one)
    second, _ = begin(store, other)
    assert first.id != second.id
    assert runs(store, other, unfinished=True) == [second]


def test_a_sentence_that_a_run_has_not(store: Store) -> None:
    where, ids = small_project(store)
    run, _ = begin(store, where)
    with pytest.raises(StoreError, match="run") as caught:
        load_projection(store, run, ids[0])
    assert caught.value.code == "unknown-name"


def test_damaged_traces_are_told(store: Store) -> None:
    projections = real_projections()
    where, ids = stored(store, projections)
    run, _ = begin(store, where)
    add_traces(store, run, ids, projections)
    good = pack(projections[0])
    broken = good[:20] + b"\0\0\0\0" + good[24:]
    with store.write() as connection:
        connection.execute(update(TRACES).values(projection=broken, outcome=b"nonsense"))
    for call in (lambda: load_projection(store, run, ids[0]), lambda: load_run(store, run)):
        with pytest.raises(StoreError) as caught:
            call()
        assert caught.value.code == "store-damaged"
        assert caught.value.hint
