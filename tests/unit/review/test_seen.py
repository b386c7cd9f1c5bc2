"""Answers beside the pairs that their runs saw, and pairs with those runs' links."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from core.review.corrections import Correction
from core.review.everywhere import find_everywhere
from core.review.reviewed import LINKS as REVIEWED
from core.review.reviewed import import_answers
from core.review.running import run_project
from core.review.seen import linked_pairs, runs_behind, seen
from core.review.starting import answer_of_outcome, main_run
from core.store.answers import Answer, AnswerSpan
from core.store.database import Store
from core.store.decisions import SHARED, Change, State, decide, states
from core.store.projects import Item, Project, create_project, items
from core.store.runs import StoredRun, load_run, runs
from core.types import Link, Span
from core.whatif.edits import parse_edits
from tests.builders import pair
from tests.stores import ADMIN, OTHER, REVIEWER
from tests.unit.whatif.cases import LINKS, SOURCE, TARGET, by_links

CHINA = Span(4, 5, "LOC")


@pytest.fixture
def project(store: Store) -> Project:
    pairs = [pair(SOURCE, TARGET, LINKS, pair_id=name) for name in "abcd"]
    return create_project(store, ADMIN, "small", pairs, corpus="test/en-de")


@pytest.fixture
def main(store: Store, project: Project) -> StoredRun:
    return run_project(store, ADMIN, project, by_links())


@pytest.fixture
def places(store: Store, project: Project, main: StoredRun) -> StoredRun:
    """Run a method that is asked for places only: its first entity is another one."""
    config = by_links().model_copy(update={"labels": ("LOC",)})
    return run_project(store, ADMIN, project, config, name="places")


@pytest.fixture
def listed(store: Store, project: Project) -> list[Item]:
    return items(store, project)


def test_each_answer_is_beside_the_pair_of_its_own_run(
    store: Store, project: Project, main: StoredRun, places: StoredRun, listed: list[Item]
) -> None:
    taken = Answer("working", (AnswerSpan(3, 4, "LOC", 0),), run=places.id)
    noted, elsewhere = Answer(note="whose?"), Answer("accepted", added=(Span(0, 1, "X"),))
    said = dict(zip([one.id for one in listed], (taken, noted, elsewhere), strict=False))
    known = {main.id: load_run(store, main), **runs_behind(store, project, said.values())}
    assert set(known) == {main.id, places.id}
    pairs, answers = seen(listed, said, known, main.id)
    assert pairs[0].source.spans == (CHINA,)
    assert [one.source.spans for one in pairs[1:]] == [SOURCE.spans] * 3
    started = answer_of_outcome(known[main.id].outcomes[1], main.id)
    assert answers == {0: taken, 1: replace(started, note="whose?"), 2: elsewhere, 3: started}


def test_without_a_run_the_projects_own_pairs_are_there(listed: list[Item]) -> None:
    pairs, answers = seen(listed, {}, {}, None)
    assert pairs == [item.pair for item in listed]
    assert set(answers.values()) == {Answer()}


def test_a_correction_everywhere_means_the_entities_of_each_answers_run(
    store: Store, project: Project, main: StoredRun, places: StoredRun, listed: list[Item]
) -> None:
    said = {listed[0].id: Answer("working", (AnswerSpan(0, 1, "LOC", 0),), run=places.id)}
    known = {main.id: load_run(store, main), **runs_behind(store, project, said.values())}
    pairs, answers = seen(listed, said, known, main.id)
    found = find_everywhere(pairs, answers, Correction("China", "LOC", "class", target_label="X"))
    (first,) = (one for one in found.changes if one.place == 0)
    assert (first.entity, first.wanted) == (0, (AnswerSpan(0, 1, "X", 0),))


def test_what_came_from_a_file_is_a_persons_word(
    store: Store, project: Project, listed: list[Item]
) -> None:
    import_answers(store, REVIEWER, project, [replace(TARGET, spans=(), id="a")])
    said = Answer("accepted")
    decide(store, REVIEWER, project, Change(listed[1].id, said, 0), "accept")
    decide(store, OTHER, project, Change(listed[2].id, Answer("flagged"), 0), "flag")
    by_person = {one.sentence: one.by_person for one in states(store, project)}
    assert list(by_person.values()) == [True, True, False]
    accepted = State(1, SHARED, 1, said, "accept", bulk=True)
    assert not accepted.by_person
    assert not replace(accepted, kind="apply").by_person


def test_the_run_that_is_reviewed(
    store: Store, project: Project, main: StoredRun, places: StoredRun
) -> None:
    assert main_run(runs(store, project)) == main
    assert main_run([main, replace(places, name="default")]) == replace(places, name="default")
    assert main_run([]) is None


def test_pairs_go_out_with_the_links_and_entities_of_their_runs(
    store: Store, project: Project, main: StoredRun, places: StoredRun, listed: list[Item]
) -> None:
    edited = Answer("accepted", (), run=places.id, edits=parse_edits("-0-1 +3-4 +4-6"))
    final = {
        listed[0].id: State(listed[0].id, SHARED, 1, edited),
        listed[1].id: State(listed[1].id, SHARED, 1, Answer("accepted")),
    }
    accepted = partial(linked_pairs, store, project, listed, final, statuses=("accepted",))
    first, second = accepted()
    assert Link(0, 1) not in first.links[REVIEWED]
    assert Link(4, 6) in first.links[REVIEWED]
    assert first.source.spans == (CHINA,)
    assert Link(0, 1) in second.links[REVIEWED]
    assert second.source.spans == SOURCE.spans
    assert [one.source.spans for one in accepted(fill=places)] == [(CHINA,)] * 4
    assert accepted(fill=places, links=main)[1].source.spans == SOURCE.spans
