"""Accepting in bulk, and the precision that a checked sample tells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.overview.disagreement import survey
from core.overview.outcomes import run_corpus
from core.review.bulk import BatchCheck, check_of_batch, places_to_accept
from core.review.starting import answer_of_outcome
from core.store import decisions
from core.store.database import Store
from core.store.decisions import Change
from core.store.projects import Project, create_project, items
from core.types import SentencePair
from tests.builders import pair
from tests.stores import ADMIN, REVIEWER
from tests.unit.whatif.cases import LINKS, SOURCE, TARGET, by_links


def pairs(count: int = 8) -> list[SentencePair]:
    """Make pairs of which the last cannot be aligned."""
    links = [LINKS] * (count - 1) + ["9-9"]
    return [pair(SOURCE, TARGET, one, pair_id=str(place)) for place, one in enumerate(links)]


RUN = run_corpus(by_links(), pairs())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path / 'store.sqlite'}")
    yield opened
    opened.close()


@pytest.fixture
def project(store: Store) -> Project:
    return create_project(store, ADMIN, "small", pairs(), corpus="test/en-de")


def test_only_what_nobody_has_looked_at_is_accepted() -> None:
    found = places_to_accept(RUN, statuses={0: "accepted", 1: "flagged"}, least_margin=-5)
    assert found == [2, 3, 4, 5, 6]  # the last one failed
    assert places_to_accept(RUN, statuses={}, least_margin=99) == []
    assert places_to_accept(RUN, statuses={}, least_margin=-5, label="PER") == []


def test_all_methods_must_say_the_same_where_that_is_wanted() -> None:
    other = replace(RUN, outcomes=(replace(RUN.outcomes[0], spans=()), *RUN.outcomes[1:]))
    found = survey({"a": RUN, "b": other})
    places = places_to_accept(RUN, statuses={}, least_margin=-5, survey=found, unanimous=True)
    assert places == [1, 2, 3, 4, 5, 6]


def accept_all(store: Store, project: Project) -> int:
    changes = [
        Change(
            item.id,
            replace(answer_of_outcome(RUN.outcomes[item.place], 1), status="accepted"),
            0,
        )
        for item in items(store, project)[:-1]
    ]
    result = decisions.decide_many(store, ADMIN, project, changes, "accept", "all")
    assert result.batch is not None
    return result.batch


def check(store: Store, project: Project, batch: int) -> BatchCheck:
    return check_of_batch(store, project, batch)


def test_the_sample_is_checked_from_its_beginning(store: Store, project: Project) -> None:
    batch = accept_all(store, project)
    first = check(store, project, batch)
    assert (first.checked, first.estimate) == (0, None)
    assert sorted(first.order) == [item.id for item in items(store, project)[:-1]]
    assert first.order == check(store, project, batch).order

    right = decisions.state_of(store, project, first.order[0])
    decisions.decide(store, REVIEWER, project, Change(first.order[0], right.answer, 1), "accept")
    wrong = replace(right.answer, spans=())
    decisions.decide(store, REVIEWER, project, Change(first.order[1], wrong, 1), "accept")
    found = check(store, project, batch)
    assert (found.checked, found.next) == (2, found.order[2])
    assert found.estimate is not None
    assert found.estimate.precision == 0.5


def test_what_was_looked_at_out_of_turn_does_not_count(store: Store, project: Project) -> None:
    batch = accept_all(store, project)
    order = check(store, project, batch).order
    state = decisions.state_of(store, project, order[3])
    decisions.decide(store, REVIEWER, project, Change(order[3], state.answer, 1), "accept")
    assert check(store, project, batch).checked == 0
    # A flag says that somebody should look again: nothing is known yet.
    flagged = replace(state.answer, status="flagged")
    decisions.decide(store, REVIEWER, project, Change(order[0], flagged, 1), "flag")
    assert check(store, project, batch).checked == 0


def test_a_rejected_sentence_was_accepted_wrongly(store: Store, project: Project) -> None:
    batch = accept_all(store, project)
    first = check(store, project, batch).order[0]
    rejected = replace(decisions.state_of(store, project, first).answer, status="rejected")
    decisions.decide(store, REVIEWER, project, Change(first, rejected, 1), "reject")
    found = check(store, project, batch)
    assert found.estimate is not None
    assert found.estimate.precision == 0
