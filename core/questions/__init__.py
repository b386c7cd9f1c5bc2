"""Questions about texts, with gold answers that are stretches of the text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

__all__ = ["Answer", "Context", "Question", "all_questions", "first_questions"]


@dataclass(frozen=True, slots=True)
class Answer:
    """A gold answer: a stretch of its context.

    Attributes:
        text: the answer as it stands in the context, not empty.
        char_start: 0-based character of the context it begins at.
    """

    text: str
    char_start: int

    @property
    def char_end(self) -> int:
        """Return the character after its last one."""
        return self.char_start + len(self.text)


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what answers it.

    Attributes:
        id: its name, unique in its file; parallel files use the same ones.
        text: the question, perhaps in another language than the context.
        answers: gold answers, at least one, any of which is right; repeats are kept.
    """

    id: str
    text: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """A text and the questions about it; `title` is that of the article, or empty."""

    text: str
    questions: tuple[Question, ...]
    title: str = ""


def all_questions(contexts: Iterable[Context]) -> tuple[Question, ...]:
    """Return the questions of all contexts in file order."""
    return tuple(question for context in contexts for question in context.questions)


def first_questions(contexts: Iterable[Context], limit: int | None) -> tuple[Context, ...]:
    """Take the first questions with the contexts they belong to.

    Args:
        contexts: in file order; those without a question are left out.
        limit: how many questions, exactly where there are so many; the last context may keep only
            some of its own. None takes all.
    """
    taken: list[Context] = []
    left = limit
    for context in contexts:
        questions = context.questions[:left]
        if questions:
            taken.append(replace(context, questions=questions))
        if left is not None:
            left -= len(questions)
    return tuple(taken)
