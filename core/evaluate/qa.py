"""Extractive question answering: exact match and token F1, by the rules of the answer's language.

Each question counts once, with the gold answer that suits the prediction best, separately for the
two figures. A question without a prediction is wrong and is counted; a prediction for a question
that is not there is an error, for it means the wrong file.

Paper: Lewis et al. 2020, MLQA, arXiv:1910.07475, section 4; Rajpurkar et al. 2016,
arXiv:1606.05250, section 6.1.
Departs: see `core.evaluate.answer_text`. As there, two answers without any token (punctuation or
articles only) are an exact match with an F1 of 0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import DataError
from core.evaluate.answer_text import answer_tokens
from core.evaluate.significance import DEFAULT, Bootstrap, Comparison, compare_counts
from core.questions import Question

_SHOWN = 3  # ids in a message


@dataclass(frozen=True, slots=True)
class AnswerScore:
    """How right the answer to one question is.

    Attributes:
        question_id: which question.
        f1: token F1 with the best gold answer, in [0, 1].
        is_exact: whether it has the tokens of a gold answer, in order.
        is_missing: whether there is no prediction; then it is wrong.
    """

    question_id: str
    f1: float
    is_exact: bool
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class QaScore:
    """Means over all questions.

    Attributes:
        f1: mean token F1, 0 to 100.
        exact_match: share of exact answers, 0 to 100.
        questions: how many it is over.
        missing: how many of them have no prediction.
    """

    f1: float
    exact_match: float
    questions: int
    missing: int

    def as_dict(self) -> dict[str, float | int]:
        """Return the value, ready for JSON."""
        return asdict(self)


def score_answers(
    questions: Sequence[Question], predictions: Mapping[str, str], language: str
) -> QaScore:
    """Score predicted answers.

    Args:
        questions: with gold answers.
        predictions: question id → answer.
        language: code of the language of the ANSWERS.

    Raises:
        ConfigError: the language is no code (code unknown-language).
        DataError: there is no question (code missing-gold), or a prediction for one that is not
            among them (not-parallel).
    """
    return mean_score(score_each(questions, predictions, language))


def mean_score(scores: Sequence[AnswerScore]) -> QaScore:
    """Average over questions, of one file or of several.

    Raises:
        DataError: there is none (code missing-gold).
    """
    if not scores:
        raise DataError("there must be at least one question, got none", code="missing-gold")
    return QaScore(
        f1=100 * sum(score.f1 for score in scores) / len(scores),
        exact_match=100 * sum(score.is_exact for score in scores) / len(scores),
        questions=len(scores),
        missing=sum(score.is_missing for score in scores),
    )


def score_each(
    questions: Sequence[Question], predictions: Mapping[str, str], language: str
) -> tuple[AnswerScore, ...]:
    """Score the answer to every question, in the order of the questions.

    Args:
        questions: with gold answers.
        predictions: question id → answer.
        language: code of the language of the ANSWERS.

    Raises:
        ConfigError: the language is no code (code unknown-language).
        DataError: a prediction for a question that is not among them (code not-parallel).
    """
    known = {question.id for question in questions}
    unknown = [question_id for question_id in predictions if question_id not in known]
    if unknown:
        shown = ", ".join(map(repr, unknown[:_SHOWN])) + (" …" if len(unknown) > _SHOWN else "")
        raise DataError(
            f"every prediction must belong to one of the {len(questions)} questions, "
            f"got {len(unknown)} that do not: {shown}",
            code="not-parallel",
            hint="take the predictions made for these questions",
        )
    return tuple(_score(question, predictions.get(question.id), language) for question in questions)


def compare_answers(
    questions: Sequence[Question],
    first: Mapping[str, str],
    second: Mapping[str, str],
    language: str,
    *,
    names: tuple[str, str] = ("first", "second"),
    bootstrap: Bootstrap = DEFAULT,
) -> Comparison:
    """Test whether two sets of predictions differ in mean F1, with the paired bootstrap.

    Args:
        questions: with gold answers.
        first: question id → answer.
        second: other answers to the same questions.
        language: code of the language of the ANSWERS.
        names: what to call the two.
        bootstrap: how to resample.

    Returns:
        F1, difference and interval as shares of 1; its `sentences` are the questions.

    Raises:
        ConfigError: as `score_answers`.
        DataError: as `score_answers`.
    """
    scores = [score_each(questions, answers, language) for answers in (first, second)]
    if not questions:
        raise DataError("there must be at least one question, got none", code="missing-gold")
    return compare_counts(*map(answer_counts, scores), names=names, bootstrap=bootstrap)


def transfer_means(scores: Mapping[tuple[str, str], QaScore]) -> dict[str, Any]:
    """Average over pairings of languages, as MLQA's tables do, whatever their size.

    Args:
        scores: by the language of the contexts and that of the questions.

    Returns:
        `xlt` over pairings of one language, `g_xlt` over all; None where there is none.
    """
    own = [score for (context, question), score in scores.items() if context == question]
    return {"xlt": _mean_of_pairings(own), "g_xlt": _mean_of_pairings(list(scores.values()))}


def _mean_of_pairings(scores: Sequence[QaScore]) -> dict[str, float | int] | None:
    if not scores:
        return None
    return {
        "f1": sum(score.f1 for score in scores) / len(scores),
        "exact_match": sum(score.exact_match for score in scores) / len(scores),
        "pairings": len(scores),
    }


def token_f1(predicted: Sequence[str], gold: Sequence[str]) -> float:
    """Return the harmonic mean of token precision and recall, repeats counted, in [0, 1].

    >>> token_f1(("alte", "neue", "zeitung"), ("neue", "zeitung"))
    0.8
    """
    common = (Counter(predicted) & Counter(gold)).total()
    return 2 * common / (len(predicted) + len(gold)) if common else 0.0


def _score(question: Question, prediction: str | None, language: str) -> AnswerScore:
    # Read in any case: a language that is none must show whatever was predicted.
    golds = {answer_tokens(answer.text, language) for answer in question.answers}
    if prediction is None:
        return AnswerScore(question.id, f1=0.0, is_exact=False, is_missing=True)
    predicted = answer_tokens(prediction, language)
    best = max((token_f1(predicted, gold) for gold in golds), default=0.0)
    return AnswerScore(question.id, f1=best, is_exact=predicted in golds)


def answer_counts(scores: Sequence[AnswerScore]) -> NDArray[np.float64]:
    """Return correct, predicted and gold answers of each question, shape (questions, 3).

    One answer is given and one is wanted, and as much of it is right as its F1 says; the F1 of
    these counts is the mean over questions.
    """
    return np.array([(score.f1, 1, 1) for score in scores], dtype=np.float64)
