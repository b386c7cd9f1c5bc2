from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from core.errors import DataError
from core.explain import (
    entity_letter,
    explain_decision,
    explanation_record,
    explanation_text,
    sentence_status,
    typed_pair,
)
from core.types import (
    Alignment,
    Candidate,
    Decision,
    DecisionReason,
    Failure,
    Link,
    Projection,
    Rival,
    ScoreMatrix,
    Span,
    Trace,
)

GERMANY, IN_GERMANY = Candidate(3, 4), Candidate(2, 4)
BANK, CHINA = Candidate(0, 3), Candidate(2, 3)


def project(decision: Decision, *, weights: dict[str, float] | None = None) -> Projection:
    pair = typed_pair(
        "[PER Ada] lives in [LOC Germany]", "[PER Ada] lebt in [LOC Deutschland]", "en", "de"
    )
    total = np.ones((2, 1))
    weights = {"content": 1.0, "emb": 1.0} if weights is None else weights
    scores = ScoreMatrix(dict.fromkeys(weights, total), weights, total)
    trace = Trace(
        alignment=Alignment((Link(0, 0), Link(3, 3)), note="read in 2 windows"),
        candidates=(GERMANY,),
        scores=scores,
        status="optimal",
        objective=1.93,
        messages=("time limit reached",),
        seconds={"match": 0.5},
    )
    label = pair.source.spans[decision.entity].label
    spans = (
        ()
        if decision.candidate is None
        else (Span(decision.candidate.start, decision.candidate.end, label),)
    )
    return Projection(pair, "default", spans, (decision,), trace)


def chosen(**changes: object) -> Decision:
    decision = Decision(
        entity=1,
        candidate=GERMANY,
        reason="chosen",
        score=1.93,
        terms={"content": 1.0, "emb": 0.93},
        runner_up=IN_GERMANY,
        runner_up_score=1.61,
        margin=0.32,
    )
    return replace(decision, **changes)


def say(decision: Decision, **options: dict[str, float]) -> str:
    return explain_decision(project(decision, **options), decision)


def test_a_chosen_span_is_told_with_terms_runner_up_and_margin() -> None:
    assert say(chosen()) == (
        "“Deutschland” [3, 4) was chosen for LOC “Germany”: score 1.93 = content 1.00 + emb 0.93; "
        "the runner-up “in Deutschland” scored 1.61 (margin 0.32)."
    )


def test_weights_other_than_one_are_told() -> None:
    told = say(chosen(), weights={"content": 1.0, "emb": 0.5})
    assert "content 1.00 + 0.5 × emb 0.93" in told


def test_a_choice_without_competition_says_so() -> None:
    told = say(chosen(runner_up=None, runner_up_score=0.0, margin=1.93))
    assert told.endswith("; no other candidate scored.")


def test_a_reviewers_choice_is_no_score() -> None:
    assert "was fixed by a reviewer for LOC “Germany”" in say(chosen(reason="pinned"))


def test_a_method_without_scores_tells_no_numbers() -> None:
    told = say(chosen(score=0.0, terms={}, runner_up=None, margin=0.0))
    assert told == (
        "“Deutschland” [3, 4) was chosen for LOC “Germany”: it is a run of words linked to the "
        "entity; the method keeps no scores."
    )


@pytest.mark.parametrize(
    ("rival", "told"),
    [
        (Rival(CHINA, 2.1, "word", 1, 2), "its word “China” is held by LOC “China”"),
        (Rival(CHINA, 2.1, "word"), "one of its words is held by another entity"),
        (Rival(CHINA, 2.1, "banned"), "a reviewer forbade it"),
        (Rival(CHINA, 2.1, "pinned"), "a reviewer fixed another span"),
        (
            Rival(CHINA, 2.1, "filtered"),
            "a filter of the method, such as its least score, removed it",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else value.constraint,
)
def test_a_blocked_rival_is_told_with_what_stopped_it(rival: Rival, told: str) -> None:
    pair = typed_pair("[ORG Bank of China] [LOC China]", "Bank of China", "en", "de")
    decision = Decision(
        0, Candidate(0, 1), "chosen", 1.0, {"align": 1.0}, CHINA, 2.1, -1.1, (rival,)
    )
    projection = Projection(pair, "ilp", (Span(0, 1, "ORG"),), (decision,), Trace())
    assert explain_decision(projection, decision) == (
        "“Bank” [0, 1) was chosen for ORG “Bank of China”: score 1.00 = align 1.00. "
        f"“China” scored higher (2.10) for ORG “Bank of China” but {told}."
    )


def test_entities_of_the_same_name_are_told_apart_by_their_letters() -> None:
    pair = typed_pair("[LOC New York] or [LOC New York]", "New York", "en", "de")
    rival = Rival(Candidate(0, 2), 1.9, "word", 1, 1)
    decision = Decision(0, Candidate(0, 1), "chosen", 1.4, {"emb": 1.4}, blocked_by=(rival,))
    projection = Projection(pair, "ilp", (Span(0, 1, "LOC"),), (decision,), Trace())
    told = explain_decision(projection, decision)
    assert "was chosen for LOC “New York” (A)" in told
    assert "its word “York” is held by LOC “New York” (B)" in told


def test_many_rivals_are_counted() -> None:
    rivals = tuple(Rival(GERMANY, 3.0 - index / 10, "banned") for index in range(5))
    assert say(chosen(blocked_by=rivals)).endswith("2 more scored higher and were stopped too.")


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("no-link", "none of its words is linked to a target word"),
        ("no-candidate", "no candidate span was proposed for it"),
        ("no-score", "no candidate span has a positive score for it"),
        ("blocked", "every candidate with a positive score lost a word to another entity"),
        ("filtered", "a filter of the method, such as its least score, removed every candidate"),
        ("banned", "a reviewer forbade every candidate with a positive score"),
    ],
)
def test_nothing_projected_is_told_with_its_reason(reason: DecisionReason, told: str) -> None:
    assert say(Decision(1, None, reason)) == f"LOC “Germany” was not projected: {told}."


def test_nothing_projected_names_the_best_candidate() -> None:
    decision = Decision(1, None, "filtered", runner_up=GERMANY, runner_up_score=0.8, margin=-0.8)
    assert say(decision).endswith("; the best one, “Deutschland”, scored 0.80.")
    blocked = replace(decision, reason="blocked", blocked_by=(Rival(GERMANY, 0.8, "word", 0, 3),))
    assert say(blocked).endswith(
        "; the best one, “Deutschland” (score 0.80), was not taken because its word “Deutschland” "
        "is held by PER “Ada”."
    )


def test_the_record_is_complete_and_plain_json() -> None:
    record = explanation_record(project(chosen(blocked_by=(Rival(IN_GERMANY, 2.0, "banned"),))))
    assert json.loads(json.dumps(record, allow_nan=False)) == record
    assert record["source"] == "[PER Ada] lives in [LOC Germany]"
    assert record["projected"] == "Ada lebt in [LOC Deutschland]"
    assert record["gold"] == "[PER Ada] lebt in [LOC Deutschland]"
    assert (record["links"], record["link_note"]) == ("0-0 3-3", "read in 2 windows")
    assert (record["outcome"], record["status"], record["candidates"]) == ("differs", "optimal", 1)
    decision = record["decisions"][0]
    assert decision["chosen"] == {"start": 3, "end": 4, "text": "Deutschland"}
    assert decision["letter"] == "B"
    assert decision["blocked_by"][0]["explanation"] == "a reviewer forbade it"
    assert [one["outcome"] for one in record["diagnoses"]] == ["missing", "correct"]


def test_a_failed_sentence_has_no_projection_in_any_form() -> None:
    good = project(chosen())
    failed = replace(
        good, spans=(), decisions=(), failure=Failure("align", "missing-links", "no links")
    )
    record = explanation_record(failed)
    assert (record["outcome"], record["projected"]) == ("failed", None)
    assert record["failure"] == {"stage": "align", "code": "missing-links", "message": "no links"}
    text = explanation_text(failed)
    assert "projected:  FAILED" in text
    assert "failed in align [missing-links]: no links" in text


def test_the_text_tells_everything() -> None:
    text = explanation_text(project(chosen()))
    for part in (
        "en → de  method default",
        "source:     [PER Ada] lives in [LOC Germany]",
        "projected:  Ada lebt in [LOC Deutschland]",
        "links:      0-0 3-3",
        "candidates: 1; scores: content × 1, emb × 1",
        "  B  “Deutschland” [3, 4) was chosen",
        "diagnosis:",
        "message: time limit reached",
        "note on links: read in 2 windows",
        "seconds:    match 0.500",
    ):
        assert part in text


def test_without_gold_nothing_is_compared() -> None:
    pair = typed_pair("[PER Ada] lives", "Ada lebt", "en", "de")
    projection = Projection(pair, "heuristic", (), (), Trace())
    record = explanation_record(projection)
    assert (record["gold"], record["diagnoses"], record["outcome"]) == (None, None, "no gold")
    assert (record["links"], record["weights"]) == (None, {})
    assert "gold:       none" in explanation_text(projection)


def test_status_compares_spans_with_gold() -> None:
    projection = project(chosen())
    gold = projection.pair.target.spans
    assert sentence_status(projection) == "differs"
    assert sentence_status(replace(projection, spans=gold)) == "as in gold"


@pytest.mark.parametrize(
    ("source", "target", "side", "code"),
    [
        ("[PER Ada", "Ada", "source", "bad-annotation"),
        ("Ada", "[PER Ada", "target", "bad-annotation"),
        ("  ", "Ada", "source", "empty-corpus"),
        ("Ada", "", "target", "empty-corpus"),
    ],
)
def test_typed_text_that_cannot_be_read_names_its_side(
    source: str, target: str, side: str, code: str
) -> None:
    with pytest.raises(DataError, match=f"the {side} sentence") as caught:
        typed_pair(source, target, "en", "de")
    assert caught.value.code == code
    assert caught.value.hint


@pytest.mark.parametrize(
    ("index", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")]
)
def test_letters_go_on_after_z(index: int, name: str) -> None:
    assert entity_letter(index) == name


def test_the_sentence_translated_back_is_told() -> None:
    bare = project(Decision(0, None, "marker-lost"))
    marked = typed_pair("x", "[LOC Deutschland] ist Adas Land", "en", "de").target
    back = replace(bare, trace=replace(bare.trace, marked=marked))
    assert explanation_record(back)["marked"] == "[LOC Deutschland] ist Adas Land"
    assert "back:       [LOC Deutschland] ist Adas Land" in explanation_text(back)
    assert "marker did not survive translation" in explanation_text(back)
    assert explanation_record(bare)["marked"] is None
