"""Accepting in bulk, and the precision that a checked sample tells."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.overview.disagreement import survey
from core.overview.outcomes import run_corpus
from core.review.bulk import (
    Acceptable,
    BatchCheck,
    acceptances,
    check_of_batch,
    find_acceptable,
)
from core.store import decisions
from core.store.answers import Answer
from core.store.database import Store
from core.store.decisions import Change, Standing
from core.store.log import noted
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
def project(store: Store) -> Project:
    return create_project(store, ADMIN, "small", pairs(), corpus="test/en-de")


def test_only_what_nobody_has_looked_at_is_accepted() -> None:
    found = find_acceptable(RUN, statuses={0: "accepted", 1: "flagged"}, least_margin=-5)
    assert found == Acceptable((2, 3, 4, 5, 6), ())  # the last one failed
    nothing = Acceptable((), ())
    assert find_acceptable(RUN, statuses={}, least_margin=99) == nothing
    assert find_acceptable(RUN, statuses={}, least_margin=-5, label="PER") == nothing


def test_what_somebody_wrote_a_note_on_is_left_alone(store: Store, project: Project) -> None:
    ids = [item.id for item in items(store, project)]
    for place, one in ((1, Answer(run=1, note="really?")), (2, Answer(run=1))):
        decisions.decide(store, REVIEWER, project, Change(ids[place], one, 0), "edit")
    flagged = Answer("flagged", run=1, note="no")
    decisions.decide(store, REVIEWER, project, Change(ids[3], flagged, 0), "flag")
    assert noted(store, project) == {ids[1]}
    assert noted(store, project, REVIEWER.name) == set()
    found = find_acceptable(RUN, statuses={3: "flagged"}, noted={1, 7}, least_margin=-5)
    assert found == Acceptable((0, 2, 4, 5, 6), (1,))


def test_acceptances_are_on_the_versions_that_were_seen(store: Store, project: Project) -> None:
    seen = {1: Standing("open", "Rosa", bulk=False, version=2)}
    first, second = acceptances(items(store, project), [0, 1], seen, RUN, 5)
    assert (first.version, second.version) == (0, 2)
    assert (first.answer.status, first.answer.run) == ("accepted", 5)
    assert first.answer.plain_spans == RUN.outcomes[0].spans


def test_all_methods_must_say_the_same_where_that_is_wanted() -> None:
    other = replace(RUN, outcomes=(replace(RUN.outcomes[0], spans=()), *RUN.outcomes[1:]))
    found = survey({"a": RUN, "b": other})
    fitting = find_acceptable(RUN, statuses={}, least_margin=-5, survey=found, unanimous=True)
    assert fitting.places == (1, 2, 3, 4, 5, 6)


def accept_all(store: Store, project: Project) -> int:
    changes = acceptances(items(store, project), range(len(RUN.outcomes) - 1), {}, RUN, 1)
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
