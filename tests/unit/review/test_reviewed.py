"""Which answer counts, what goes out, and answers that come back from a file."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, get_args

import numpy as np
import pytest

from core.errors import DataError, StoreError
from core.overview.outcomes import CorpusRun, EntityOutcome, SentenceOutcome
from core.review.importing import with_plain_spans
from core.review.reviewed import (
    decision_records,
    disputed,
    final_states,
    import_answers,
    reviewed_pairs,
    reviewed_sentences,
)
from core.review.running import run_project
from core.review.starting import answer_of_outcome
from core.store.answers import Answer, AnswerSpan, Status
from core.store.database import Store
from core.store.decisions import (
    SHARED,
    Change,
    State,
    decide,
    state_of,
    states,
    undo,
    undo_batch,
)
from core.store.projects import Item, Project, create_project, items
from core.text.words import sentence_from_words
from core.types import Failure, Link, Sentence, Span
from core.whatif.edits import parse_edits
from tests.builders import pair, sentence
from tests.stores import ADMIN, OTHER, REVIEWER, VIEWER
from tests.unit.review.test_running import CONFIG

SOURCE = sentence("Ada saw Rome", "en", (0, 1, "PER"), (2, 3, "LOC"))
TARGET = sentence("Rom sah Ada", "de", (0, 3, "GOLD"))
PER, LOC = Span(2, 3, "PER"), Span(0, 1, "LOC")


def project_of(reviewers: int) -> Project:
    return Project(1, "p", "en", "de", "c", reviewers, 9, "", "", "")


def state(
    sentence: int, track: str, status: Status, *spans: Span, version: int = 1, edits: str = ""
) -> State:
    found = tuple(AnswerSpan(one.start, one.end, one.label) for one in spans)
    return State(sentence, track, version, Answer(status, found, edits=parse_edits(edits)))


def item(place: int, name: str = "", links: str = "0-2 2-0") -> Item:
    return Item(place + 100, place, pair(SOURCE, TARGET, links, name), None)


ITEMS = [item(0, "a"), item(1), item(2, "c"), item(3, "d")]


def outcome(*spans: Span, failure: bool = False, linked: bool = True) -> SentenceOutcome:
    return SentenceOutcome(
        replace(ITEMS[0].pair, source=replace(SOURCE, spans=(Span(0, 1, "PER"),))),
        "differs",
        spans,
        links=np.array([[0, 2], [2, 0]], dtype=np.int32) if linked else None,
        failure=Failure("align", "bad-value", "too long") if failure else None,
    )


class TestFinal:
    def test_a_shared_answer_counts_as_it_stands(self) -> None:
        known = [
            state(1, SHARED, "working", PER),
            state(2, SHARED, "open"),
            state(3, "Ada", "flagged"),
        ]
        final = final_states(project_of(1), known)
        assert {key: one.answer.status for key, one in final.items()} == {1: "working", 2: "open"}
        assert disputed(project_of(1), known) == []

    @pytest.mark.parametrize(
        ("said", "counts", "in_dispute"),
        [
            ([("accepted", PER)], False, False),  # one of two
            ([("accepted", PER), ("accepted", PER)], True, False),
            ([("accepted", PER), ("accepted", LOC)], False, True),
            ([("accepted", PER), ("rejected", PER)], False, True),
            ([("rejected", PER), ("rejected", LOC)], True, False),  # of no use, whatever is in it
            ([("accepted", PER), ("flagged", PER)], False, False),
            ([("accepted", PER), ("accepted", PER), ("accepted", LOC)], False, True),
            ([("accepted", PER), ("accepted", PER), ("working", LOC)], True, False),
        ],
    )
    def test_independent_answers_count_once_enough_agree(
        self, said: list[tuple[Status, Span]], counts: bool, in_dispute: bool
    ) -> None:
        known = [state(7, name, *one) for name, one in zip("ABC", said, strict=False)]
        assert (7 in final_states(project_of(2), known)) is counts
        assert disputed(project_of(2), known) == ([7] if in_dispute else [])

    def test_the_last_word_ends_a_dispute_until_it_is_taken_back(self) -> None:
        known = [state(7, "A", "accepted", PER), state(7, "B", "accepted", LOC)]
        last = state(7, SHARED, "accepted", LOC)
        assert final_states(project_of(2), [*known, last]) == {7: last}
        assert disputed(project_of(2), [last, *known]) == []
        taken_back = state(7, SHARED, "open", version=2)
        assert final_states(project_of(2), [*known, taken_back]) == {}
        assert disputed(project_of(2), [*known, taken_back]) == [7]


class TestGoingOut:
    FINAL: ClassVar = {
        100: state(100, SHARED, "accepted", LOC, PER),
        101: state(101, SHARED, "rejected", LOC),
        102: state(102, SHARED, "flagged", LOC),
    }

    def test_only_what_was_accepted_goes_out_and_gold_never_does(self) -> None:
        (one,) = reviewed_sentences(ITEMS, self.FINAL)
        assert (one.id, one.spans, one.words) == ("a", (LOC, PER), TARGET.words)
        assert reviewed_sentences(ITEMS, {}) == []
        found = reviewed_sentences(ITEMS, self.FINAL, statuses=("rejected", "flagged"))
        assert [(one.id, one.spans) for one in found] == [("2", (LOC,)), ("c", (LOC,))]

    def test_a_run_fills_only_what_nobody_decided_on(self) -> None:
        fill = CorpusRun("r", tuple(outcome(PER) for _ in ITEMS))
        found = reviewed_sentences(ITEMS, self.FINAL, fill=fill)
        assert [(one.id, one.spans) for one in found] == [("a", (LOC, PER)), ("d", (PER,))]
        again = reviewed_sentences(ITEMS, {100: state(100, SHARED, "open", version=2)}, fill=fill)
        assert [one.spans for one in again] == [(PER,)] * 4

    def test_a_failed_sentence_is_left_out_and_one_without_entities_is_not(self) -> None:
        fill = CorpusRun("r", (outcome(), outcome(failure=True), outcome(PER)))
        found = reviewed_sentences(ITEMS, {}, fill=fill)
        assert [(one.id, one.spans) for one in found] == [("a", ()), ("c", (PER,))]

    def test_an_answer_that_does_not_fit_is_told(self) -> None:
        with pytest.raises(DataError, match="inside 3 words"):
            reviewed_sentences(ITEMS, {100: state(100, SHARED, "accepted", Span(2, 5, "PER"))})

    def test_pairs_have_the_reviewers_entities_and_links(self) -> None:
        said = state(100, SHARED, "accepted", PER, edits="-2-0 +1-1 @0-1:ORG")
        run = CorpusRun("r", tuple(outcome(LOC) for _ in ITEMS))
        (one,) = reviewed_pairs(ITEMS, {100: said}, run=run)
        assert (one.id, one.target.spans, one.has_gold) == ("a", (PER,), True)
        assert one.source.spans == (Span(0, 1, "ORG"),)
        assert dict(one.links) == {"reviewed": (Link(0, 2), Link(1, 1))}
        (bare,) = reviewed_pairs(ITEMS, {100: said})
        assert list(bare.links) == ["given"]
        first, second, *_ = reviewed_pairs(ITEMS, {100: said}, fill=run)
        assert first == one
        assert (second.id, second.has_gold, second.target.spans) == ("2", False, (LOC,))
        assert second.source.spans == (Span(0, 1, "PER"),)  # what the run looked at

    def test_where_a_run_has_no_links_only_those_drawn_are_there(self) -> None:
        run = CorpusRun("r", (outcome(linked=False, failure=True), outcome(linked=False)))
        final = {
            100: state(100, SHARED, "accepted", PER, edits="+1-1"),
            101: state(101, SHARED, "accepted", PER),
        }
        one, two = reviewed_pairs(ITEMS, final, run=run)
        assert (dict(one.links), dict(two.links)) == ({"reviewed": (Link(1, 1),)}, {})

    def test_an_answer_keeps_the_links_of_the_run_it_starts_from(self) -> None:
        said = state(100, SHARED, "accepted", PER, edits="-2-0")
        taken = replace(said, answer=replace(said.answer, run=7))
        run = CorpusRun("r", (outcome(linked=False),))
        own = CorpusRun("own", (outcome(),))
        (one,) = reviewed_pairs(ITEMS, {100: taken}, run=run, runs={7: own})
        assert dict(one.links) == {"reviewed": (Link(0, 2),)}
        (other,) = reviewed_pairs(ITEMS, {100: said}, run=run, runs={7: own})
        assert dict(other.links) == {}

    def test_changes_made_on_another_source_are_refused(self) -> None:
        final = {100: state(100, SHARED, "accepted", PER, edits="+8-1 =3:0-1")}
        with pytest.raises(DataError, match="8-1"):
            reviewed_pairs(ITEMS, final, run=CorpusRun("r", (outcome(),)))
        (one,) = reviewed_pairs(ITEMS, final)  # nothing of theirs goes out
        assert one.source == SOURCE
        final = {100: state(100, SHARED, "accepted", PER, edits="@1-9:PER")}
        with pytest.raises(DataError):
            reviewed_pairs(ITEMS, final)


def test_an_answer_starts_from_a_run_with_its_entities() -> None:
    made = replace(
        outcome(LOC, PER),
        decisions=(
            EntityOutcome(0, 2, 3, "chosen", 1.0, 0.5),
            EntityOutcome(1, None, None, "no-link", 0.0, 0.0),
        ),
    )
    answer = answer_of_outcome(made, 3)
    assert answer == Answer(
        "open", (AnswerSpan(0, 1, "LOC", None), AnswerSpan(2, 3, "PER", 0)), run=3
    )


class TestOtherSpans:
    BASE = Answer("open", (AnswerSpan(0, 1, "LOC", 1), AnswerSpan(2, 3, "PER", 0)), run=1)

    def test_what_stays_keeps_its_entity(self) -> None:
        assert with_plain_spans(self.BASE, [LOC, PER], TARGET) == self.BASE

    def test_what_goes_has_no_counterpart(self) -> None:
        found = with_plain_spans(self.BASE, [PER], TARGET)
        assert (found.spans, found.dropped) == ((AnswerSpan(2, 3, "PER", 0),), (1,))
        assert with_plain_spans(self.BASE, [], TARGET).dropped == (0, 1)

    def test_what_is_moved_is_not_dropped(self) -> None:
        found = with_plain_spans(self.BASE, [Span(0, 2, "LOC"), Span(2, 3, "ORG")], TARGET)
        assert found.plain_spans == (Span(0, 2, "LOC"), Span(2, 3, "ORG"))
        assert (found.dropped, found.added) == ((), (Span(0, 2, "LOC"), Span(2, 3, "ORG")))

    def test_an_entity_in_parts_may_lose_one(self) -> None:
        split = replace(self.BASE, spans=(AnswerSpan(0, 1, "PER", 0), AnswerSpan(2, 3, "PER", 0)))
        found = with_plain_spans(split, [PER], TARGET)
        assert (found.spans, found.dropped) == ((AnswerSpan(2, 3, "PER", 0),), ())
        assert with_plain_spans(split, [], TARGET).dropped == (0,)


def make(store: Store, *names: str, reviewers: int = 1) -> tuple[Project, list[Item]]:
    made = create_project(
        store,
        ADMIN,
        f"small{reviewers}",
        [pair(SOURCE, TARGET, "0-2 2-0", name) for name in names],
        corpus="test",
        reviewers=reviewers,
    )
    return made, items(store, made)


def said(*spans: Span, name: str = "") -> Sentence:
    return replace(TARGET, spans=spans, id=name)


class TestComingIn:
    def test_names_decide_in_any_order(self, store: Store) -> None:
        project, (a, b, _) = make(store, "a", "b", "c")
        result = import_answers(store, REVIEWER, project, [said(PER, name="b"), said(name="a")])
        assert result.changed == (b.id, a.id)
        assert (result.unmatched, result.same, result.refused) == ((), 0, ())
        assert state_of(store, project, b.id).answer.plain_spans == (PER,)

    def test_what_cannot_be_found_is_listed(self, store: Store) -> None:
        project, _ = make(store, "a", "b", "c")
        other = sentence_from_words(["Rom", "schlief"], "de", sentence_id="b")
        wanted = [said(PER, name="z"), other, said(PER, name="a"), said(LOC, name="a")]
        result = import_answers(store, REVIEWER, project, wanted)
        assert result.batch is None
        assert result.changed == ()
        assert [(one.number, one.id) for one in result.unmatched] == [
            (1, "z"),
            (2, "b"),
            (3, "a"),  # twice the same name says nothing
            (4, "a"),
        ]
        assert "Rom schlief" in result.unmatched[1].reason
        assert "by its name" in result.unmatched[0].reason

    def test_places_decide_where_names_say_nothing(self, store: Store) -> None:
        project, listed = make(store, "a", "", "")
        result = import_answers(store, REVIEWER, project, [said(LOC), said(PER), said()])
        assert result.changed == tuple(one.id for one in listed)
        final = final_states(project, states(store, project, None))
        found = reviewed_sentences(listed, final)
        assert [(one.id, one.spans) for one in found] == [("a", (LOC,)), ("2", (PER,)), ("3", ())]

    def test_no_sentence_is_taken_twice(self, store: Store) -> None:
        project, (_, b) = make(store, "a", "b")
        result = import_answers(store, REVIEWER, project, [said(PER, name="b"), said(name="z")])
        assert result.changed == (b.id,)
        assert [one.id for one in result.unmatched] == ["z"]  # its place is that of b

    def test_the_same_again_changes_nothing(self, store: Store) -> None:
        project, listed = make(store, "a", "b")
        first = import_answers(store, REVIEWER, project, [said(PER, name="a"), said(name="b")])
        assert first.batch is not None
        found = reviewed_sentences(listed, final_states(project, states(store, project, None)))
        second = import_answers(store, REVIEWER, project, found)
        assert (second.batch, second.changed, second.same) == (None, (), 2)
        assert second.unmatched == ()
        assert undo_batch(store, REVIEWER, project, first.batch).done == first.changed

    def test_what_is_not_accepted_yet_is(self, store: Store) -> None:
        project, (one, _) = make(store, "a", "b")
        working = Answer("working", (AnswerSpan(2, 3, "PER", 0),), note="see below")
        decide(store, REVIEWER, project, Change(one.id, working, 0), "edit")
        result = import_answers(store, REVIEWER, project, [said(PER, name="a")])
        assert result.changed == (one.id,)
        assert state_of(store, project, one.id).answer == replace(working, status="accepted")

    def test_other_words_of_the_same_text_carry_whole_entities(self, store: Store) -> None:
        project, listed = make(store, "a", "b")
        text = TARGET.text
        coarse = Sentence(("Rom", "sah Ada"), "de", text, ((0, 3), (4, 11)), (LOC,), "a")
        cut = Sentence(("Ro", "m sah Ada"), "de", text, ((0, 2), (2, 11)), (Span(0, 1, "X"),), "b")
        result = import_answers(store, REVIEWER, project, [coarse, cut])
        assert result.changed == (listed[0].id,)
        assert state_of(store, project, listed[0].id).answer.plain_spans == (LOC,)
        (left,) = result.unmatched
        assert (left.number, left.id) == (2, "b")
        assert "word border" in left.reason

    def test_answers_start_from_a_run_where_nobody_decided(self, store: Store) -> None:
        project, listed = make(store, "a", "b")
        run = run_project(store, ADMIN, project, CONFIG)
        import_answers(store, REVIEWER, project, [said(LOC, name="a")], base=run)
        answer = state_of(store, project, listed[0].id).answer
        assert answer.spans == (AnswerSpan(0, 1, "LOC", 1),)
        assert (answer.run, answer.dropped, answer.status) == (run.id, (0,), "accepted")

    def test_a_note_and_what_was_drawn_stay_where_there_is_no_verdict(self, store: Store) -> None:
        project, (one, other) = make(store, "a", "b")
        run = run_project(store, ADMIN, project, CONFIG)
        drawn = Answer("open", (AnswerSpan(0, 1, "LOC", 1),), run=run.id, note="see below")
        decide(store, REVIEWER, project, Change(one.id, drawn, 0), "edit")
        decide(store, REVIEWER, project, Change(other.id, Answer(note="whose?"), 0), "edit")
        wanted = [said(LOC, name="a"), said(LOC, name="b")]
        import_answers(store, REVIEWER, project, wanted, base=run)
        assert state_of(store, project, one.id).answer == replace(drawn, status="accepted")
        after = state_of(store, project, other.id).answer
        assert (after.note, after.run, after.dropped) == ("whose?", run.id, (0,))

    def test_a_project_of_many_reviewers_takes_them_from_an_admin(self, store: Store) -> None:
        project, listed = make(store, "a", "b", reviewers=2)
        with pytest.raises(StoreError) as raised:
            import_answers(store, REVIEWER, project, [said(PER, name="a")])
        assert raised.value.code == "not-allowed"
        assert import_answers(store, ADMIN, project, [said(PER, name="a")]).changed == (
            listed[0].id,
        )


def test_the_log_says_who_when_and_what(store: Store) -> None:
    project, listed = make(store, "a", "", reviewers=2)
    tricky = Answer("accepted", (AnswerSpan(2, 3, "PER", 0),), note="=1+1 <b>\u2028")
    decide(store, REVIEWER, project, Change(listed[1].id, tricky, 0), "accept", track="Rosa")
    decide(store, OTHER, project, Change(listed[0].id, tricky, 0), "flag", track="Otto")
    undo(store, OTHER, project, listed[0].id, track="Otto", version=1)
    records = decision_records(store, ADMIN, project)
    assert [(one["number"], one["id"], one["reviewer"], one["kind"]) for one in records] == [
        (2, "2", "Rosa", "accept"),
        (1, "a", "Otto", "flag"),
        (1, "a", "Otto", "undo"),
    ]
    assert [one["version"] for one in records] == [1, 1, 2]
    assert records[2]["undoes"] == records[1]["decision"]
    assert records[0]["answer"]["note"] == "=1+1 <b>\u2028"
    assert records[0]["at"] <= records[1]["at"]
    assert decision_records(store, ADMIN, project, until=records[0]["decision"]) == records[:1]


def test_who_answers_independently_does_not_read_the_others(store: Store) -> None:
    project, listed = make(store, "a", "b", reviewers=2)
    for actor, track in ((REVIEWER, "Rosa"), (OTHER, "Otto"), (ADMIN, SHARED)):
        change = Change(listed[0].id, Answer("accepted"), 0)
        decide(store, actor, project, change, "accept", track=track)
    read = {
        None if actor is None else actor.name: {
            one["track"] for one in decision_records(store, actor, project)
        }
        for actor in (REVIEWER, VIEWER, ADMIN, None)
    }
    everything = {"Rosa", "Otto", SHARED}
    assert read == {"Rosa": {"Rosa", SHARED}, "Vera": {SHARED}, "Ada": everything, None: {SHARED}}
    together, (one, _) = make(store, "a", "b")
    decide(store, REVIEWER, together, Change(one.id, Answer("accepted"), 0), "accept")
    assert len(decision_records(store, None, together)) == 1


def test_every_status_can_be_asked_for() -> None:
    for status in get_args(Status):
        final = {100: state(100, SHARED, status, PER)}
        (found,) = reviewed_sentences(ITEMS, final, statuses=(status,))
        assert found.spans == (PER,)
