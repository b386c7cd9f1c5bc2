"""Exact match and token F1 of answers."""

from __future__ import annotations

import numpy as np
import pytest

from core.datasets._folder import missing_files, require_file
from core.errors import ConfigError, DataError
from core.evaluate.qa import (
    QaScore,
    compare_answers,
    mean_score,
    score_answers,
    score_each,
    token_f1,
    transfer_means,
)
from core.evaluate.significance import Bootstrap
from core.questions import Answer, Question, all_questions
from core.questions.squad import read_predictions, read_squad


def question(name: str, *answers: str) -> Question:
    return Question(name, "?", tuple(Answer(answer, 0) for answer in answers))


def one(prediction: str, *golds: str, language: str = "en") -> tuple[float, bool]:
    (score,) = score_each([question("q", *golds)], {"q": prediction}, language)
    return score.f1, score.is_exact


def test_exact_after_normalising() -> None:
    assert one("the Cat!", "cat") == (1.0, True)
    assert one("新 西兰", "新西兰。", language="zh") == (1.0, True)


def test_f1_of_tokens() -> None:
    # two of three predicted tokens are right, two of four gold ones are found: 2 · 2 / 7
    assert one("big black dog", "big black cats sleep") == (pytest.approx(4 / 7), False)
    assert one("dog", "cat") == (0.0, False)


def test_order_counts_for_exact_match_only() -> None:
    assert one("black big", "big black") == (1.0, False)


def test_repeated_tokens_count_as_often_as_on_both_sides() -> None:
    assert token_f1(["x", "x", "x"], ["x", "x", "y"]) == pytest.approx(2 / 3)


def test_chinese_by_character() -> None:
    assert one("北京市", "北京", language="zh") == (pytest.approx(0.8), False)
    assert one("北京市", "北京", language="hi") == (0.0, False)


def test_the_best_gold_answer_counts() -> None:
    assert one("black cat", "dog", "big black cat", "black cat") == (1.0, True)
    assert one("black cat", "dog", "big black cat") == (pytest.approx(0.8), False)


def test_no_token_at_all_is_exact_without_f1() -> None:
    assert one("the", "?!") == (0.0, True)
    assert one("", "cat") == (0.0, False)


def test_means_and_missing_predictions() -> None:
    questions = [question("a", "x y"), question("b", "x"), question("c", "x"), question("d", "x")]
    score = score_answers(questions, {"b": "x", "a": "x", "d": "y"}, "en")
    assert score == QaScore(
        f1=pytest.approx(100 * (2 / 3 + 1) / 4), exact_match=25.0, questions=4, missing=1
    )
    assert score.as_dict() == {
        "f1": pytest.approx(125 / 3),
        "exact_match": 25.0,
        "questions": 4,
        "missing": 1,
    }
    assert [item.is_missing for item in score_each(questions, {"a": "x"}, "en")] == [
        False, True, True, True,
    ]  # fmt: skip


def test_an_empty_answer_is_not_missing() -> None:
    assert score_answers([question("a", "x")], {"a": ""}, "en").missing == 0


def test_a_missing_prediction_is_wrong_even_where_gold_has_no_token() -> None:
    assert score_answers([question("a", "the")], {}, "en").exact_match == 0.0


def test_predictions_for_other_questions_are_refused() -> None:
    with pytest.raises(DataError, match="got 5 that do not: 'v', 'w', 'x' …") as caught:
        score_answers([question("a", "x")], dict.fromkeys("vwxyza", "x"), "en")
    assert caught.value.code == "not-parallel"


def test_no_question_no_score() -> None:
    for score in (lambda: mean_score([]), lambda: compare_answers([], {}, {}, "en")):
        with pytest.raises(DataError) as caught:
            score()
        assert caught.value.code == "missing-gold"


def test_a_wrong_language_shows_without_predictions() -> None:
    with pytest.raises(ConfigError):
        score_answers([question("a", "x")], {}, "?")


FAST = Bootstrap(resamples=1000, seed=1)


def test_paired_bootstrap() -> None:
    rng = np.random.default_rng(3)
    questions = [question(str(number), "x y z") for number in range(150)]
    good = {item.id: str(rng.choice(["x y z", "x y", "x y"])) for item in questions}
    bad = {item.id: str(rng.choice(["x y z", "x", "w"])) for item in questions}
    comparison = compare_answers(questions, bad, good, "en", names=("bad", "good"), bootstrap=FAST)
    assert (comparison.first, comparison.second) == ("bad", "good")
    assert 100 * comparison.first_f1 == pytest.approx(score_answers(questions, bad, "en").f1)
    assert 100 * comparison.second_f1 == pytest.approx(score_answers(questions, good, "en").f1)
    assert comparison.sentences == 150
    assert 0 < comparison.interval.low < comparison.difference < comparison.interval.high
    assert comparison.p_one_sided < 0.01
    assert comparison.p_two_sided < 0.01
    back = compare_answers(questions, good, bad, "en", bootstrap=FAST)
    assert back.difference == pytest.approx(-comparison.difference)


def test_equal_means_have_no_winner() -> None:
    answers = ["x y z", "x y", "x", "x w", "w", "x y w"]
    questions = [question(str(number), "x y z") for number in range(len(answers))]
    first = {item.id: text for item, text in zip(questions, answers, strict=True)}
    second = {item.id: text for item, text in zip(questions, reversed(answers), strict=True)}
    for other in (first, second):
        comparison = compare_answers(questions, first, other, "en", bootstrap=FAST)
        assert comparison.difference == pytest.approx(0, abs=1e-12)
        assert comparison.p_one_sided == comparison.p_two_sided == 1.0


@pytest.mark.real_data
def test_published_predictions_get_the_published_figures() -> None:
    """F1 63.937 and exact match 48.24 by MLQA's own metric: shared/data/README.md, mlqa."""
    gold, predicted = (
        "mlqa/dev-context-de-question-de.json",
        "mlqa/unicoder-dev.de.predictions.json",
    )
    if missing_files((gold, predicted)):
        pytest.skip("the data folder lacks mlqa: set SPANBRIDGE_DATA")
    questions = all_questions(read_squad(require_file(gold)))
    score = score_answers(questions, read_predictions(require_file(predicted)), "de")
    assert score.f1 == pytest.approx(63.937, abs=0.0005)
    assert score.exact_match == pytest.approx(48.242, abs=0.0005)
    assert (score.questions, score.missing) == (512, 0)


def test_pairings_of_languages_count_alike_whatever_their_size() -> None:
    scores = {
        ("de", "de"): QaScore(f1=80.0, exact_match=60.0, questions=500, missing=0),
        ("de", "en"): QaScore(f1=40.0, exact_match=20.0, questions=5, missing=1),
    }
    assert transfer_means(scores) == {
        "xlt": {"f1": 80.0, "exact_match": 60.0, "pairings": 1},
        "g_xlt": {"f1": 60.0, "exact_match": 40.0, "pairings": 2},
    }
    assert transfer_means({}) == {"xlt": None, "g_xlt": None}


@pytest.mark.real_data
@pytest.mark.parametrize("language", ["de", "en", "es", "zh"])
def test_gold_answers_are_right(language: str) -> None:
    file = f"xquad/xquad.{language}.json"
    if missing_files((file,)):
        pytest.skip("the data folder lacks xquad: set SPANBRIDGE_DATA")
    contexts = read_squad(require_file(file))
    questions = all_questions(contexts)
    perfect = {item.id: item.answers[0].text for item in questions}
    score = score_answers(questions, perfect, language)
    assert (len(contexts), score.questions) == (240, 1190)
    assert (score.f1, score.exact_match) == (100.0, 100.0)
