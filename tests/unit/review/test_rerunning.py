"""Running a method again with what was decided."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.errors import StoreError
from core.review.rerunning import run_again
from core.review.running import run_project
from core.store.answers import Answer, AnswerSpan
from core.store.database import Store
from core.store.projects import Project, create_project
from core.store.runs import StoredRun, load_run, runs
from core.types import Span
from tests.builders import pair
from tests.stores import ADMIN, REVIEWER
from tests.unit.whatif.cases import LINKS, SOURCE, TARGET, by_links

BANK, CHINA = 0, 1
# The reviewer says that the bank is the word bank alone, and China the word China.
REVIEWED = Answer(
    "accepted", (AnswerSpan(1, 2, "ORG", BANK), AnswerSpan(3, 4, "LOC", CHINA)), run=1
)


@pytest.fixture
def project(store: Store) -> Project:
    # Names that repeat or are missing must not carry a decision to another sentence.
    pairs = [pair(SOURCE, TARGET, LINKS, pair_id=name) for name in ("x", "x", "", "")]
    return create_project(store, ADMIN, "small", pairs, corpus="test/en-de")


@pytest.fixture
def base(store: Store, project: Project) -> StoredRun:
    return run_project(store, ADMIN, project, by_links())


def test_decided_sentences_come_out_as_decided_and_others_as_before(
    store: Store, project: Project, base: StoredRun
) -> None:
    one_dropped = replace(REVIEWED, dropped=(CHINA,), spans=REVIEWED.spans[:1])
    answers = {1: REVIEWED, 2: one_dropped}
    made = run_again(store, ADMIN, project, base, by_links(), answers, name="again")
    before, after = load_run(store, base), load_run(store, made)
    assert after.outcomes[1].spans == (Span(1, 2, "ORG"), Span(3, 4, "LOC"))
    assert after.outcomes[2].spans == (Span(1, 2, "ORG"),)
    for place in (0, 3):
        assert after.outcomes[place].spans == before.outcomes[place].spans == (Span(1, 4, "ORG"),)
    assert [one.pair.id for one in after.outcomes] == ["x", "x", "", ""]
    assert [run.name for run in runs(store, project)] == ["by_links", "again"]
    assert "decisions:" in made.signature


def test_an_answer_that_starts_from_another_run_means_the_entities_of_that(
    store: Store, project: Project, base: StoredRun
) -> None:
    config = by_links().model_copy(update={"labels": ("LOC",)})
    places = run_project(store, ADMIN, project, config, name="places")
    said = Answer("accepted", (AnswerSpan(5, 6, "LOC", 0),), run=places.id)
    made = run_again(store, ADMIN, project, base, by_links(), {1: said}, name="again")
    assert Span(5, 6, "LOC") in load_run(store, made).outcomes[1].spans


def test_answers_that_say_nothing_of_the_whole_change_nothing(
    store: Store, project: Project, base: StoredRun
) -> None:
    flagged = replace(REVIEWED, status="flagged")
    made = run_again(store, ADMIN, project, base, by_links(), {1: flagged}, name="again")
    assert load_run(store, made).outcomes[1].spans == (Span(1, 4, "ORG"),)


def test_it_takes_an_admin_and_a_name_of_its_own(
    store: Store, project: Project, base: StoredRun
) -> None:
    with pytest.raises(StoreError) as caught:
        run_again(store, REVIEWER, project, base, by_links(), {}, name="again")
    assert caught.value.code == "not-allowed"
    with pytest.raises(StoreError) as caught:
        run_again(store, ADMIN, project, base, by_links(), {}, name=base.name)
    assert caught.value.code == "bad-value"
