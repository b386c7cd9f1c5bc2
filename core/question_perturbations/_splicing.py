"""Replacing stretches of text; answers move along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.question_perturbations import TextChange
from core.questions import Answer, Context, Question


@dataclass(frozen=True, slots=True)
class Splice:
    """New text for the characters `[char_start, char_end)`, and why."""

    char_start: int
    char_end: int
    new: str
    reason: str


def spliced(text: str, splices: Sequence[Splice]) -> str:
    """Return a text after splices, which are sorted and disjoint."""
    pieces = []
    position = 0
    for one in splices:
        pieces += [text[position : one.char_start], one.new]
        position = one.char_end
    return "".join([*pieces, text[position:]])


def spliced_context(context: Context, splices: Sequence[Splice]) -> Context:
    """Return a context after splices of its text; none may cross the border of an answer."""
    text = spliced(context.text, splices)

    def moved(answer: Answer) -> Answer:
        shift = growth = 0
        for one in splices:
            longer = len(one.new) - (one.char_end - one.char_start)
            if one.char_end <= answer.char_start:
                shift += longer
            elif one.char_start < answer.char_end:
                growth += longer
        start = answer.char_start + shift
        return Answer(text[start : start + len(answer.text) + growth], start)

    questions = tuple(
        replace(question, answers=tuple(map(moved, question.answers)))
        for question in context.questions
    )
    return replace(context, text=text, questions=questions)


def spliced_question(question: Question, splices: Sequence[Splice]) -> Question:
    """Return a question after splices of its text."""
    return replace(question, text=spliced(question.text, splices))


def crosses_an_answer(context: Context, char_start: int, char_end: int) -> bool:
    """Tell whether a stretch holds the border of an answer in it, or a whole answer and more."""
    return any(
        answer.char_start < char_end
        and char_start < answer.char_end
        and not answer.char_start <= char_start < char_end <= answer.char_end
        for question in context.questions
        for answer in question.answers
    )


def changes_of(
    place: int, question_id: str, text: str, splices: Sequence[Splice]
) -> list[TextChange]:
    """List splices as changes."""
    found = []
    shift = 0
    for one in splices:
        before = text[one.char_start : one.char_end]
        found.append(
            TextChange(
                context=place,
                question_id=question_id,
                char_start=one.char_start,
                new_char_start=one.char_start + shift,
                before=before,
                after=one.new,
                reason=one.reason,
            )
        )
        shift += len(one.new) - len(before)
    return found
