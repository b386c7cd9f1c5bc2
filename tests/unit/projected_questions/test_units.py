"""Contexts cut into sentences, answers found as words, translations put together."""

from __future__ import annotations

from itertools import pairwise

import pytest

from core.projected_questions.units import (
    cut_context,
    join_units,
    place_answer,
    unit_sentences,
    units_with_answers,
)
from core.questions import Answer, Context, Question

TEXT = "Ann saw Bob.  He was in St. Paul.\n\nThe 1990s came."


def context(*answers: str, text: str = TEXT) -> Context:
    questions = tuple(
        Question(str(place), "?", (Answer(answer, text.index(answer)),))
        for place, answer in enumerate(answers)
    )
    return Context(text, questions)


def test_only_white_space_lies_between_units() -> None:
    units = cut_context(context(), "en")
    assert len(units) > 2
    assert all(TEXT[unit.char_start : unit.char_end] == unit.text for unit in units)
    gaps = [TEXT[one.char_end : other.char_start] for one, other in pairwise(units)]
    assert "".join(gaps).isspace()


@pytest.mark.parametrize("answer", ["Bob.  He", "Paul.\n\nThe 1990s", TEXT])
def test_a_border_inside_an_answer_is_none(answer: str) -> None:
    one = context(answer)
    units = cut_context(one, "en")
    place = place_answer(Answer(answer, TEXT.index(answer)), units, unit_sentences(units, "en"))
    assert place is not None
    assert answer in units[place.unit].text
    assert len(units) < len(cut_context(context(), "en"))
    assert units_with_answers(one, units) == {place.unit}


@pytest.mark.parametrize(
    ("answer", "words", "widened"),
    [
        ("Bob", "Bob", False),
        (" Bob", "Bob", False),
        ("1990", "1990s", True),
        ("ob.", "Bob .", True),
    ],
)
def test_an_answer_is_whole_words(answer: str, words: str, widened: bool) -> None:
    units = cut_context(context(answer), "en")
    sentences = unit_sentences(units, "en")
    found = place_answer(Answer(answer, TEXT.index(answer)), units, sentences)
    assert found is not None
    assert " ".join(sentences[found.unit].words[found.start : found.end]) == words
    assert found.widened == widened


def test_white_space_is_no_answer() -> None:
    units = cut_context(context("  "), "en")
    answer = Answer("  ", TEXT.index("  "))
    assert place_answer(answer, units, unit_sentences(units, "en")) is None


@pytest.mark.parametrize(("language", "space"), [("es", " "), ("zh", "")])
def test_translations_are_put_together_with_their_line_ends(language: str, space: str) -> None:
    units = cut_context(context(), "en")
    made = [f"<{place}>" for place in range(len(units))]
    text, starts = join_units(TEXT, units, made, language)
    assert all(text.startswith(one, start) for one, start in zip(made, starts, strict=True))
    assert text.startswith(f"<0>{space}<1>")
    assert text.endswith(f"\n\n<{len(units) - 1}>")
