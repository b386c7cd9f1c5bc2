"""Decisions are kept as they were made, and nothing is ever overwritten."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.errors import StoreError
from core.store import database
from core.store.answers import NO_ANSWER, Answer, AnswerSpan, answer_from
from core.store.database import Store
from core.store.decisions import (
    SHARED,
    BatchResult,
    Change,
    Kind,
    Standing,
    State,
    batches,
    decide,
    decide_many,
    last_own,
    log_of,
    log_of_project,
    redo,
    sentences_of_batch,
    standing,
    state_of,
    states,
    undo,
    undo_batch,
)
from core.store.people import Actor
from core.store.projects import Project
from core.types import EntityCandidate, Link, Span
from core.whatif.edits import Edits
from tests.stores import ADMIN, OTHER, REVIEWER, said, small_project


def accept(
    store: Store,
    project: Project,
    sentence: int,
    note: str = "",
    *,
    actor: Actor = REVIEWER,
    track: str = SHARED,
    kind: Kind = "accept",
) -> State:
    """Decide on what stands now."""
    version = state_of(store, project, sentence, track).version
    return decide(store, actor, project, Change(sentence, said(note), version), kind, track=track)


def bulk(
    store: Store, project: Project, ids: list[int], note: str = "bulk", actor: Actor = REVIEWER
) -> BatchResult:
    """Decide on what stands now, for many."""
    changes = [Change(one, said(note), state_of(store, project, one).version) for one in ids]
    return decide_many(store, actor, project, changes, "accept", note)


def notes(store: Store, project: Project) -> list[str]:
    """Return the notes of all that stands, by which tests tell answers apart."""
    return [one.answer.note for one in states(store, project)]


WHOLE = Answer(
    "flagged",
    (AnswerSpan(0, 1, "4 ÖRG", 0), AnswerSpan(2, 4, "PER", None)),
    run=None,
    edits=Edits(
        added=(Link(0, 1), Link(0, 3, sure=False)),
        removed=(Link(2, 2),),
        pins=(EntityCandidate(0, 2, 4),),
        bans=(EntityCandidate(0, 0, 1),),
        # A class that the address of a page could not hold.
        entities=(Span(0, 1, "PER/title 4"),),
    ),
    dropped=(0,),
    added=(Span(2, 4, "PER"),),
    note="ניל\0 \ud800 'x' %s ؟",
)


@pytest.mark.parametrize("answer", [NO_ANSWER, said(), WHOLE], ids=["none", "small", "whole"])
def test_an_answer_comes_back_as_it_was(store: Store, answer: Answer) -> None:
    project, ids = small_project(store)
    made = decide(store, REVIEWER, project, Change(ids[0], answer, 0), "edit")
    assert made == state_of(store, project, ids[0]) == states(store, project)[0]
    assert made.answer == answer == log_of(store, ids[0])[0].answer
    assert answer_from(answer.as_dict()) == answer


def test_edits_to_no_entity_at_all_are_kept(store: Store) -> None:
    project, ids = small_project(store)
    answer = Answer(edits=Edits(entities=()))
    decide(store, REVIEWER, project, Change(ids[0], answer, 0), "edit")
    assert state_of(store, project, ids[0]).answer == answer


def test_every_decision_is_logged(store: Store) -> None:
    project, ids = small_project(store)
    accept(store, project, ids[0], "a")
    accept(store, project, ids[1], "b", actor=OTHER)
    made = accept(store, project, ids[0], "c", actor=OTHER, kind="edit")
    log = log_of_project(store, project)
    assert [(one.sentence, one.version, one.kind, one.reviewer) for one in log] == [
        (ids[0], 1, "accept", "Rosa"),
        (ids[1], 1, "accept", "Otto"),
        (ids[0], 2, "edit", "Otto"),
    ]
    assert [one.id for one in log] == sorted(one.id for one in log)
    assert [one.at for one in log] == sorted(one.at for one in log)
    assert (made.version, made.reviewer, made.kind, made.bulk) == (2, "Otto", "edit", False)
    assert log_of_project(store, project, until=log[1].id) == log[:2]
    assert log_of(store, ids[0]) == [log[0], log[2]]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE decisions SET reviewer = 'nobody'",
        "UPDATE decisions SET answer = '{}' WHERE version = 1",
        "DELETE FROM decisions",
        "DELETE FROM decisions WHERE version = 1",
    ],
)
def test_the_database_itself_changes_no_decision(store: Store, statement: str) -> None:
    project, ids = small_project(store)
    accept(store, project, ids[0])
    before = log_of_project(store, project)
    with pytest.raises(DBAPIError, match="never changed"), store.write() as connection:
        connection.execute(text(statement))
    assert log_of_project(store, project) == before


def test_replacing_a_decision_is_refused_too(store: Store) -> None:
    """SQLite's REPLACE deletes what is in its way, and asks no trigger about that."""
    project, ids = small_project(store)
    accept(store, project, ids[0])
    before = log_of_project(store, project)
    verb = "INSERT OR REPLACE" if store.engine.dialect.name == "sqlite" else "INSERT"
    columns = "id, sentence, track, version, kind, reviewer, at, answer"
    copy = f"{verb} INTO decisions ({columns}) SELECT id, sentence, track, version, kind, 'x', at,"
    with pytest.raises(DBAPIError), store.write() as connection:
        connection.execute(text(f"{copy} answer FROM decisions"))
    assert log_of_project(store, project) == before


def test_a_table_of_decisions_is_not_emptied(store: Store) -> None:
    if store.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has no TRUNCATE")
    project, ids = small_project(store)
    accept(store, project, ids[0])
    with pytest.raises(DBAPIError, match="never changed"), store.write() as connection:
        connection.execute(text("TRUNCATE decisions CASCADE"))
    assert len(log_of_project(store, project)) == 1


def test_who_comes_second_is_told_and_overwrites_nothing(store: Store) -> None:
    project, ids = small_project(store)
    accept(store, project, ids[0], "first")
    with pytest.raises(StoreError, match="Rosa") as caught:
        decide(store, OTHER, project, Change(ids[0], said("second"), 0), "accept")
    assert caught.value.code == "changed-meanwhile"
    assert "overwritten" in caught.value.hint
    for step in (undo, redo):
        with pytest.raises(StoreError) as caught:
            step(store, REVIEWER, project, ids[0], track=SHARED, version=0)
        assert caught.value.code == "changed-meanwhile"
    assert notes(store, project) == ["first"]
    assert len(log_of_project(store, project)) == 1


def test_a_version_nobody_has_made_is_refused(store: Store) -> None:
    project, ids = small_project(store)
    with pytest.raises(StoreError, match="nobody has decided") as caught:
        decide(store, REVIEWER, project, Change(ids[0], said(), 3), "accept")
    assert caught.value.code == "changed-meanwhile"


def test_of_many_at_once_one_wins(store: Store) -> None:
    project, ids = small_project(store)

    def one(number: int) -> bool:
        try:
            decide(store, OTHER, project, Change(ids[0], said(str(number)), 0), "accept")
        except StoreError as error:
            if error.code != "changed-meanwhile":
                raise
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one, range(16))) == 1
    assert len(log_of_project(store, project)) == 1


def test_everybody_gets_through_by_looking_again(store: Store) -> None:
    project, ids = small_project(store)
    numbers = count()

    def work(_: int) -> int:
        done = 0
        while done < 5:
            try:
                accept(store, project, ids[0], str(next(numbers)))
                done += 1
            except StoreError as error:
                if error.code != "changed-meanwhile":
                    raise
        return done

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 20
    log = log_of(store, ids[0])
    assert [one.version for one in log] == list(range(1, 21))
    assert len({one.answer.note for one in log}) == 20


@pytest.mark.parametrize("wanted", ["other project", "nowhere"])
def test_a_sentence_must_be_the_projects(store: Store, wanted: str) -> None:
    project, _ = small_project(store)
    _, others = small_project(store, name="other")
    sentence = others[0] if wanted == "other project" else 999
    change = Change(sentence, said(), 0)
    for call in (
        lambda: decide(store, ADMIN, project, change, "accept"),
        lambda: decide_many(store, ADMIN, project, [change], "accept", "bulk"),
        lambda: undo(store, ADMIN, project, sentence, track=SHARED, version=0),
        lambda: state_of(store, project, sentence),
    ):
        with pytest.raises(StoreError) as caught:
            call()
        assert caught.value.code == "unknown-name"
    assert log_of(store, sentence) == []
    assert batches(store, project) == []


@pytest.mark.parametrize("kind", ["undo", "redo"])
def test_undoing_is_not_decided(store: Store, kind: Kind) -> None:
    project, ids = small_project(store)
    with pytest.raises(ValueError, match="function"):
        decide(store, ADMIN, project, Change(ids[0], said(), 0), kind)
    with pytest.raises(ValueError, match="function"):
        decide_many(store, ADMIN, project, [Change(ids[0], said(), 0)], kind, "bulk")


def go(store: Store, project: Project, sentence: int, steps: str) -> str:
    """Undo (u) and redo (r) by hand, or decide (any other letter); return what stands."""
    for letter in steps:
        version = state_of(store, project, sentence).version
        if letter in "ur":
            step = undo if letter == "u" else redo
            step(store, REVIEWER, project, sentence, track=SHARED, version=version)
        else:
            accept(store, project, sentence, letter)
    return state_of(store, project, sentence).answer.note


@pytest.mark.parametrize(
    ("steps", "stands", "decisions"),
    [
        ("u", "", 0),
        ("r", "", 0),
        ("au", "", 2),
        ("auu", "", 2),
        ("aur", "a", 3),
        ("aurr", "a", 3),
        ("abu", "a", 3),
        ("abuu", "", 4),
        ("abuur", "a", 5),
        ("abuurr", "b", 6),
        ("abucr", "c", 4),
        ("abucu", "a", 5),
        ("abucuu", "", 6),
        ("aurur", "a", 5),
        ("abcuuru", "a", 7),
        ("abcuurur", "b", 8),
    ],
)
def test_undoing_and_doing_again(store: Store, steps: str, stands: str, decisions: int) -> None:
    project, ids = small_project(store)
    assert go(store, project, ids[0], steps) == stands
    log = log_of(store, ids[0])
    assert len(log) == decisions
    assert [one.version for one in log] == list(range(1, decisions + 1))
    known = {one.id: one for one in log}
    for one in log:
        assert (one.undoes is not None) == (one.kind in ("undo", "redo"))
        assert one.undoes is None or known[one.undoes].kind == "accept"


def test_only_admins_take_back_what_others_decided(store: Store) -> None:
    project, ids = small_project(store)
    accept(store, project, ids[0], "a")
    with pytest.raises(StoreError, match="Rosa") as caught:
        undo(store, OTHER, project, ids[0], track=SHARED, version=1)
    assert caught.value.code == "not-allowed"
    assert undo(store, ADMIN, project, ids[0], track=SHARED, version=1).answer == NO_ANSWER
    with pytest.raises(StoreError):
        redo(store, OTHER, project, ids[0], track=SHARED, version=2)


def test_a_bulk_change_leaves_what_others_changed(store: Store) -> None:
    project, ids = small_project(store)
    accept(store, project, ids[1], "mine")
    changes = [Change(one, said("bulk"), 0) for one in ids]
    made = decide_many(store, OTHER, project, changes, "take", "all of it")
    assert made.done == (ids[0], ids[2], ids[3])
    assert made.refused == (ids[1],)
    assert made.batch is not None
    assert notes(store, project) == ["bulk", "mine", "bulk", "bulk"]
    assert [one.bulk for one in states(store, project)] == [True, False, True, True]
    (listed,) = batches(store, project)
    assert (listed.id, listed.kind, listed.description) == (made.batch, "take", "all of it")
    assert (listed.reviewer, listed.sentences, listed.standing) == ("Otto", 3, 3)
    assert sentences_of_batch(store, made.batch) == list(made.done)


def test_a_bulk_change_of_nothing_is_none(store: Store) -> None:
    project, ids = small_project(store)
    assert decide_many(store, OTHER, project, [], "accept", "") == BatchResult(None, (), ())
    stale = [Change(one, said(), 7) for one in ids]
    made = decide_many(store, OTHER, project, stale, "accept", "")
    assert made == BatchResult(None, (), tuple(ids))
    assert batches(store, project) == []


def test_a_sentence_named_twice_is_changed_once(store: Store) -> None:
    project, ids = small_project(store)
    changes = [Change(ids[0], said("a"), 0), Change(ids[0], said("b"), 0)]
    made = decide_many(store, OTHER, project, changes, "accept", "")
    assert (made.done, made.refused) == ((ids[0],), (ids[0],))
    assert notes(store, project) == ["a"]


def test_a_bulk_change_is_undone_in_one_step(store: Store) -> None:
    project, ids = small_project(store)
    accept(store, project, ids[1], "before")
    made = bulk(store, project, ids)
    assert made.batch is not None
    accept(store, project, ids[2], "later")
    back = undo_batch(store, REVIEWER, project, made.batch)
    assert back.done == (ids[0], ids[1], ids[3])
    assert back.refused == (ids[2],)
    assert notes(store, project) == ["", "before", "later", ""]
    newest, oldest = batches(store, project)
    assert (newest.kind, newest.sentences) == ("undo", 3)
    assert (oldest.id, oldest.sentences, oldest.standing) == (made.batch, 4, 0)
    assert undo_batch(store, REVIEWER, project, made.batch).done == ()
    # A bulk change that took another back is itself not taken back: its sentences are done again.
    assert newest.standing == 0
    assert undo_batch(store, REVIEWER, project, newest.id).done == ()
    assert go(store, project, ids[1], "r") == "bulk"


def test_what_stands_of_a_bulk_change_is_what_undoing_it_undoes(store: Store) -> None:
    project, ids = small_project(store)
    made = bulk(store, project, ids)
    assert made.batch is not None
    go(store, project, ids[0], "u")  # taken back
    go(store, project, ids[1], "ur")  # and done again
    go(store, project, ids[2], "xu")  # changed, and the change taken back
    (listed,) = batches(store, project)
    assert listed.standing == 3
    assert undo_batch(store, REVIEWER, project, made.batch).done == (ids[1], ids[2], ids[3])


def test_only_admins_take_back_the_bulk_changes_of_others(store: Store) -> None:
    project, ids = small_project(store)
    made = bulk(store, project, ids)
    assert made.batch is not None
    with pytest.raises(StoreError, match="Rosa") as caught:
        undo_batch(store, OTHER, project, made.batch)
    assert caught.value.code == "not-allowed"
    assert len(undo_batch(store, ADMIN, project, made.batch).done) == 4


def test_a_bulk_change_must_be_the_projects(store: Store) -> None:
    project, ids = small_project(store)
    other, _ = small_project(store, name="other")
    made = bulk(store, project, ids)
    for where, batch in ((other, made.batch), (project, 999)):
        with pytest.raises(StoreError) as caught:
            undo_batch(store, ADMIN, where, batch or 0)
        assert caught.value.code == "unknown-name"


def test_everyone_has_a_track_where_answers_are_independent(store: Store) -> None:
    project, ids = small_project(store, reviewers=2)
    accept(store, project, ids[0], "r", track="Rosa")
    accept(store, project, ids[0], "o", actor=OTHER, track="Otto")
    assert state_of(store, project, ids[0]).version == 0
    assert state_of(store, project, ids[0], "Rosa").answer.note == "r"
    assert [one.track for one in states(store, project, None)] == ["Otto", "Rosa"]
    assert [one.version for one in log_of(store, ids[0])] == [1, 1]
    assert [one.track for one in log_of(store, ids[0], "Otto")] == ["Otto"]
    changes = [Change(one, said("bulk"), 0) for one in ids]
    made = decide_many(store, OTHER, project, changes, "accept", "mine", track="Otto")
    assert (made.done, made.refused) == (tuple(ids[1:]), (ids[0],))
    assert made.batch is not None
    assert batches(store, project)[0].standing == 3
    assert undo_batch(store, OTHER, project, made.batch).done == tuple(ids[1:])
    assert {one.answer.note for one in states(store, project, "Otto")} == {"o", ""}


def test_the_last_word_is_an_admins_where_answers_are_independent(store: Store) -> None:
    project, ids = small_project(store, reviewers=2)
    for track, kind in ((SHARED, "accept"), (SHARED, "adjudicate"), ("Otto", "accept")):
        with pytest.raises(StoreError) as caught:
            accept(store, project, ids[0], track=track, kind=kind)  # type: ignore[arg-type]
        assert caught.value.code == "not-allowed"
    with pytest.raises(StoreError, match="shared"):
        accept(store, project, ids[0], track="Rosa", kind="adjudicate")
    with pytest.raises(StoreError):
        bulk(store, project, ids)
    with pytest.raises(StoreError):
        accept(store, project, ids[0], actor=ADMIN, track="Rosa")
    made = accept(store, project, ids[0], "last", actor=ADMIN, kind="adjudicate")
    assert (made.track, made.kind, made.answer.note) == (SHARED, "adjudicate", "last")
    with pytest.raises(StoreError):
        undo(store, REVIEWER, project, ids[0], track=SHARED, version=1)
    assert len(log_of_project(store, project)) == 1


def test_lists_need_no_answers(store: Store) -> None:
    project, ids = small_project(store)
    accept(store, project, ids[1], "one")
    bulk(store, project, ids[2:], actor=OTHER)
    assert standing(store, project) == {
        ids[1]: Standing("accepted", "Rosa", False, 1),
        ids[2]: Standing("accepted", "Otto", True, 1),
        ids[3]: Standing("accepted", "Otto", True, 1),
    }
    assert standing(store, project, "Rosa") == {}


def test_the_last_thing_somebody_did_and_can_take_back(store: Store) -> None:
    project, ids = small_project(store)
    other, others = small_project(store, name="other")

    def last() -> int | None:
        return last_own(store, REVIEWER, project, SHARED)

    assert last() is None
    accept(store, project, ids[0])
    accept(store, project, ids[1])
    accept(store, project, ids[2], actor=OTHER)
    accept(store, other, others[3])
    bulk(store, project, [ids[3]])  # that is taken back as a whole
    assert last() == ids[1]
    go(store, project, ids[1], "u")
    assert last() == ids[0]
    go(store, project, ids[1], "r")
    assert last() == ids[1]
    accept(store, project, ids[1], actor=OTHER)  # no longer the last word there
    assert last() == ids[0]
    go(store, project, ids[0], "u")
    assert last() is None


@pytest.mark.parametrize("in_this_program", [True, False])
def test_nobody_waits_for_ever(
    store: Store, store_url: str, in_this_program: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who hangs with the project in hand is told about after a while."""
    monkeypatch.setattr(database, "_WAIT_SECONDS", 1)
    project, ids = small_project(store)
    other = Store.open(store_url)
    holder = other if in_this_program else store
    with holder.write(project.id) as connection:
        connection.execute(text("SELECT 1"))
        with pytest.raises(StoreError) as caught:
            accept(other, project, ids[0])
    assert caught.value.code == "store-busy"
    assert accept(other, project, ids[0]).version == 1
    other.close()
