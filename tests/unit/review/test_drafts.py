"""Answers in the making: what a run says, what a reviewer changes, and what stands then."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.config import ComponentChoice
from core.errors import DataError
from core.overview.outcomes import outcome_of
from core.review import drafts
from core.review.starting import answer_of_outcome
from core.store.answers import AnswerSpan, check_answer
from core.types import EntityCandidate, Failure, Projection, Span
from core.whatif.case import make_case, solve
from core.whatif.edits import Edits
from tests.unit.whatif.cases import by_links, competing

CASE = make_case(by_links(), competing())
RUN = solve(CASE, by_links())
BANK, CHINA = 0, 1


def spans(answer: drafts.Answer) -> list[tuple[int, int, str, int | None]]:
    return [(one.start, one.end, one.label, one.entity) for one in answer.spans]


def edited(answer: drafts.Answer, edits: Edits) -> drafts.Answer:
    draft = drafts.with_edits(answer, edits, RUN.pair)
    return drafts.solved_answer(draft, solve(CASE, by_links(), draft.edits))


def test_a_run_says_whose_every_span_is() -> None:
    answer = drafts.answer_of(RUN, 7)
    assert spans(answer) == [(1, 4, "ORG", BANK)]
    assert (answer.status, answer.run) == ("open", 7)
    assert answer_of_outcome(outcome_of(RUN), 7) == answer


def test_a_failed_run_says_nothing() -> None:
    failed = replace(RUN, failure=Failure("align", "bad-line", "no"), spans=())
    assert drafts.answer_of(failed).spans == ()


def test_a_pin_moves_the_entity_and_what_stood_there() -> None:
    answer = edited(drafts.answer_of(RUN, 7), Edits(pins=(EntityCandidate(CHINA, 3, 4),)))
    assert (3, 4, "LOC", CHINA) in spans(answer)
    assert answer.status == "working"
    check_answer(answer, RUN.pair.target)


def test_dropped_entities_have_no_span_and_can_be_had_back() -> None:
    answer = drafts.drop(drafts.answer_of(RUN, 7), BANK)
    assert (answer.spans, answer.dropped) == ((), (BANK,))
    # Solving anew does not bring it back; taking the word back does.
    assert drafts.solved_answer(answer, RUN).spans == ()
    back = drafts.drop(answer, BANK)
    assert spans(drafts.solved_answer(back, RUN)) == [(1, 4, "ORG", BANK)]


def test_pinning_a_dropped_entity_means_it_has_a_counterpart() -> None:
    answer = drafts.drop(drafts.answer_of(RUN, 7), CHINA)
    after = drafts.with_edits(answer, Edits(pins=(EntityCandidate(CHINA, 3, 4),)), RUN.pair)
    assert after.dropped == ()


def test_dropping_follows_entities_that_get_another_number() -> None:
    answer = drafts.drop(drafts.answer_of(RUN, 7), CHINA)
    entities = (Span(0, 1, "MISC"), Span(2, 3, "LOC"), Span(4, 5, "LOC"))
    assert drafts.with_edits(answer, Edits(entities=entities), RUN.pair).dropped == (2,)
    assert drafts.with_edits(answer, Edits(entities=(Span(0, 3, "ORG"),)), RUN.pair).dropped == ()


def test_an_added_span_stays_when_all_is_solved_anew() -> None:
    answer = drafts.add(drafts.answer_of(RUN, 7), Span(6, 7, "MISC"), 7)
    assert spans(answer) == [(1, 4, "ORG", BANK), (6, 7, "MISC", None)]
    assert spans(drafts.solved_answer(answer, RUN)) == spans(answer)


def test_what_overlaps_an_added_span_gives_way() -> None:
    answer = drafts.add(drafts.answer_of(RUN, 7), Span(2, 3, "MISC"), 7)
    assert spans(answer) == [(2, 3, "MISC", None)]
    assert spans(drafts.solved_answer(answer, RUN)) == [(2, 3, "MISC", None)]
    again = drafts.add(answer, Span(2, 4, "LOC"), 7)
    assert spans(again) == [(2, 4, "LOC", None)]


def test_an_added_span_must_lie_in_the_sentence() -> None:
    with pytest.raises(DataError) as caught:
        drafts.add(drafts.answer_of(RUN, 7), Span(6, 9, "MISC"), 7)
    assert caught.value.code == "bad-annotation"


def test_any_span_can_be_taken_out() -> None:
    answer = drafts.add(drafts.answer_of(RUN, 7), Span(6, 7, "MISC"), 7)
    without = drafts.remove(answer, answer.spans[1])
    assert (spans(without), without.added) == ([(1, 4, "ORG", BANK)], ())
    assert drafts.remove(without, without.spans[0]).dropped == (BANK,)


def test_the_view_shows_the_answer_and_keeps_the_runs_own_decisions() -> None:
    answer = drafts.answer_of(RUN, 7)
    assert drafts.view_of(RUN, answer).decisions[0] == RUN.decisions[0]
    moved = edited(answer, Edits(pins=(EntityCandidate(CHINA, 3, 4),)))
    view = drafts.view_of(RUN, moved)
    assert view.spans == moved.plain_spans
    decided = {one.entity: one for one in view.decisions}
    assert decided[CHINA].reason == "pinned"
    dropped = drafts.view_of(RUN, drafts.drop(answer, BANK))
    assert next(one for one in dropped.decisions if one.entity == BANK).candidate is None


def test_an_answer_takes_the_place_of_a_failure() -> None:
    failed = replace(RUN, failure=Failure("align", "bad-line", "no"), spans=(), decisions=())
    answer = drafts.answer_of(failed)
    assert drafts.view_of(failed, answer).failure is not None
    helped = drafts.add(answer, Span(3, 4, "LOC"), 7)
    assert drafts.view_of(failed, helped).failure is None


def test_runs_from_elsewhere_take_pins_as_they_are() -> None:
    edits = Edits(pins=(EntityCandidate(CHINA, 3, 4),))
    pinned = drafts.pinned_alone(RUN, edits)
    assert pinned.spans == (Span(3, 4, "LOC"),)
    banned = drafts.pinned_alone(RUN, Edits(bans=(EntityCandidate(BANK, 1, 4),)))
    assert banned.spans == ()
    assert isinstance(banned, Projection)


def test_a_pair_is_solved_with_sentences_and_entities_as_they_are() -> None:
    config = by_links().model_copy(
        update={
            "translator": ComponentChoice(name="apertium"),
            "labeller": ComponentChoice(name="default"),
            "labels": ("PER",),
        }
    )
    solving = drafts.solving_config(config)
    assert (solving.translator, solving.labeller, solving.labels) == (None, None, None)
    assert solving.tagger == ComponentChoice(name="default")


def test_labels_are_those_of_entities_and_spans() -> None:
    answer = replace(drafts.answer_of(RUN), spans=(AnswerSpan(0, 1, "X"),))
    assert drafts.entity_labels(RUN.pair, answer) == ["LOC", "ORG", "X"]
