"""What one person works on is not given to another."""

from __future__ import annotations

from math import inf

import pytest
from sqlalchemy.exc import IntegrityError

from core.errors import StoreError
from core.store.database import Store
from core.store.decisions import SHARED, Change, decide, decide_many, track_of
from core.store.holds import HOLD_SECONDS, Hold, claim, hold, holds, progress, release
from core.store.people import Actor
from core.store.projects import Project, assign
from core.store.schema import HOLDS
from tests.stores import ADMIN, OTHER, REVIEWER, said, small_project

THIRD = Actor("Tom", "reviewer")


def finish(store: Store, project: Project, actor: Actor, sentence: int) -> None:
    track = track_of(project, actor)
    decide(store, actor, project, Change(sentence, said(), 0), "accept", track=track)


def test_no_sentence_goes_to_two(store: Store) -> None:
    project, ids = small_project(store)
    taken = [claim(store, actor, project, ids) for actor in (REVIEWER, OTHER, THIRD)]
    assert taken == ids[:3]
    assert [one.reviewer for one in holds(store, project)] == ["Rosa", "Otto", "Tom"]


def test_the_most_wanted_comes_first(store: Store) -> None:
    project, ids = small_project(store)
    assert claim(store, REVIEWER, project, ids[::-1]) == ids[3]
    assert claim(store, OTHER, project, iter(ids[::-1])) == ids[2]


def test_taking_another_lets_the_first_go(store: Store) -> None:
    project, ids = small_project(store)
    claim(store, REVIEWER, project, ids)
    claim(store, REVIEWER, project, ids[1:])
    assert [one.sentence for one in holds(store, project)] == [ids[1]]
    assert claim(store, OTHER, project, ids) == ids[0]
    assert claim(store, REVIEWER, project, ids[1:]) == ids[1]


def test_holds_are_kept_apart_by_project(store: Store) -> None:
    project, ids = small_project(store)
    other, others = small_project(store, name="other")
    claim(store, REVIEWER, project, ids)
    claim(store, REVIEWER, other, others)
    assert [one.sentence for one in holds(store, project)] == [ids[0]]
    release(store, REVIEWER, other)
    assert len(holds(store, project)) == 1


def test_nothing_is_left(store: Store) -> None:
    project, ids = small_project(store, sentences=1)
    claim(store, REVIEWER, project, ids)
    assert claim(store, OTHER, project, ids) is None
    finish(store, project, REVIEWER, ids[0])
    assert claim(store, REVIEWER, project, ids) is None
    # Still in front of its holder, who may look at it and take it back.
    assert [one.reviewer for one in holds(store, project)] == [REVIEWER.name]
    release(store, REVIEWER, project)
    assert holds(store, project) == []


@pytest.mark.parametrize("whose", ["other project", "nowhere"])
def test_a_sentence_must_be_the_projects(store: Store, whose: str) -> None:
    project, _ = small_project(store)
    other, others = small_project(store, name="other")
    sentence = others[0] if whose == "other project" else 999
    for call in (
        lambda: hold(store, REVIEWER, project, sentence),
        lambda: claim(store, REVIEWER, project, [sentence]),
    ):
        with pytest.raises(StoreError) as caught:
            call()
        assert caught.value.code == "unknown-name"
    assert holds(store, other) == holds(store, project) == []


def test_a_hold_ends_by_itself(store: Store) -> None:
    project, ids = small_project(store, sentences=1)
    claim(store, REVIEWER, project, ids, at=1000)
    assert claim(store, OTHER, project, ids, at=1000 + HOLD_SECONDS - 1) is None
    assert claim(store, OTHER, project, ids, at=1000 + HOLD_SECONDS) == ids[0]
    (only,) = holds(store, project, at=1001 + HOLD_SECONDS)
    assert only == Hold(ids[0], "Otto", 1000 + 2 * HOLD_SECONDS)


def test_a_hold_lasts_while_its_holder_is_there(store: Store) -> None:
    project, ids = small_project(store, sentences=1)
    for minute in range(0, 60, 5):
        assert hold(store, REVIEWER, project, ids[0], at=60 * minute) == []
        assert claim(store, OTHER, project, ids, at=60 * minute + 1) is None


def test_letting_go(store: Store) -> None:
    project, ids = small_project(store, sentences=1)
    claim(store, REVIEWER, project, ids)
    release(store, OTHER, project)
    assert claim(store, OTHER, project, ids) is None
    release(store, REVIEWER, project)
    assert claim(store, OTHER, project, ids) == ids[0]


def test_what_is_done_comes_again_only_when_asked_for(store: Store) -> None:
    project, ids = small_project(store)
    finish(store, project, REVIEWER, ids[0])
    assert claim(store, OTHER, project, ids) == ids[1]
    assert claim(store, OTHER, project, ids, again=True) == ids[0]
    assert claim(store, REVIEWER, project, ids, again=True) == ids[1]


@pytest.mark.parametrize("status", ["working", "flagged", "open"])
def test_what_is_not_done_stays_in_the_queue(store: Store, status: str) -> None:
    project, ids = small_project(store)
    answer = said(status=status)  # type: ignore[arg-type]
    decide(store, REVIEWER, project, Change(ids[0], answer, 0), "flag")
    assert claim(store, OTHER, project, ids) == ids[0]


def test_given_sentences_go_to_nobody_else(store: Store) -> None:
    project, ids = small_project(store)
    assign(store, ADMIN, project, ids[:2], "Rosa")
    assert claim(store, OTHER, project, ids) == ids[2]
    assert claim(store, REVIEWER, project, ids) == ids[0]
    assert hold(store, OTHER, project, ids[1]) == [Hold(ids[1], "Rosa", inf)]
    assign(store, ADMIN, project, ids[:2], "")
    assert hold(store, OTHER, project, ids[1]) == []


def test_holding_one_sentence_tells_who_has_it(store: Store) -> None:
    project, ids = small_project(store)
    assert hold(store, REVIEWER, project, ids[0], at=0) == []
    assert hold(store, REVIEWER, project, ids[0], at=1) == []
    assert hold(store, OTHER, project, ids[0], at=2) == [Hold(ids[0], "Rosa", 1 + HOLD_SECONDS)]


def test_several_reviewers_of_a_sentence(store: Store) -> None:
    project, ids = small_project(store, sentences=1, reviewers=2)
    assert claim(store, REVIEWER, project, ids) == ids[0]
    assert claim(store, OTHER, project, ids) == ids[0]
    assert claim(store, THIRD, project, ids) is None
    finish(store, project, REVIEWER, ids[0])
    release(store, REVIEWER, project)
    # Two answers are wanted: one is there, the other is being made.
    assert claim(store, THIRD, project, ids) is None
    release(store, OTHER, project)
    assert claim(store, THIRD, project, ids) == ids[0]
    finish(store, project, THIRD, ids[0])
    assert claim(store, OTHER, project, ids) is None
    assert hold(store, OTHER, project, ids[0]) == [
        Hold(ids[0], "Tom", holds(store, project)[0].until),
        Hold(ids[0], "Rosa", inf),
    ]


def test_looking_again_takes_no_place_from_others(store: Store) -> None:
    project, ids = small_project(store, sentences=1, reviewers=2)
    finish(store, project, REVIEWER, ids[0])
    assert claim(store, REVIEWER, project, ids, again=True) == ids[0]
    assert claim(store, OTHER, project, ids) == ids[0]


def test_answers_that_count_for_nothing_take_no_place(store: Store) -> None:
    """In a project whose answer all share, somebody's own track is a note to themselves."""
    project, ids = small_project(store, sentences=1)
    decide(store, REVIEWER, project, Change(ids[0], said(), 0), "accept", track="Rosa")
    assert claim(store, OTHER, project, ids) == ids[0]


def test_progress_counts_by_reviewer(store: Store) -> None:
    project, ids = small_project(store)
    finish(store, project, REVIEWER, ids[0])
    finish(store, project, OTHER, ids[1])
    decide(store, OTHER, project, Change(ids[2], said(status="flagged"), 0), "flag", track=SHARED)
    assert progress(store, project) == {
        "Rosa": {"accepted": 1},
        "Otto": {"accepted": 1, "flagged": 1},
    }


def test_the_database_itself_gives_a_place_once(store: Store) -> None:
    project, ids = small_project(store, reviewers=2)
    claim(store, REVIEWER, project, ids)
    for slot, name in ((0, "Otto"), (1, "Rosa")):
        row = {"sentence": ids[0], "slot": slot, "project": project.id, "reviewer": name}
        with pytest.raises(IntegrityError), store.write() as connection:
            connection.execute(HOLDS.insert().values(**row, until=0))


def test_the_first_free_sentence_is_found_far_down(store: Store) -> None:
    project, ids = small_project(store, sentences=400)
    changes = [Change(one, said(), 0) for one in ids[:-1]]
    decide_many(store, OTHER, project, changes, "accept", "nearly all")
    assert claim(store, REVIEWER, project, ids) == ids[-1]
    assert claim(store, OTHER, project, ids) is None
