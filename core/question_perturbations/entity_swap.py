"""Another name for one that question and context share, in both: the answer stays answerable.

Paper: Yan et al. 2022, arXiv:2110.08555 (renaming entities for reading comprehension).
Departs: a name changes in the context and in all of its questions alike, so that nothing is asked
of what is not there; an answer that holds it changes with it. Names are those of our lists and of
the labelled sentences given; an inflected form is not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
from pydantic import Field

from core.perturbations._editing import generator
from core.perturbations._names import Name, Source, notes_about
from core.question_perturbations import (
    QUESTION_PERTURBATIONS,
    Languages,
    PerturbedQuestions,
    TextChange,
    UnchangedText,
)
from core.question_perturbations._known_names import KnownNames, Place, places_of
from core.question_perturbations._splicing import (
    Splice,
    changes_of,
    crosses_an_answer,
    spliced_context,
    spliced_question,
)
from core.questions import Context
from core.text.char_spans import sentence_from_text
from core.types import Sentence

_REASON = "another name, the same in question and context"


@dataclass(frozen=True)
class EntitySwap:
    """Persons and places that a question shares with its context → others, in both."""

    persons: Annotated[bool, Field(description="exchange given names")] = True
    places: Annotated[bool, Field(description="exchange places")] = True
    names: Annotated[
        Source, Field(description="names of the labelled sentences, of our lists, or both")
    ] = "both"

    def perturb(
        self,
        contexts: Sequence[Context],
        *,
        languages: Languages,
        training: Sequence[Sentence],
        seed: int,
    ) -> PerturbedQuestions:
        """Draw another name for each one shared."""
        known = KnownNames(
            languages.context,
            self.names,
            training,
            persons=self.persons,
            places=self.places,
        )
        new_contexts: list[Context] = []
        changes: list[TextChange] = []
        unchanged: list[UnchangedText] = []
        for place, context in enumerate(contexts):
            swap = _Swap(place, context, languages, known)
            swap.draw(seed)
            new_contexts.append(swap.context_after())
            changes += swap.changes
            unchanged += swap.unchanged
        probe = [sentence_from_text("", languages.context)]
        notes = [*notes_about("given_names", probe, self.names)] if self.persons else []
        notes += notes_about("places", probe, self.names) if self.places else []
        return PerturbedQuestions(
            tuple(new_contexts), tuple(changes), tuple(unchanged), tuple(notes)
        )


class _Swap:
    """The exchange of names in one context."""

    def __init__(
        self, place: int, context: Context, languages: Languages, known: KnownNames
    ) -> None:
        self.place = place
        self.context = context
        self.known = known
        self.in_context = places_of(known, context.text, languages.context)
        self.in_questions = [
            places_of(known, question.text, languages.question) for question in context.questions
        ]
        self.new: dict[tuple[str, ...], str] = {}
        self.kept: dict[tuple[str, ...], str] = {}
        self.changes: list[TextChange] = []
        self.unchanged: list[UnchangedText] = []

    def draw(self, seed: int) -> None:
        """Choose a new name for each that is shared."""
        rng = generator(seed, self.place)
        asked = {one.words for places in self.in_questions for one in places}
        texts = [self.context.text, *(question.text for question in self.context.questions)]
        taken = "\n".join(texts).casefold()
        for name in sorted({one.words for one in self.in_context} & asked):
            here = [one for one in self.in_context if one.words == name]
            if any(crosses_an_answer(self.context, one.start, one.end) for one in here):
                self.kept[name] = "a name crosses the border of an answer"
                continue
            drawn = self._another(name, taken, rng)
            if drawn is None:
                self.kept[name] = "there is no other name to take"
                continue
            self.new[name] = drawn
            taken += "\n" + drawn.casefold()  # two names must not become one

    def _another(self, name: tuple[str, ...], taken: str, rng: np.random.Generator) -> str | None:
        """Draw a name of the same kind that no text here and no other exchange has."""

        def fits(one: Name) -> bool:
            return self.known.knows(one.new.words) and one.new.text.casefold() not in taken

        drawn = self.known.others(name).pick(rng, fits)
        return None if drawn is None else drawn.new.text

    def context_after(self) -> Context:
        """Make the exchange, and list it."""
        splices = self._splices(self.in_context)
        after = spliced_context(self.context, splices)
        self.changes += changes_of(self.place, "", self.context.text, splices)
        questions = []
        for old, new, places in zip(
            self.context.questions, after.questions, self.in_questions, strict=True
        ):
            own = self._splices(places)
            questions.append(spliced_question(new, own))
            self.changes += changes_of(self.place, old.id, old.text, own)
            if not own:
                reasons = [self.kept[one.words] for one in places if one.words in self.kept]
                reason = "; ".join(dict.fromkeys(reasons)) or "it shares no known name"
                self.unchanged.append(UnchangedText(self.place, old.id, reason))
        return replace(after, questions=tuple(questions))

    def _splices(self, places: Sequence[Place]) -> list[Splice]:
        return [
            Splice(one.start, one.end, self.new[one.words], _REASON)
            for one in places
            if one.words in self.new
        ]


QUESTION_PERTURBATIONS.register(EntitySwap)
