"""Typing errors in questions; contexts and answers stay.

Paper: Belinkov and Bisk 2018, arXiv:1711.02173 (keyboard and swap noise).
Departs: see the perturbation `typos` of sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import Field

from core.perturbations._editing import generator
from core.perturbations._misspelling import Kind
from core.perturbations.typos import Typos as SentenceTypos
from core.question_perturbations import (
    QUESTION_PERTURBATIONS,
    Languages,
    PerturbedQuestions,
    TextChange,
    UnchangedText,
)
from core.question_perturbations._splicing import Splice, changes_of, spliced_question
from core.questions import Context
from core.text.char_spans import sentence_from_text
from core.types import Sentence


@dataclass(frozen=True)
class Typos:
    """Typing errors in a share of the words of questions."""

    share: Annotated[
        float, Field(ge=0, le=1, description="chance of an error in a word that is long enough")
    ] = 0.1
    kind: Annotated[Kind, Field(description="which errors; any draws one for each word")] = "any"
    shortest: Annotated[
        int,
        Field(ge=2, le=100, description="letters of a word that may get an error (2 in Chinese)"),
    ] = 3

    def perturb(
        self,
        contexts: Sequence[Context],
        *,
        languages: Languages,
        training: Sequence[Sentence],
        seed: int,
    ) -> PerturbedQuestions:
        """Draw the words of each question, then an error for each."""
        new_contexts: list[Context] = []
        changes: list[TextChange] = []
        unchanged: list[UnchangedText] = []
        number = 0  # of the question in the file
        for place, context in enumerate(contexts):
            questions = []
            for question in context.questions:
                splices, kept = self._splices(question.text, languages.question, seed, number)
                number += 1
                questions.append(spliced_question(question, splices))
                changes += changes_of(place, question.id, question.text, splices)
                if not splices:
                    unchanged.append(UnchangedText(place, question.id, kept))
            new_contexts.append(replace(context, questions=tuple(questions)))
        return PerturbedQuestions(tuple(new_contexts), tuple(changes), tuple(unchanged))

    def _splices(
        self, text: str, language: str, seed: int, number: int
    ) -> tuple[list[Splice], str]:
        sentence = sentence_from_text(text, language)
        typos = SentenceTypos(share=self.share, kind=self.kind, shortest=self.shortest)
        plan = typos.plan(sentence, generator(seed, number))
        offsets = sentence.char_offsets
        splices = [
            Splice(offsets[one.start][0], offsets[one.end - 1][1], one.new.text, one.reason)
            for one in plan.edits
        ]
        return splices, "; ".join(plan.kept)


QUESTION_PERTURBATIONS.register(Typos)
