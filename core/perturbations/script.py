"""Words in Latin letters, as people write who have no keyboard of their script.

Paper: Hermjakob, May and Knight 2018 (uroman), by `core.text.romanise`.
Departs: every word becomes one word, whatever its reading; words that are Latin already, digits and
signs stay. In text without spaces the readings of neighbouring characters touch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import Field

from core.perturbations import PERTURBATIONS, PerturbedSet
from core.perturbations._rewriting import rewrite_words
from core.perturbations._units import Where
from core.text.romanise import romanise_words
from core.types import Sentence


@dataclass(frozen=True)
class Script:
    """Words of other scripts in Latin letters."""

    requires: ClassVar[tuple[str, ...]] = ("uroman",)
    needs_training: ClassVar[bool] = False

    where: Annotated[
        Where, Field(description="words of entities, of the context, or all of them")
    ] = "all"

    def perturb(
        self, sentences: Sequence[Sentence], *, training: Sequence[Sentence], seed: int
    ) -> PerturbedSet:
        """Transliterate; nothing is drawn by chance."""
        return rewrite_words(
            sentences,
            lambda one: [
                "".join(reading.split()) for reading in romanise_words(one.words, one.language)
            ],
            where=self.where,
            reason="in Latin letters",
            kept="no word there is of another script",
        )


PERTURBATIONS.register(Script)
