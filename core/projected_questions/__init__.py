"""Question answering data in another language: contexts translated, answers projected onto them.

This is annotation projection for MLQA: each gold answer is an entity of its own, carried from the
sentence it stands in onto that sentence's translation by the engine that projects named entities.
What could not be carried is listed with its reason and never dropped unseen.

Paper: Lewis et al. 2020, MLQA, arXiv:1910.07475, section 5 (translate-train: answers placed by
attention or by markers).
Departs: the answer is placed by word alignment, candidates and matching, so that its translation
needs no marker and every decision can be told.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from core.questions import Context

__all__ = ["LABEL", "AnswerFate", "ProjectedContext", "Request"]

LABEL = "ANSWER"
"""Class of the entity that an answer is to the projection engine."""


@dataclass(frozen=True, slots=True)
class Request:
    """From which language into which.

    Attributes:
        source: BCP-47 code of contexts and questions.
        target: BCP-47 code of what is made of them.
    """

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class AnswerFate:
    """What became of one gold answer.

    Attributes:
        question_id: which question.
        place: 0-based place among the question's answers.
        answer: the answer in the source context.
        char_start: where it begins there.
        text: the projected answer; empty where it was lost.
        new_char_start: where it begins in the target context; None where it was lost.
        stage: what it was lost at: `translate`, `question`, `align`, `match` or `decide`; empty
            where it was projected.
        code: slug of the failure, or the reason of the decision (`no-link`, …); also `chosen`.
        message: the failure in words, or what a reader must know, such as an answer that was
            widened to whole words.
        score: total score of the chosen span.
        margin: by how much it beat the next one.
    """

    question_id: str
    place: int
    answer: str
    char_start: int
    text: str = ""
    new_char_start: int | None = None
    stage: str = ""
    code: str = ""
    message: str = ""
    score: float = 0.0
    margin: float = 0.0

    @property
    def is_lost(self) -> bool:
        """Tell whether it has no place in the target context."""
        return self.new_char_start is None

    def as_dict(self) -> dict[str, Any]:
        """Return the value, ready for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ProjectedContext:
    """A context with its questions in the target language.

    Attributes:
        context: with the questions that kept at least one answer; None where no translation of the
            text could be had, and then every answer was lost.
        fates: of all gold answers, in file order.
    """

    context: Context | None
    fates: tuple[AnswerFate, ...]
