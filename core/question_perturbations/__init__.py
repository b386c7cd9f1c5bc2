"""Perturbed question answering: questions with errors, other names, contexts that distract.

Gold answers stand at their offsets in the new contexts, and every change is listed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol, runtime_checkable

from core.questions import Context
from core.registry import Registry
from core.types import Sentence

__all__ = [
    "QUESTION_PERTURBATIONS",
    "Languages",
    "PerturbedQuestions",
    "QuestionPerturbation",
    "TextChange",
    "UnchangedText",
]


@dataclass(frozen=True, slots=True)
class Languages:
    """BCP-47 codes of the contexts, and so of the answers, and of the questions."""

    context: str
    question: str


@dataclass(frozen=True, slots=True)
class TextChange:
    """A stretch of a question or a context that was replaced.

    Attributes:
        context: 0-based place of the context.
        question_id: which question; empty where it is the text of the context.
        char_start: first character that was replaced, in the old text.
        new_char_start: first character that stands there now, in the new text.
        before: what stood there; empty where something was put in.
        after: what stands there now.
        reason: why, and where it is from.
    """

    context: int
    question_id: str
    char_start: int
    new_char_start: int
    before: str
    after: str
    reason: str

    def as_dict(self) -> dict[str, Any]:
        """Return the value, ready for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class UnchangedText:
    """A context or a question that stayed as it was, and why; without an id it is the context."""

    context: int
    question_id: str
    reason: str

    def as_dict(self) -> dict[str, Any]:
        """Return the value, ready for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class PerturbedQuestions:
    """Contexts with their questions after a perturbation.

    Attributes:
        contexts: in the order of the old ones, as many, with the same questions and answers.
        changes: by context; its text before its questions.
        unchanged: what the perturbation looks at and left.
        notes: what a reader must know of the whole.
    """

    contexts: tuple[Context, ...]
    changes: tuple[TextChange, ...] = ()
    unchanged: tuple[UnchangedText, ...] = ()
    notes: tuple[str, ...] = ()


@runtime_checkable
class QuestionPerturbation(Protocol):
    """Changes questions, contexts, or both.

    Laws (tests/contract/test_perturbations.py): the same seed gives the same set; contexts,
    questions, ids and answers are as many and in the same order; every answer stands at its offset;
    the listed changes turn the old texts into the new ones, and nothing else is different.
    """

    def perturb(
        self,
        contexts: Sequence[Context],
        *,
        languages: Languages,
        training: Sequence[Sentence],
        seed: int,
    ) -> PerturbedQuestions:
        """Change contexts and questions.

        Args:
            contexts: with questions and gold answers.
            languages: of both.
            training: labelled sentences that names can be taken from; may be empty.
            seed: of all choices, not negative.
        """
        ...


QUESTION_PERTURBATIONS: Registry[QuestionPerturbation] = Registry(
    "question perturbation", "core.question_perturbations"
)
