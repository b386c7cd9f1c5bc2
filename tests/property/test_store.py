"""Any sequence of decisions, undone and done again, leaves what a simple model says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from core.store.answers import NO_ANSWER, Answer
from core.store.database import Store
from core.store.decisions import (
    SHARED,
    Change,
    batches,
    decide,
    decide_many,
    log_of_project,
    redo,
    state_of,
    states,
    undo,
    undo_batch,
)
from core.store.projects import Project
from core.store.upkeep import check, rebuild
from tests.stores import ADMIN, said, small_project

SENTENCES = 3
PLACES = st.integers(0, SENTENCES - 1)
STEPS = st.one_of(
    st.tuples(st.just("decide"), PLACES),
    st.tuples(st.just("stale"), PLACES),
    st.tuples(st.just("undo"), PLACES),
    st.tuples(st.just("redo"), PLACES),
    st.tuples(st.just("bulk"), st.sets(PLACES, min_size=1)),
    st.tuples(st.just("undo bulk"), st.integers(0, 3)),
)


@dataclass
class Model:
    """What a person expects: for every sentence a pile of answers, and one of those taken back."""

    past: list[list[tuple[Answer, int | None]]] = field(
        default_factory=lambda: [[] for _ in range(SENTENCES)]
    )
    future: list[list[tuple[Answer, int | None]]] = field(
        default_factory=lambda: [[] for _ in range(SENTENCES)]
    )
    versions: list[int] = field(default_factory=lambda: [0] * SENTENCES)
    bulk: list[int] = field(default_factory=list)

    def stands(self) -> list[Answer]:
        return [pile[-1][0] if pile else NO_ANSWER for pile in self.past]

    def put(self, place: int, answer: Answer, batch: int | None = None) -> None:
        self.past[place].append((answer, batch))
        self.future[place].clear()
        self.versions[place] += 1

    def move(self, place: int, *, back: bool) -> bool:
        here, there = self.past[place], self.future[place]
        if not back:
            here, there = there, here
        if not here:
            return False
        there.append(here.pop())
        self.versions[place] += 1
        return True


@contextmanager
def fresh() -> Iterator[tuple[Store, Project, list[int]]]:
    with TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{Path(folder) / 'store.sqlite'}")
        project, ids = small_project(store, sentences=SENTENCES)
        yield store, project, ids
        store.close()


def take(step: tuple[str, Any], note: str, model: Model, where: Any) -> None:
    """Take a step in the store and in the model."""
    store, project, ids = where
    kind, what = step
    answer = said(note)
    if kind == "decide":
        change = Change(ids[what], answer, model.versions[what])
        decide(store, ADMIN, project, change, "accept")
        model.put(what, answer)
    elif kind == "stale":
        change = Change(ids[what], answer, model.versions[what] + 1)
        made = decide_many(store, ADMIN, project, [change], "accept", note)
        assert (made.batch, made.refused) == (None, (ids[what],))
    elif kind in ("undo", "redo"):
        call = undo if kind == "undo" else redo
        call(store, ADMIN, project, ids[what], track=SHARED, version=model.versions[what])
        model.move(what, back=kind == "undo")
    elif kind == "bulk":
        changes = [Change(ids[place], answer, model.versions[place]) for place in sorted(what)]
        made = decide_many(store, ADMIN, project, changes, "accept", note)
        assert made.batch is not None
        assert made.refused == ()
        model.bulk.append(made.batch)
        for place in what:
            model.put(place, answer, made.batch)
    elif what < len(model.bulk):
        batch = model.bulk[what]
        wanted = [
            place
            for place in range(SENTENCES)
            if model.past[place][-1:] and _of(model, place) == batch
        ]
        made = undo_batch(store, ADMIN, project, batch)
        assert made.done == tuple(ids[place] for place in wanted)
        for place in wanted:
            model.move(place, back=True)


def _of(model: Model, place: int) -> int | None:
    return model.past[place][-1][1]


@given(st.lists(STEPS, max_size=14))
@settings(max_examples=40)
def test_the_store_does_what_the_model_says(steps: list[tuple[str, Any]]) -> None:
    model, history = Model(), list[tuple[int, list[Answer]]]()
    with fresh() as where:
        store, project, ids = where
        for number, step in enumerate(steps):
            take(step, f"n{number}", model, where)
            stood = [state_of(store, project, one) for one in ids]
            assert [one.answer for one in stood] == model.stands()
            assert [one.version for one in stood] == model.versions
            log = log_of_project(store, project)
            history.append((log[-1].id if log else 0, model.stands()))
        for listed in batches(store, project):
            pile = [_of(model, place) for place in range(SENTENCES) if model.past[place]]
            assert listed.standing == pile.count(listed.id)
        for last, stood_then in history:
            known = {one.sentence: one.answer for one in log_of_project(store, project, until=last)}
            assert [known.get(one, NO_ANSWER) for one in ids] == stood_then
        before = states(store, project)
        assert check(store)["decisions"] == sum(model.versions)
        rebuild(store, ADMIN)
        assert states(store, project) == before
