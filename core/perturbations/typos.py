"""Typing errors: a neighbouring key, two letters in the wrong order, a letter left out.

Paper: Belinkov and Bisk 2018, arXiv:1711.02173 (keyboard and swap noise).
Departs: at most one error a word; first and last letters are not spared. In text without spaces the
errors are made within the words that a segmenter finds; characters have no neighbouring key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from core.perturbations import PERTURBATIONS, PerturbedSet
from core.perturbations._editing import Edit, Plan, generator, perturb_each
from core.perturbations._misspelling import Kind, letters_in, misspell
from core.perturbations._units import Unit, Where, units
from core.types import Sentence

# A word of two characters is a whole word in Chinese.
_SHORTEST_OF_CHARACTERS = 2


@dataclass(frozen=True)
class Typos:
    """Typing errors in a share of the words."""

    needs_training: ClassVar[bool] = False

    share: Annotated[
        float, Field(ge=0, le=1, description="chance of an error in a word that is long enough")
    ] = 0.1
    where: Annotated[
        Where, Field(description="words of entities, of the context, or all of them")
    ] = "all"
    kind: Annotated[Kind, Field(description="which errors; any draws one for each word")] = "any"
    shortest: Annotated[
        int,
        Field(ge=2, le=100, description="letters of a word that may get an error (2 in Chinese)"),
    ] = 3

    def perturb(
        self, sentences: Sequence[Sentence], *, training: Sequence[Sentence], seed: int
    ) -> PerturbedSet:
        """Draw the words, then an error for each."""

        def plan(place: int, sentence: Sentence) -> Plan:
            rng = generator(seed, place)
            return self.plan(sentence, rng)

        return perturb_each(sentences, plan)

    def plan(self, sentence: Sentence, rng: np.random.Generator) -> Plan:
        """Plan the errors of one sentence."""
        long_enough = [one for one in units(sentence, self.where) if self._is_long_enough(one)]
        edits = []
        for unit in long_enough:
            if rng.random() >= self.share:
                continue
            wrong = misspell(unit.text, sentence.language, self.kind, rng)
            if wrong is not None:
                new = unit.rewritten(wrong[0], sentence.language)
                edits.append(Edit(unit.start, unit.end, new, wrong[1]))
        kept = "no word was drawn" if long_enough else "no word there is long enough"
        return Plan(edits, [kept])

    def _is_long_enough(self, unit: Unit) -> bool:
        shortest = _SHORTEST_OF_CHARACTERS if unit.of_characters else self.shortest
        return letters_in(unit.text) >= shortest


PERTURBATIONS.register(Typos)
