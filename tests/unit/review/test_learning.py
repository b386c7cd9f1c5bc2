"""Learning from accepted answers: constraints, gold, weights."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.config import ComponentChoice, RunConfig, ScoreChoice
from core.errors import ConfigError, DataError
from core.pipeline import Constraints, Pipeline
from core.review.learning import LEAST_SENTENCES, constraints_of, retune, reviewed_pairs
from core.store.answers import Answer, AnswerSpan
from core.types import (
    Candidate,
    Decision,
    EntityCandidate,
    Failure,
    Projection,
    Rival,
    SentencePair,
    Span,
    Trace,
)
from core.whatif.edits import Edits
from tests.builders import pair, sentence
from tests.unit.review.cases import answer
from tests.unit.whatif.cases import by_links, competing

PAIR = competing()  # two entities, seven target words
PROJECTION = Projection(
    PAIR,
    "m",
    (Span(1, 3, "ORG"), Span(3, 4, "LOC")),
    (
        Decision(0, Candidate(1, 3), "chosen"),
        Decision(
            1, Candidate(3, 4), "chosen", blocked_by=(Rival(Candidate(2, 4), 0.9, "word", 0, 2),)
        ),
    ),
    Trace(candidates=(Candidate(1, 3), Candidate(3, 4), Candidate(6, 7))),
)


def accepted(*spans: tuple[int, int, str, int | None]) -> Answer:
    return answer(*spans, status="accepted")


@pytest.mark.parametrize("status", ["open", "working", "flagged", "rejected"])
def test_only_an_accepted_answer_speaks(status: str) -> None:
    said = answer((1, 4, "ORG", 0), status=status)  # type: ignore[arg-type]
    assert constraints_of(PROJECTION, said) == Constraints()


def test_spans_become_pins_and_what_was_wrong_becomes_bans() -> None:
    found = constraints_of(PROJECTION, accepted((1, 4, "ORG", 0), (5, 7, "LOC", 1)))
    assert found.pins == (EntityCandidate(0, 1, 4), EntityCandidate(1, 5, 7))
    assert found.bans == (EntityCandidate(0, 1, 3), EntityCandidate(1, 3, 4))


def test_what_was_right_is_not_banned() -> None:
    found = constraints_of(PROJECTION, accepted((1, 3, "PER", 0), (3, 4, "LOC", None)))
    assert found == Constraints(pins=(EntityCandidate(0, 1, 3),))


def test_an_entity_with_the_span_of_another_is_banned_there() -> None:
    found = constraints_of(PROJECTION, accepted((3, 4, "ORG", 0)))
    assert found.pins == (EntityCandidate(0, 3, 4),)
    assert found.bans == (EntityCandidate(0, 1, 3), EntityCandidate(1, 3, 4))


def test_a_dropped_entity_is_banned_everywhere_it_was_thought_of() -> None:
    said = replace(accepted((1, 3, "ORG", 0)), dropped=(1,))
    found = constraints_of(PROJECTION, said)
    assert found.bans == tuple(
        EntityCandidate(1, *place) for place in ((1, 3), (2, 4), (3, 4), (6, 7))
    )


def test_a_split_entity_keeps_as_many_pins_as_it_may_have() -> None:
    said = accepted((0, 1, "ORG", 0), (2, 4, "ORG", 0))
    assert constraints_of(PROJECTION, said).pins == (EntityCandidate(0, 2, 4),)
    assert len(constraints_of(PROJECTION, said, most=2).pins) == 2
    assert len(constraints_of(PROJECTION, said, most=None).pins) == 2


def test_entities_that_the_reviewer_changed_are_known_by_their_words() -> None:
    edits = Edits(entities=(Span(1, 2, "PER"), Span(4, 5, "LOC")))
    said = replace(accepted((0, 1, "PER", 0), (6, 7, "LOC", 1)), edits=edits)
    assert constraints_of(PROJECTION, said).pins == (EntityCandidate(1, 6, 7),)
    again = replace(PROJECTION, pair=edits.pair(PAIR))
    assert constraints_of(again, said).pins == (
        EntityCandidate(0, 0, 1),
        EntityCandidate(1, 6, 7),
    )


def test_entities_of_another_run_are_known_by_their_words() -> None:
    of_places = Edits(entities=PAIR.source.spans[1:]).pair(PAIR)  # a run that sees these alone
    said = accepted((5, 7, "LOC", 0))
    found = constraints_of(PROJECTION, said, seen=of_places)
    assert found.pins == (EntityCandidate(1, 5, 7),)
    # The bank, which that run does not see, has no span in the whole answer.
    assert {(one.entity, one.start, one.end) for one in found.bans} == {
        (0, 1, 3), (0, 2, 4), (0, 3, 4), (0, 6, 7), (1, 3, 4),
    }  # fmt: skip
    dropped = constraints_of(PROJECTION, replace(accepted(), dropped=(0,)), seen=of_places)
    assert len([one for one in dropped.bans if one.entity == 1]) == 4
    other = replace(of_places, source=sentence("China", "en", (0, 1, "LOC")))
    assert constraints_of(PROJECTION, said, seen=other).pins == ()


def test_a_span_for_an_entity_that_the_run_lacks_is_right_there() -> None:
    edits = Edits(entities=(Span(3, 4, "ORG"), *PAIR.source.spans[1:]))
    said = replace(accepted((1, 3, "ORG", 0), (3, 4, "LOC", 1)), edits=edits)
    found = constraints_of(PROJECTION, said)
    assert found.pins == (EntityCandidate(1, 3, 4),)
    assert EntityCandidate(0, 1, 3) not in found.bans


def test_a_failed_sentence_gets_its_pins() -> None:
    failed = Projection(PAIR, "m", (), (), Trace(), Failure("align", "bad-line", "x"))
    assert constraints_of(failed, accepted((1, 4, "ORG", 0))).pins == (EntityCandidate(0, 1, 4),)


def test_an_answer_must_fit() -> None:
    with pytest.raises(DataError, match="inside 7 words"):
        constraints_of(PROJECTION, accepted((6, 9, "ORG", 0)))


def test_the_next_run_keeps_to_it() -> None:
    pipeline = Pipeline.from_config(by_links())
    (before,) = pipeline.run([PAIR])
    said = replace(accepted((1, 3, "ORG", 0)), dropped=(1,))
    (after,) = pipeline.run([PAIR], constraints={PAIR.id: constraints_of(before, said)})
    assert before.spans != after.spans == said.plain_spans


def test_reviewed_pairs_have_the_answers_as_gold() -> None:
    bare = replace(PAIR, has_gold=False)
    edited = replace(accepted((0, 1, "X", None)), edits=Edits(entities=(Span(0, 1, "X"),)))
    found = reviewed_pairs(
        [bare, bare, PAIR], {2: accepted(), 0: edited, 1: answer((0, 1, "X", None))}
    )
    assert [one.target.spans for one in found] == [(Span(0, 1, "X"),), ()]
    assert [one.source.spans for one in found] == [(Span(0, 1, "X"),), PAIR.source.spans]
    assert all(one.has_gold for one in found)
    with pytest.raises(DataError, match="inside 7 words"):
        reviewed_pairs([PAIR], {0: accepted((6, 9, "X", None))})


# One score prefers the word that is linked, the other the one that is spelt alike.
CONFIG = RunConfig(
    method="m",
    aligner=ComponentChoice(name="precomputed", parameters={"links": "given"}),
    candidates=(ComponentChoice(name="ngram", parameters={"max_len": 1}),),
    scores=(ScoreChoice(name="align", weight=1.5), ScoreChoice(name="surface")),
    projector=ComponentChoice(name="ilp", parameters={"min_score": 0.5}),
)


def spelt_alike(place: int) -> tuple[SentencePair, Answer]:
    """Make a pair whose link is wrong: the entity is the word spelt like it."""
    made = pair(
        sentence("Ada", "en", (0, 1, "PER")), sentence("x Ada", "es"), "0-0", pair_id=str(place)
    )
    return made, Answer("accepted", (AnswerSpan(1, 2, "PER", 0),))


def corpus(size: int) -> tuple[list[SentencePair], dict[int, Answer]]:
    made = [spelt_alike(place) for place in range(size)]
    return [one for one, _ in made], {place: said for place, (_, said) in enumerate(made)}


def test_weights_are_tuned_on_what_was_accepted() -> None:
    pairs, answers = corpus(LEAST_SENTENCES)
    found = retune(CONFIG, pairs, answers, folds=4, seed=3)
    assert (found.tuned.before.f1, found.tuned.held_out.f1) == (0.0, 1.0)
    assert (found.gain.first_f1, found.gain.second_f1, found.gain.difference) == (0.0, 1.0, 1.0)
    assert (found.gain.interval.low, found.gain.interval.high) == (1.0, 1.0)
    assert found.as_dict()["gain"]["interval"]["level"] == 0.95
    assert found == retune(CONFIG, pairs, answers, folds=4, seed=3)


def test_the_classes_are_the_corpus_own_and_not_the_methods() -> None:
    pairs, answers = corpus(LEAST_SENTENCES)
    found = retune(CONFIG.model_copy(update={"labels": ("PER",)}), pairs, answers, folds=4)
    assert (found.tuned.config.labels, found.method.labels) == (("PER",), None)
    assert found.method.scores == found.tuned.config.scores


def test_the_interval_is_over_sentences() -> None:
    pairs, answers = corpus(LEAST_SENTENCES)
    for place in range(0, LEAST_SENTENCES, 4):
        answers[place] = accepted((0, 1, "PER", 0))  # here the link was right
    gain = retune(CONFIG, pairs, answers, folds=4).gain
    assert gain.interval.low < gain.difference < gain.interval.high


def test_too_few_reviewed_sentences_are_refused() -> None:
    pairs, answers = corpus(LEAST_SENTENCES)
    answers[3] = replace(answers[3], status="flagged")
    with pytest.raises(DataError, match=r"at least 20 accepted sentences.* got 19") as caught:
        retune(CONFIG, pairs, answers)
    assert (caught.value.code, caught.value.hint) == ("missing-gold", "accept 1 more")


def test_a_method_without_scores_cannot_be_tuned() -> None:
    pairs, answers = corpus(LEAST_SENTENCES)
    heuristic = CONFIG.model_copy(
        update={"scores": (), "candidates": (), "projector": ComponentChoice(name="heuristic")}
    )
    with pytest.raises(ConfigError, match="tuning weighs the scores"):
        retune(heuristic, pairs, answers)
