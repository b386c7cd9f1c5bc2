"""Tuning: it finds weights that are better, and tells how good they are on what it did not see."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.config import ComponentChoice, RunConfig, ScoreChoice
from core.errors import ConfigError
from core.methods import method
from core.stages import fuse
from core.tuning import tune
from core.types import Candidate, Failure, Projection, ScoreMatrix, Span, Trace
from tests.builders import pair, sentence

CONFIG = RunConfig(
    method="m",
    candidates=(ComponentChoice(name="ngram"),),
    scores=(ScoreChoice(name="align"), ScoreChoice(name="surface")),
    projector=ComponentChoice(name="ilp", parameters={"min_score": 0.5}),
)
CANDIDATES = (Candidate(0, 1), Candidate(1, 2))


def _projection(right: str, number: int, gold: int = 1) -> Projection:
    """Make a sentence in which only the score `right` prefers the gold span."""
    other = {"align": "surface", "surface": "align"}[right]
    terms = {right: np.array([[0.4, 0.8]]), other: np.array([[0.9, 0.45]])}
    source = sentence("Ada", "en", (0, 1, "PER"))
    target = sentence("x Ada", "es", (gold, gold + 1, "PER"))
    scores: ScoreMatrix = fuse(
        {name: terms[name] for name in ("align", "surface")}, {"align": 1.0, "surface": 1.0}
    )
    trace = Trace(candidates=CANDIDATES, scores=scores)
    return Projection(pair(source, target, pair_id=str(number)), "m", (), (), trace)


def test_it_finds_the_score_that_is_right() -> None:
    run = [_projection("surface", number) for number in range(10)]
    tuned = tune(CONFIG, run, folds=5)
    assert tuned.before.f1 == 0.0  # 1.3 against 1.25
    assert tuned.after.f1 == tuned.held_out.f1 == 1.0
    weights = dict(tuned.setting.weights)
    assert weights["surface"] > weights["align"]
    assert {score.name: score.weight for score in tuned.config.scores} == {
        name: weight for name, weight in weights.items() if weight > 0
    }
    assert (tuned.folds, tuned.sentences) == (5, 10)


def test_where_nothing_helps_the_weights_stay() -> None:
    tuned = tune(CONFIG, [_projection("align", number, gold=0) for number in range(4)], folds=2)
    assert tuned.config == CONFIG
    assert tuned.before.f1 == tuned.held_out.f1 == 0.0 or tuned.before == tuned.after


def test_the_held_out_score_is_of_weights_chosen_without_it() -> None:
    """Of three sentences two agree; the third, held out, is always judged under their weights."""
    run = [_projection("surface", 0), _projection("surface", 1), _projection("align", 2)]
    tuned = tune(CONFIG, run, folds=3)
    assert tuned.after.correct >= 2
    assert tuned.held_out.correct <= tuned.after.correct


def test_a_failed_sentence_counts_as_missed() -> None:
    run = [_projection("surface", number) for number in range(4)]
    run[0] = replace(run[0], failure=Failure("align", "bad-line", "x"))
    tuned = tune(CONFIG, run, folds=2)
    assert (tuned.after.correct, tuned.after.support) == (3, 4)


def test_the_seed_decides_the_parts_and_nothing_else_does() -> None:
    run = [_projection(name, place) for place, name in enumerate(("surface", "align") * 4)]
    assert tune(CONFIG, run, folds=4) == tune(CONFIG, run, folds=4)


@pytest.mark.parametrize("name", ["heuristic", "model_transfer", "backtranslation"])
def test_a_method_without_scores_of_its_own_is_refused(name: str) -> None:
    with pytest.raises(ConfigError, match="tuning weighs the scores"):
        tune(method(name), [_projection("align", 0)])


def test_too_few_sentences_are_refused() -> None:
    with pytest.raises(ConfigError, match="5 folds and 1 sentences"):
        tune(CONFIG, [_projection("align", 0)])


def test_a_span_of_another_class_is_not_right() -> None:
    wrong = _projection("surface", 0)
    target = replace(wrong.pair.target, spans=(Span(1, 2, "LOC"),))
    run = [replace(wrong, pair=replace(wrong.pair, target=target))] * 2
    assert tune(CONFIG, run, folds=2).after.correct == 0
