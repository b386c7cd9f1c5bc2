"""Outcome and guilty stage of every entity, one scene a test case."""

from __future__ import annotations

import json

import pytest

from core.errors import DataError
from core.evaluate.diagnosis import EntityDiagnosis, diagnose
from core.types import Candidate, Projection, Rival, Span
from tests.unit.evaluate.builders import (
    FAILURE,
    lost,
    project,
    score_matrix,
    sentence,
    took,
)

TURIN = sentence("she saw Turin", (2, 3, "LOC"))
TORINO = sentence("vide Torino ieri sera", (1, 2, "LOC"))
SPANS = [(0, 1), (1, 2), (2, 3), (0, 2)]
NOTHING = score_matrix(align=[[0.0, 0.0, 0.0, 0.0]])
BANK = sentence("the Bank of Italy", (1, 4, "ORG"))
BANCA = sentence("la Banca d' Italia oggi", (1, 4, "ORG"))
TWO = sentence("Ann and Bob", (0, 1, "PER"), (2, 3, "PER"))


def only(projection: Projection, outcome: str) -> EntityDiagnosis:
    """Return the one diagnosis with an outcome."""
    (found,) = [one for one in diagnose(projection) if one.outcome == outcome]
    return found


MISSING = [
    pytest.param(
        project(TURIN, TORINO, failure=FAILURE),
        "failed",
        "“Torino” (LOC) is missing: the sentence failed in align: the model did not load.",
        id="failed",
    ),
    pytest.param(
        project(sentence("she saw Turin"), TORINO, linked="2-1"),
        "source-label",
        "“Torino” (LOC) is missing: no source entity is left that it could translate.",
        id="source-label",
    ),
    pytest.param(
        project(
            sentence("she saw Turin", (2, 3, "ORG")), TORINO, lost(0, "no-score"), linked="2-1"
        ),
        "source-class",
        "“Torino” (LOC) is missing: the source has “Turin” as ORG.",
        id="source-class",
    ),
    pytest.param(
        project(
            TURIN,
            TORINO,
            lost(0, "no-link"),
            unseen=((2,), ()),
        ),
        "tokenisation",
        "“Turin” was compared with no word",
        id="source-word-without-vector",
    ),
    pytest.param(
        project(
            TURIN,
            TORINO,
            lost(0, "no-link"),
            unseen=((), (1,)),
        ),
        "tokenisation",
        "“Torino” was compared with no word",
        id="target-word-without-vector",
    ),
    pytest.param(
        project(TURIN, TORINO, lost(0, "no-score"), linked="2-2"),
        "no-link",
        "the links of “Turin” lead to “ieri” and not into “Torino”",
        id="links-lead-elsewhere",
    ),
    pytest.param(
        project(TURIN, TORINO, lost(0, "no-link"), candidates=SPANS, scores=NOTHING),
        "no-link",
        "no word of “Turin” is linked to any word",
        id="no-link-comes-before-no-score",
    ),
    pytest.param(
        project(
            TURIN,
            TORINO,
            lost(0, "no-score"),
            linked="2-1",
            candidates=[(0, 1), (2, 3)],
            scores=score_matrix(align=[[0.0, 0.0]]),
        ),
        "no-candidate",
        "“Torino” is not among the 2 spans proposed",
        id="no-candidate",
    ),
    pytest.param(
        project(TURIN, TORINO, lost(0, "no-score"), linked="2-1", candidates=SPANS, scores=NOTHING),
        "no-score",
        "“Torino” was proposed but scored 0",
        id="no-score",
    ),
    pytest.param(
        project(TURIN, TORINO, linked=None),
        "unknown",
        "no decision on “Turin” is recorded",
        id="no-decisions",
    ),
    pytest.param(
        project(TURIN, TORINO, lost(0, "chosen"), linked=None),
        "unknown",
        "the trace does not say why “Turin” was not projected",
        id="silent-trace",
    ),
    pytest.param(
        project(TURIN, TORINO, lost(0, "no-candidate"), linked=None),
        "no-candidate",
        "nothing was proposed for “Turin”",
        id="told-by-the-projector",
    ),
    pytest.param(
        project(TURIN, TORINO, lost(0, "filtered"), linked="2-1"),
        "filtered",
        "an option of the projector removed the spans of “Turin”",
        id="filtered-without-candidates",
    ),
    pytest.param(
        project(
            TURIN,
            TORINO,
            lost(0, "filtered", rivals=[Rival(Candidate(1, 2), 0.0, "filtered")]),
            linked="2-1",
            candidates=[(1, 2)],
            origin="aligned",
        ),
        "filtered",
        "an option of the projector removed “Torino”",
        id="filtered",
    ),
    pytest.param(
        project(
            TURIN,
            TORINO,
            lost(0, "filtered"),
            linked="2-1",
            candidates=SPANS,
            scores=score_matrix(align=[[0.0, 0.9, 0.0, 0.0]]),
        ),
        "filtered",
        "an option of the projector removed “Torino”",
        id="filtered-though-it-scored",
    ),
    pytest.param(
        project(TURIN, TORINO, lost(0, "filtered"), linked="2-1 2-2"),
        "wrong-link",
        "the links of “Turin” reach “Torino ieri” instead of “Torino”",
        id="wrong-link-without-recorded-candidates",
    ),
    pytest.param(
        project(
            TURIN,
            TORINO,
            lost(0, "banned", rivals=[Rival(Candidate(1, 2), 0.9, "banned")]),
            linked="2-1",
            candidates=SPANS,
            scores=score_matrix(align=[[0.0, 0.9, 0.0, 0.0]]),
        ),
        "review",
        "a reviewer forbade “Torino”",
        id="banned",
    ),
    pytest.param(
        project(
            TURIN,
            TORINO,
            took(0, 3, 4, 0.0, reason="pinned"),
            linked="2-1",
            candidates=[*SPANS, (3, 4)],
            scores=score_matrix(align=[[0.0, 0.9, 0.0, 0.0, 0.0]]),
        ),
        "review",
        "a reviewer fixed “Turin”",
        id="pinned-elsewhere",
    ),
    pytest.param(
        project(
            TURIN,
            TORINO,
            lost(0, "blocked"),
            linked="2-1",
            candidates=SPANS,
            scores=score_matrix(align=[[0.0, 0.9, 0.0, 0.0]]),
        ),
        "matching",
        "every span of “Turin” that scored lost its words to another entity",
        id="blocked-rival-not-listed",
    ),
    pytest.param(
        project(
            TURIN,
            TORINO,
            lost(0, "no-score"),
            linked="2-1",
            candidates=SPANS,
            scores=score_matrix(align=[[0.0, 0.9, 0.0, 0.0]]),
        ),
        "unknown",
        "“Turin” was not projected and the trace does not say why",
        id="trace-contradicts-itself",
    ),
    pytest.param(
        project(TURIN, TORINO, took(0, 1, 2), linked="2-1", spans=[]),
        "unknown",
        "“Turin” was projected onto it and the trace does not say what undid that",
        id="projected-and-undone",
    ),
]


@pytest.mark.parametrize(("projection", "stage", "sentence_part"), MISSING)
def test_stage_of_a_missing_entity(projection: Projection, stage: str, sentence_part: str) -> None:
    found = only(projection, "missing")
    assert found.stage == stage
    assert sentence_part in found.explanation
    assert (found.gold, found.predicted, found.entity) == (Span(1, 2, "LOC"), None, None)


def test_an_entity_without_decision_never_reached_the_projector() -> None:
    source = sentence("Ann saw Turin", (0, 1, "PER"), (2, 3, "LOC"))
    target = sentence("Anna vide Torino", (0, 1, "PER"), (2, 3, "LOC"))
    found = only(project(source, target, took(0, 0, 1), linked="0-0 2-2"), "missing")
    assert found.stage == "filtered"
    assert "“Turin” was taken out before it reached the projector" in found.explanation


def test_outscored_by_the_winner_with_scores_and_terms() -> None:
    projection = project(
        BANK,
        BANCA,
        took(0, 1, 2, 0.9, terms={"align": 0.5, "emb": 0.4}),
        linked="1-1 3-3",
        candidates=[(1, 2), (1, 4)],
        scores=score_matrix(align=[[0.5, 0.4]], emb=[[0.4, 0.3]]),
    )
    found = only(projection, "too-short")
    assert found.stage == "matching"
    assert found.explanation == (
        "“Banca d' Italia” (ORG) was projected onto “Banca”, too short: "
        "“Banca” scored 0.9 and “Banca d' Italia” only 0.7 (align 0.5 to 0.4, emb 0.4 to 0.3)."
    )
    assert found.contest is not None
    assert found.contest.constraint == "score"
    assert found.contest.gold_score == pytest.approx(0.7)
    assert found.contest.gold_terms == pytest.approx({"align": 0.4, "emb": 0.3})
    assert found.contest.winner_terms == {"align": 0.5, "emb": 0.4}
    assert (found.contest.winner, found.contest.winner_entity) == (Candidate(1, 2), 0)


def test_an_entity_projected_twice_lost_to_the_first_span() -> None:
    projection = project(
        BANK,
        BANCA,
        took(0, 0, 1, 0.9),
        took(0, 4, 5, 0.8),
        linked="1-1 3-3",
        candidates=[(0, 1), (1, 4), (4, 5)],
        scores=score_matrix(align=[[0.9, 0.7, 0.8]]),
    )
    found = only(projection, "missing")
    assert found.contest is not None
    assert found.contest.winner == Candidate(0, 1)


def test_the_decision_that_lists_the_gold_span_is_heard() -> None:
    rival = Rival(Candidate(1, 4), 0.7, "banned")
    projection = project(
        BANK,
        BANCA,
        took(0, 0, 1, 0.9),
        took(0, 4, 5, 0.6, rivals=[rival]),
        linked="1-1 3-3",
        candidates=[(0, 1), (1, 4), (4, 5)],
        scores=score_matrix(align=[[0.9, 0.7, 0.6]]),
    )
    assert only(projection, "missing").stage == "review"


@pytest.mark.parametrize(
    ("rival", "reason"),
    [
        pytest.param(
            Rival(Candidate(1, 2), 0.5, "word"),
            "“Torino” lost a word to another span",
            id="neither-word-nor-entity",
        ),
        pytest.param(
            Rival(Candidate(1, 2), 0.5, "word", entity=0, word=1),
            "“Torino” lost the word “Torino” to “Ann”.",
            id="holder-without-span",
        ),
    ],
)
def test_a_rival_that_says_little_is_not_embellished(rival: Rival, reason: str) -> None:
    source = sentence("Ann saw Turin", (0, 1, "PER"), (2, 3, "LOC"))
    decisions = (lost(0, "no-link"), lost(1, "blocked", rivals=[rival]))
    found = only(project(source, TORINO, *decisions, linked="2-1"), "missing")
    assert reason in found.explanation
    assert found.contest is not None
    assert found.contest.winner is None


def test_the_span_that_holds_the_word_is_named() -> None:
    source = sentence("Ann and Bob", (0, 1, "LOC"), (2, 3, "PER"))
    target = sentence("Anna und Bob", (2, 3, "PER"))
    rival = Rival(Candidate(2, 3), 0.9, "word", entity=0, word=2)
    projection = project(
        source, target, took(0, 0, 1), took(0, 2, 3), lost(1, "blocked", rivals=[rival])
    )
    found = only(projection, "wrong-class")
    assert found.contest is not None
    assert found.contest.winner == Candidate(2, 3)


@pytest.mark.parametrize(
    ("gold_score", "stage", "constraint"),
    [
        pytest.param(0.3 + 1e-13, "matching", "tie", id="tie"),
        pytest.param(0.4, "unknown", "unknown", id="gold-scored-more-and-nothing-stopped-it"),
    ],
)
def test_a_winner_that_did_not_score_more(gold_score: float, stage: str, constraint: str) -> None:
    projection = project(
        BANK,
        BANCA,
        took(0, 1, 2, 0.3),
        linked="1-1 3-3",
        candidates=[(1, 2), (1, 4)],
        scores=score_matrix(align=[[0.3, gold_score]]),
    )
    found = only(projection, "too-short")
    assert found.stage == stage
    assert found.contest is not None
    assert found.contest.constraint == constraint


def test_a_word_lost_to_a_rival_entity() -> None:
    target = sentence("Anna und Bob", (0, 1, "PER"), (2, 3, "PER"))
    projection = project(
        TWO,
        target,
        took(0, 0, 3, 1.5, terms={"align": 1.5}),
        lost(1, "blocked", rivals=[Rival(Candidate(2, 3), 0.8, "word", entity=0, word=2)]),
        linked="0-0 2-2",
        candidates=[(0, 1), (0, 3), (2, 3)],
        scores=score_matrix(align=[[1.0, 1.5, 0.0], [0.0, 0.1, 0.8]]),
    )
    found = only(projection, "missing")
    assert found.stage == "matching"
    assert found.explanation == (
        "“Bob” (PER) is missing: “Bob”, which scored 0.8, lost the word “Bob” to “Ann”, "
        "projected onto “Anna und Bob”."
    )
    assert found.counterpart == 1
    assert found.contest is not None
    assert (found.contest.constraint, found.contest.word) == ("word", 2)
    assert (found.contest.winner, found.contest.winner_entity) == (Candidate(0, 3), 0)
    assert (found.contest.gold_score, found.contest.winner_score) == (0.8, 1.5)
    assert found.contest.gold_terms == {"align": 0.8}
    assert only(projection, "too-long").stage == "matching"


def test_a_word_lost_without_scores_names_no_score() -> None:
    target = sentence("Anna und Bob", (0, 1, "PER"), (2, 3, "PER"))
    projection = project(
        TWO,
        target,
        took(0, 0, 3, 0.0),
        lost(1, "blocked", rivals=[Rival(Candidate(2, 3), 0.0, "word", entity=0, word=2)]),
        linked="0-0 0-2 2-2",
        candidates=[(0, 3), (2, 3)],
        origin="aligned",
    )
    found = only(projection, "missing")
    assert "scored" not in found.explanation
    assert found.contest is not None
    assert (found.contest.gold_score, found.contest.winner_score) == (None, None)


@pytest.mark.parametrize(
    ("linked", "stage"),
    [
        pytest.param("1-1 3-2", "wrong-link", id="links-end-early"),
        pytest.param("1-1 3-3", "no-candidate", id="links-are-right"),
    ],
)
@pytest.mark.parametrize("scored", [True, False], ids=["scored", "heuristic"])
def test_spans_made_of_links_alone(linked: str, stage: str, scored: bool) -> None:
    projection = project(
        BANK,
        BANCA,
        took(0, 1, 3, 1.0),
        linked=linked,
        candidates=[(1, 3)],
        origin="aligned",
        scores=score_matrix(align=[[1.0]]) if scored else None,
    )
    assert only(projection, "too-short").stage == stage


def test_other_candidates_are_not_bound_to_links() -> None:
    projection = project(
        BANK,
        BANCA,
        took(0, 1, 3, 1.0),
        linked="1-1 3-2",
        candidates=[(1, 3)],
        scores=score_matrix(align=[[1.0]]),
    )
    assert only(projection, "too-short").stage == "no-candidate"


def test_a_heuristic_that_took_another_run() -> None:
    projection = project(
        TURIN,
        sentence("vide Torino ieri Torino", (1, 2, "LOC")),
        took(0, 3, 4, 0.0),
        linked="2-1 2-3",
        candidates=[(1, 2), (3, 4)],
        origin="aligned",
    )
    found = only(projection, "missing")
    assert found.stage == "matching"
    assert "no scores are recorded" in found.explanation


def test_scores_of_other_candidates_are_not_read() -> None:
    # The matrix has three columns and the projector kept two candidates: columns are unknown.
    projection = project(
        BANK,
        BANCA,
        took(0, 1, 2, 0.3),
        linked="1-1 3-3",
        candidates=[(1, 2), (1, 4)],
        scores=score_matrix(align=[[0.3, 0.2, 0.1]]),
    )
    found = only(projection, "too-short")
    assert found.contest is not None
    assert found.contest.gold_score is None


def test_wrong_class_where_the_source_is_labelled_otherwise() -> None:
    projection = project(
        sentence("she saw Turin", (2, 3, "ORG")), TORINO, took(0, 1, 2), linked="2-1"
    )
    found = only(projection, "wrong-class")
    assert found.stage == "source-class"
    assert (found.entity, found.counterpart, found.basis) == (0, 0, "links")
    assert found.explanation == (
        "“Torino” (LOC) was projected as ORG onto “Torino”: the source has “Turin” as ORG."
    )


def test_wrong_class_where_another_entity_took_the_words() -> None:
    source = sentence("Ann in Turin", (0, 1, "PER"), (2, 3, "LOC"))
    target = sentence("Anna a Torino", (0, 1, "PER"), (2, 3, "LOC"))
    rival = Rival(Candidate(2, 3), 0.5, "word", entity=0, word=2)
    projection = project(
        source,
        target,
        took(0, 2, 3, 0.9),
        lost(1, "blocked", rivals=[rival]),
        linked="0-0 2-2",
        candidates=[(0, 1), (2, 3)],
        scores=score_matrix(emb=[[0.2, 0.9], [0.0, 0.5]]),
    )
    found = only(projection, "wrong-class")
    assert (found.entity, found.counterpart, found.stage) == (0, 1, "matching")
    assert "lost the word “Torino” to “Ann”" in found.explanation
    assert only(projection, "missing").stage == "matching"


def test_a_class_changed_after_the_projection_is_unknown() -> None:
    projection = project(TURIN, TORINO, took(0, 1, 2), linked="2-1", spans=[Span(1, 2, "ORG")])
    found = only(projection, "wrong-class")
    assert found.stage == "unknown"
    assert "“Turin” is LOC and nothing tells what changed its class" in found.explanation


@pytest.mark.parametrize("predicted", [Span(1, 2, "ORG"), Span(1, 3, "LOC"), Span(2, 3, "LOC")])
def test_a_span_without_a_decision_is_unknown(predicted: Span) -> None:
    found = [one for one in diagnose(project(TURIN, TORINO, spans=[predicted])) if one.predicted]
    assert [(one.stage, one.entity) for one in found] == [("unknown", None)]
    assert "no decision behind it is recorded" in found[0].explanation


def test_spurious_because_gold_has_no_such_entity() -> None:
    projection = project(TURIN, sentence("vide Torino"), took(0, 1, 2), linked="2-1")
    found = only(projection, "spurious")
    assert (found.stage, found.entity, found.counterpart) == ("source-label", 0, None)
    assert found.explanation == "“Torino” (LOC) is spurious: “Turin” has no counterpart in gold."


def test_spurious_because_the_entity_belongs_elsewhere() -> None:
    projection = project(
        TURIN,
        TORINO,
        took(0, 2, 3, 0.9),
        linked="2-1",
        candidates=SPANS,
        scores=score_matrix(emb=[[0.0, 0.5, 0.9, 0.0]]),
    )
    found = only(projection, "spurious")
    assert found.stage == "matching"
    assert "“Turin” belongs on “Torino” and “ieri” scored 0.9" in found.explanation


@pytest.mark.parametrize(
    ("origin", "stage", "reason"),
    [
        pytest.param("aligned", "wrong-link", "“Turin” is linked to “sera”", id="made-of-links"),
        pytest.param("ngram", "matching", "“Turin” was also projected onto", id="matched-twice"),
    ],
)
def test_spurious_because_the_entity_was_projected_twice(
    origin: str, stage: str, reason: str
) -> None:
    projection = project(
        TURIN,
        TORINO,
        took(0, 1, 2),
        took(0, 3, 4),
        linked="2-1 2-3",
        candidates=[(1, 2), (3, 4)],
        origin=origin,
        scores=score_matrix(align=[[1.0, 1.0]]),
    )
    found = only(projection, "spurious")
    assert found.stage == stage
    assert reason in found.explanation


def test_spurious_beside_another_entity_that_answers_the_gold_span() -> None:
    # “Ann” is the counterpart, by its link; “Bob” covers more of the gold span.
    target = sentence("Anna Maria Rossi ride", (0, 3, "PER"))
    projection = project(
        TWO, target, took(0, 0, 1), took(1, 1, 3), linked="0-0", candidates=[(0, 1)]
    )
    assert (only(projection, "too-short").entity, only(projection, "too-short").counterpart) == (
        1,
        0,
    )
    assert "“Ann” belongs on “Anna Maria Rossi”" in only(projection, "spurious").explanation


def test_where_numbers_differ_nobody_guesses() -> None:
    target = sentence("Anna lacht", (0, 1, "PER"))
    projection = project(TWO, target, lost(0, "no-link"), took(1, 1, 2))
    missing, spurious = only(projection, "missing"), only(projection, "spurious")
    assert (missing.stage, spurious.stage) == ("unknown", "unknown")
    assert "nothing tells whether it translates “Ann” or “Bob”" in missing.explanation
    assert "nothing tells which gold entity translates “Bob”" in spurious.explanation


def test_a_counterpart_by_order_is_not_stated_as_fact() -> None:
    projection = project(TURIN, TORINO, took(0, 2, 3), linked="2-2")
    missing, spurious = only(projection, "missing"), only(projection, "spurious")
    assert missing.basis == "order"
    assert "taking “Turin” as its source by class and order" in missing.explanation
    assert "“Turin” by class and order belongs on “Torino”" in spurious.explanation


def test_correct_has_no_stage() -> None:
    (found,) = diagnose(project(TURIN, TORINO, took(0, 1, 2), linked="2-1"))
    assert (found.outcome, found.stage, found.entity, found.counterpart) == ("correct", None, 0, 0)
    assert found.explanation == "“Torino” (LOC) is as in gold."


def test_labels_left_out_are_not_diagnosed() -> None:
    source = sentence("Ann in Turin", (0, 1, "PER"), (2, 3, "LOC"))
    target = sentence("Anna a Torino", (0, 1, "PER"), (2, 3, "LOC"))
    projection = project(source, target, took(0, 0, 1), took(1, 1, 2), linked="0-0 2-2")
    assert [one.outcome for one in diagnose(projection, {"PER"})] == ["correct"]


def test_a_sentence_without_gold_cannot_be_diagnosed() -> None:
    with pytest.raises(DataError, match="must have gold") as caught:
        diagnose(project(TURIN, TORINO, has_gold=False))
    assert caught.value.code == "missing-gold"


def test_a_diagnosis_goes_to_json() -> None:
    projection = project(
        BANK,
        BANCA,
        took(0, 1, 2, 0.9, terms={"align": 0.9}),
        linked="1-1 3-3",
        candidates=[(1, 2), (1, 4)],
        scores=score_matrix(align=[[0.9, 0.7]]),
    )
    (found,) = json.loads(json.dumps([one.as_dict() for one in diagnose(projection)]))
    assert found["gold"] == {"start": 1, "end": 4, "label": "ORG"}
    assert found["contest"]["gold_score"] == 0.7
