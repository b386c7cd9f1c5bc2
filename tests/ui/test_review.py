"""The page Review, driven through app.py without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.review.rerunning import run_again
from core.review.reviewed import import_answers
from core.review.running import run_project
from core.store import decisions, holds
from core.store.answers import Answer, AnswerSpan
from core.store.database import VARIABLE, Store
from core.store.decisions import Change
from core.store.projects import Project, assign, create_project, find_project, items
from core.store.runs import StoredRun, runs
from core.types import SentencePair
from tests.builders import pair, sentence
from tests.stores import ADMIN, OTHER, REVIEWER
from tests.ui.driving import (
    INJECTION,
    address,
    as_role,
    go_back,
    has,
    healthy,
    open_app,
    shown,
    start_app,
)
from tests.unit.whatif.cases import LINKS, SOURCE, TARGET, by_links

ADA = ADMIN.name
# What is looked at first: the entity that lost its word.
CHINA = 1
BANK = (AnswerSpan(1, 4, "ORG", 0),)


def corpus() -> list[SentencePair]:
    """Make sentences that differ in the words before the entities they share."""
    pairs = [pair(SOURCE, TARGET, LINKS, pair_id=f"s{place}") for place in range(5)]
    evil = sentence(f"Ada {INJECTION}", "en", (0, 1, "PER"))
    return [*pairs, pair(evil, sentence(f"Ada {INJECTION}", "de"), "0-0", pair_id=INJECTION)]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    monkeypatch.setenv(VARIABLE, url)
    opened = Store.open(url)
    yield opened
    opened.close()


def open_tab(app: AppTest, name: str) -> AppTest:
    app.session_state["review.tab"] = name
    return healthy(app.run())


def make(store: Store, reviewers: int = 1) -> Project:
    project = create_project(
        store, ADMIN, "small", corpus(), corpus="test/en-de", reviewers=reviewers
    )
    run_project(store, ADMIN, project, by_links())
    run_project(store, ADMIN, project, by_links(min_score=0.0), name="looser")
    return project


@pytest.fixture
def project(store: Store) -> Project:
    return make(store)


open_page = partial(open_app, "review", name=ADA)


def key(app: AppTest, name: str) -> str:
    """Return the key of a widget, which holds the sentence where it is about one."""
    here = app.query_params["sentence"][0]
    for whole in (f"review.{name}", f"review.{name}.{here}", f"review.edit.{here}.{name}"):
        if has(app, whole):
            return whole
    return f"review.{name}"


def click(app: AppTest, name: str) -> AppTest:
    return healthy(app.button(key=key(app, name)).click().run())


def number(app: AppTest) -> int:
    return int(app.query_params["sentence"][0])


def state(store: Store, place: int, track: str = "") -> decisions.State:
    project = find_project(store, "small")
    return decisions.state_of(store, project, items(store, project)[place].id, track)


def told(app: AppTest, place: int = 0) -> str:
    return shown(app, f"review.told.{place}") if has(app, f"review.told.{place}") else ""


def test_without_a_project_the_page_says_where_to_make_one(store: Store) -> None:
    app = open_page(name="")
    assert "make one of a corpus on the page Data" in shown(app, "review.missing")


def test_without_a_name_nothing_can_be_decided(project: Project) -> None:
    app = open_page(name="")
    assert "who you are" in shown(app, "review.missing")
    assert not app.button


def test_accepting_keeps_the_answer_and_goes_on(store: Store, project: Project) -> None:
    app = open_page()
    first = number(app)
    click(app, "accept")
    kept = state(store, first - 1)
    assert (kept.answer.status, kept.kind, kept.reviewer) == ("accepted", "accept", ADA)
    assert kept.answer.plain_spans
    assert number(app) != first
    assert "1 of 6 done" in app.get("progress")[0].proto.text


@pytest.mark.parametrize(("name", "status"), [("reject", "rejected"), ("flag", "flagged")])
def test_the_other_verdicts(store: Store, project: Project, name: str, status: str) -> None:
    app = open_page()
    first = number(app)
    click(app, name)
    assert state(store, first - 1).answer.status == status


def test_a_failed_sentence_is_not_accepted_as_one_without_entities(store: Store) -> None:
    broken = pair(SOURCE, TARGET, "9-9", pair_id="broken")
    failed = create_project(store, ADMIN, "small", [broken], corpus="test/en-de")
    run_project(store, ADMIN, failed, by_links())
    app = open_page(sentence="1")
    assert "failed" in shown(app, "review.failure")
    click(app, "accept")
    assert "not the same as no entities" in told(app)
    assert state(store, 0).version == 0
    click(app, "accept_empty")
    assert state(store, 0).answer.status == "accepted"


def test_undo_goes_back_to_what_was_decided_last(store: Store, project: Project) -> None:
    app = open_page()
    first = number(app)
    click(app, "accept")
    click(app, "undo")
    assert number(app) == first
    assert state(store, first - 1).answer.status == "open"
    assert "Taken back" in told(app)
    click(app, "undo")
    assert "nothing of yours" in told(app)


def test_another_methods_answer_is_taken_with_its_number(store: Store, project: Project) -> None:
    app = open_page(sentence="1")
    click(app, "take.2")
    kept = state(store, 0)
    assert (kept.kind, kept.answer.status) == ("take", "accepted")
    assert kept.answer.run == 2


def test_a_decision_on_an_older_version_is_told_and_overwrites_nothing(
    store: Store, project: Project
) -> None:
    app = open_page(sentence="1")
    sentence_id = items(store, project)[0].id
    change = Change(sentence_id, Answer("rejected", run=1), 0)
    decisions.decide(store, OTHER, project, change, "reject")
    click(app, "accept")
    assert OTHER.name in told(app)
    assert "nothing was overwritten" in told(app)
    assert state(store, 0).answer.status == "rejected"
    assert number(app) == 1


def test_what_somebody_else_holds_never_comes_up(store: Store, project: Project) -> None:
    held = [item.id for item in items(store, project)][:-1]
    for place, one in enumerate(held):
        person = type(OTHER)(f"Person {place}", "reviewer")
        assert holds.claim(store, person, project, [one]) == one
    app = open_page()
    assert number(app) == 6
    click(app, "next")
    assert number(app) == 6
    assert "nobody else holds" in told(app)


def test_a_sentence_that_is_held_can_be_looked_at_only(store: Store, project: Project) -> None:
    holds.claim(store, OTHER, project, [items(store, project)[0].id])
    app = open_page(sentence="1")
    assert OTHER.name in shown(app, "review.held")
    assert app.button(key=key(app, "accept")).disabled


def test_pinning_solves_anew_and_keeps_a_working_answer(store: Store, project: Project) -> None:
    app = open_page(sentence="1")
    app.selectbox(key=f"review.entity.{items(store, project)[0].id}").set_value(1)
    healthy(app.run())
    app.number_input(key=key(app, "pin_word_start")).set_value(3)
    app.number_input(key=key(app, "pin_word_last")).set_value(3)
    healthy(app.run())
    click(app, "pin_words")
    kept = state(store, 0)
    assert (kept.kind, kept.answer.status) == ("edit", "working")
    assert (3, 4, "LOC") in [(one.start, one.end, one.label) for one in kept.answer.spans]
    assert "Also moved" in told(app)  # the bank had that word


def test_links_and_missed_entities(store: Store, project: Project) -> None:
    app = open_page(sentence="1")
    click(app, "toggle_link")
    assert state(store, 0).answer.edits.added or state(store, 0).answer.edits.removed
    app.number_input(key="review.added_word.1_start").set_value(6)
    app.number_input(key="review.added_word.1_last").set_value(6)
    healthy(app.run())
    click(app, "add_span")
    assert [one.label for one in state(store, 0).answer.added] == ["PER"]
    click(app, "accept")
    assert any(one.start == 6 for one in state(store, 0).answer.spans)


def test_no_counterpart_and_back(store: Store, project: Project) -> None:
    app = open_page(sentence="1")
    click(app, "drop")
    assert state(store, 0).answer.dropped == (CHINA,)
    assert app.button(key=key(app, "drop")).label == "It has a counterpart"
    click(app, "drop")
    assert state(store, 0).answer.dropped == ()
    assert state(store, 0).answer.spans


def test_a_note_is_kept(store: Store, project: Project) -> None:
    app = open_page(sentence="1")
    app.text_area[0].set_value(INJECTION)
    healthy(app.run())
    assert state(store, 0).answer.note == INJECTION
    assert state(store, 0).answer.status == "open"


def test_history_shows_every_version_and_brings_one_back(store: Store, project: Project) -> None:
    app = open_page(sentence="1")
    click(app, "drop")
    app.session_state["review.tab"] = "History"
    healthy(app.run())
    assert ADA in shown(app, "review.history_table")
    click(app, "undo")
    app.selectbox(key=key(app, "version")).set_value(1)
    healthy(app.run())
    click(app, "restore")
    assert state(store, 0).answer.dropped == (CHINA,)
    assert state(store, 0).version == 3


def test_a_correction_is_applied_everywhere_and_undone_in_one_step(
    store: Store, project: Project
) -> None:
    app = open_page(sentence="1")
    click(app, "drop")
    app.session_state["review.tab"] = "Everywhere"
    healthy(app.run())
    assert "4 entities in 4 other sentences" in shown(app, "review.everywhere_told")
    click(app, "everywhere_apply.1")
    assert [state(store, place).answer.dropped for place in range(5)] == [(CHINA,)] * 5
    assert state(store, 3).answer.status == "working"
    app.session_state["review.tab"] = "In bulk"
    healthy(app.run())
    click(app, "batch_undo.1")
    assert [state(store, place).answer.dropped for place in range(1, 5)] == [()] * 4
    assert state(store, 0).answer.dropped == (CHINA,)


def test_bulk_acceptance_tells_its_precision_from_a_sample(store: Store, project: Project) -> None:
    app = open_page(sentence="1")
    app.session_state["review.tab"] = "In bulk"
    healthy(app.run())
    app.slider(key="review.bulk_margin").set_value(0.0)
    app.checkbox(key="review.bulk_unanimous").set_value(False)
    healthy(app.run())
    click(app, "bulk_accept")
    batch = decisions.batches(store, project)[0]
    assert batch.sentences > 0
    assert "not known" in shown(app, f"review.batch_precision.{batch.id}")
    click(app, f"batch_check.{batch.id}")
    click(app, "accept")
    assert "Precision 100 %" in shown(app, f"review.batch_precision.{batch.id}")


def run_places(store: Store, project: Project) -> StoredRun:
    """Run a method that is asked for places only, and is sure of them."""
    config = by_links(min_score=0.0).model_copy(update={"labels": ("LOC",)})
    return run_project(store, ADMIN, project, config, name="places")


def open_bulk() -> AppTest:
    """Open the tab with a filter that all sentences fit."""
    app = open_page(sentence="6")
    app.selectbox(key="review.run").set_value("places")
    open_tab(app, "In bulk")
    app.slider(key="review.bulk_margin").set_value(0.0)
    app.checkbox(key="review.bulk_unanimous").set_value(False)
    return healthy(app.run())


def test_bulk_acceptance_leaves_alone_what_somebody_decides_meanwhile(
    store: Store, project: Project
) -> None:
    run_places(store, project)
    app = open_bulk()
    ids = [item.id for item in items(store, project)]
    rejected = Answer("rejected", note="a heading")
    for place in (1, 3):
        decisions.decide(store, OTHER, project, Change(ids[place], rejected, 0), "reject")
    click(app, "bulk_accept")
    assert [state(store, place).answer for place in (1, 3)] == [rejected, rejected]
    assert state(store, 2).answer.status == "accepted"
    assert "left alone: 2, 4." in told(app, 1)


def test_bulk_acceptance_leaves_alone_what_has_a_note(store: Store, project: Project) -> None:
    run_places(store, project)
    noted = Answer(run=1, note="is this a bank?")
    first = items(store, project)[0].id
    decisions.decide(store, OTHER, project, Change(first, noted, 0), "edit")
    app = open_bulk()
    assert "1 more fit and have a note" in shown(app, "review.bulk_told")
    click(app, "bulk_accept")
    assert state(store, 0).answer == noted
    assert state(store, 1).answer.status == "accepted"


def test_what_came_from_a_file_is_not_corrected_with_the_others(
    store: Store, project: Project
) -> None:
    # Brought without a run, and accepted.
    brought = [replace(TARGET, spans=(), id="s2")]
    assert import_answers(store, OTHER, project, brought).changed
    app = open_page(sentence="1")
    click(app, "drop")
    open_tab(app, "Everywhere")
    assert "3 entities in 3 other sentences" in shown(app, "review.everywhere_told")
    assert "1 was decided by a person" in shown(app, "review.everywhere_told")
    click(app, "everywhere_apply.1")
    assert [state(store, place).answer.dropped for place in range(5)] == [
        (CHINA,), (CHINA,), (), (CHINA,), (CHINA,),
    ]  # fmt: skip
    assert state(store, 2).answer.status == "accepted"


def test_a_correction_everywhere_means_the_entities_of_each_answers_run(
    store: Store, project: Project
) -> None:
    places = run_places(store, project)
    taken = Answer("flagged", (AnswerSpan(3, 4, "LOC", 0),), run=places.id)
    third = items(store, project)[2].id
    decisions.decide(store, OTHER, project, Change(third, taken, 0), "flag")
    app = open_page(sentence="1")
    click(app, "drop")
    open_tab(app, "Everywhere")
    click(app, "everywhere_apply.1")
    after = state(store, 2).answer
    assert (after.spans, after.dropped) == ((), (0,))


def test_learning_says_how_much_it_needs(store: Store, project: Project) -> None:
    app = open_page(sentence="1")
    click(app, "drop")
    click(app, "accept")
    app.session_state["review.tab"] = "Learning"
    healthy(app.run())
    assert "1 sentences were accepted" in shown(app, "review.tuning_told")
    click(app, "tune")
    assert "20" in shown(app, "review.tuning.error")


def test_running_again_outlives_what_is_done_meanwhile(
    store: Store, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []

    def run(*values: Any, name: str, **more: Any) -> StoredRun:
        begun.append(name)
        if len(begun) == 1:
            st.rerun()  # as a click on anything else does
        return run_again(*values, name=name, **more)

    monkeypatch.setattr("pages.sections.review_learning.run_again", run)
    app = open_page(sentence="1")
    click(app, "accept")
    open_tab(app, "Learning")
    click(app, "run_again")
    assert begun == ["by_links+review", "by_links+review"]
    assert [one.complete for one in runs(store, project)] == [True, True, True]
    healthy(app.run())
    assert len(begun) == 2


def test_independent_reviewers_are_compared_and_the_last_word_is_had(store: Store) -> None:
    project = make(store, reviewers=2)
    ids = [item.id for item in items(store, project)]
    for actor in (REVIEWER, OTHER):
        for place in (0, 1):
            # They differ in the second sentence alone.
            spans = () if actor == OTHER and place == 1 else BANK
            change = Change(ids[place], Answer("accepted", spans, run=1), 0)
            decisions.decide(store, actor, project, change, "accept", track=actor.name)
    app = open_page()
    app.session_state["review.tab"] = "Agreement"
    healthy(app.run())
    assert REVIEWER.name in shown(app, "review.agreement_table")
    assert "1 sentences wait" in shown(app, "review.disputed_told")
    click(app, f"adjudicate.{ids[1]}.1")
    final = decisions.state_of(store, project, ids[1])
    assert (final.kind, final.answer.spans) == ("adjudicate", BANK)


def accepted_by_two(store: Store, project: Project) -> None:
    for actor in (REVIEWER, OTHER):
        for item in items(store, project):
            change = Change(item.id, Answer("accepted", BANK, run=1), 0)
            decisions.decide(store, actor, project, change, "accept", track=actor.name)


def test_what_independent_reviewers_agree_on_is_learned_from(store: Store) -> None:
    many = [pair(SOURCE, TARGET, LINKS, pair_id=f"s{place}") for place in range(20)]
    project = create_project(store, ADMIN, "small", many, corpus="test/en-de", reviewers=2)
    run_project(store, ADMIN, project, by_links())
    accepted_by_two(store, project)
    app = open_tab(open_page(), "Learning")
    assert "20 sentences were accepted" in shown(app, "review.tuning_told")
    assert "20 accepted answers become pins" in shown(app, "review.again_told")
    healthy(app.button(key="review.tune").click().run())
    assert "points" in shown(app, "review.gain")


def test_the_last_word_is_taken_back(store: Store) -> None:
    project = make(store, reviewers=2)
    first = items(store, project)[0].id
    for actor, spans in ((REVIEWER, BANK), (OTHER, ())):
        change = Change(first, Answer("accepted", spans, run=1), 0)
        decisions.decide(store, actor, project, change, "accept", track=actor.name)
    app = open_tab(open_page(), "Agreement")
    assert not has(app, "review.last_words_told")
    click(app, f"adjudicate.{first}.1")
    assert "0 sentences wait" in shown(app, "review.disputed_told")
    assert ADA in shown(app, f"review.last_word.{first}")
    click(app, f"take_back.{first}")
    assert decisions.state_of(store, project, first).answer == Answer()
    assert "1 sentences wait" in shown(app, "review.disputed_told")


def test_the_last_word_that_somebody_changes_meanwhile_stays(store: Store) -> None:
    project = make(store, reviewers=2)
    first = items(store, project)[0].id
    decisions.decide(store, ADMIN, project, Change(first, Answer("rejected"), 0), "adjudicate")
    app = open_tab(open_page(), "Agreement")
    again = Answer("accepted", BANK, run=1)
    decisions.decide(store, ADMIN, project, Change(first, again, 1), "adjudicate")
    click(app, f"take_back.{first}")
    assert "nothing was overwritten" in told(app)
    assert decisions.state_of(store, project, first).answer == again


def test_a_note_that_is_typed_before_the_click_goes_with_it(store: Store, project: Project) -> None:
    app, button = open_page(sentence="1"), open_page(sentence="1")
    app.text_area[0].set_value("as in the headline")
    healthy(app.run())
    click(button, "accept")  # as it was drawn before the note was kept
    kept = state(store, 0)
    assert (kept.answer.status, kept.answer.note) == ("accepted", "as in the headline")
    assert kept.answer.spans
    assert not told(button)


def test_a_note_of_somebody_else_is_seen_before_the_verdict(store: Store, project: Project) -> None:
    app = open_page(sentence="1")
    first = items(store, project)[0].id
    decisions.decide(store, OTHER, project, Change(first, Answer(run=1, note="no!"), 0), "edit")
    click(app, "accept")
    assert "nothing was overwritten" in told(app)
    assert state(store, 0).answer.status == "open"


def test_a_click_that_comes_with_the_old_address_goes_on(project: Project) -> None:
    app = open_page(sentence="1")
    before = address(app)
    healthy(app.button(key=key(app, "accept")).click().run())
    second = address(app)["sentence"]
    reject = key(app, "reject")
    app.query_params.clear()
    for name, value in before.items():
        app.query_params[name] = value
    healthy(app.button(key=reject).click().run())
    assert address(app)["sentence"] not in ("1", second)


def test_back_leads_to_the_sentence_before(project: Project) -> None:
    app = open_page(sentence="1")
    before = address(app)
    healthy(app.button(key=key(app, "accept")).click().run())
    assert address(app)["sentence"] != "1"
    assert address(go_back(app, before)) == before
    healthy(app.button(key=key(app, "reject")).click().run())
    assert address(app)["sentence"] != "1"


def test_another_project_opens_at_its_own_sentence(store: Store, project: Project) -> None:
    other = create_project(store, ADMIN, "other", corpus(), corpus="test/en-de")
    run_project(store, ADMIN, other, by_links())
    app = open_page(project="small", sentence="5")
    assert number(app) == 5
    wanted = app.selectbox(key="review.project")
    healthy(wanted.set_value("other").run())
    # The most uncertain of its own comes first.
    assert number(app) == number(open_page(project="other"))
    assert number(app) != 5
    missing = open_page(project="gone", sentence="5")
    assert number(missing) == number(app)


def test_on_a_server_nobody_sees_the_sentences_before_logging_in(
    store: Store, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_role(monkeypatch, None)
    app = open_page(name="")
    assert has(app, "review.log_in")
    assert not has(app, "review.project")


def test_a_server_trusts_nobody_who_comes_past_its_proxy(
    store: Store, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPANBRIDGE_AUTH", "header")
    app = start_app()
    app.switch_page("pages/review.py")
    healthy(app.run())
    assert "SPANBRIDGE_PROXY_SECRET" in shown(app, "review.error")
    monkeypatch.setenv("SPANBRIDGE_PROXY_SECRET", "s3cret")
    healthy(app.run())
    assert "through the proxy" in shown(app, "review.error")


def test_user_text_stays_text(project: Project) -> None:
    app = open_page(sentence="6")
    assert has(app, "review.accept.6")
    assert "<img" not in "".join(
        one.value for one in app.get_by_key("review.about").get("html") if "&lt;" not in one.value
    )


def test_a_sentence_that_is_given_to_somebody_says_so(store: Store, project: Project) -> None:
    assign(store, ADMIN, project, [items(store, project)[0].id], OTHER.name)
    app = open_page(sentence="1")
    assert f"Given to {OTHER.name}" in shown(app, "review.held")
    assert app.button(key=key(app, "accept")).disabled


def test_what_somebody_has_taken_over_meanwhile_is_theirs(store: Store, project: Project) -> None:
    app = open_page(sentence="1")
    first = items(store, project)[0].id
    holds.release(store, ADMIN, project)
    assert holds.claim(store, OTHER, project, [first]) == first
    click(app, "accept")
    assert f"{OTHER.name} has now" in told(app)
    assert state(store, 0).version == 0


def test_a_press_on_a_sentence_that_has_gone_decides_nothing(
    store: Store, project: Project
) -> None:
    app = open_page(sentence="1")
    button = app.button(key=key(app, "accept"))
    other = items(store, project)[1].id
    app.session_state[f"review.sentence.{project.id}"] = 2
    healthy(button.click().run())
    assert number(app) == 2
    assert {state(store, place).version for place in range(6)} == {0}
    assert [one.sentence for one in holds.holds(store, project)] == [other]
