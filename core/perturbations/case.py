"""Upper case, lower case or title case, as in headlines, forms and messages.

Paper: Mayhew et al. 2019, arXiv:1903.11222 (what letter case means to NER).
Departs: the letters i and ı follow the language (Turkish, Azerbaijani); title case leaves the
letters after the first of a word small, also after an apostrophe.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from core.perturbations import PERTURBATIONS, PerturbedSet
from core.perturbations._rewriting import rewrite_words
from core.perturbations._units import Where
from core.text.words import base_language
from core.types import Sentence

_DOTTED_AND_DOTLESS = frozenset({"tr", "az"})


@dataclass(frozen=True)
class Case:
    """All words in upper, lower or title case."""

    needs_training: ClassVar[bool] = False

    to: Annotated[
        Literal["lower", "upper", "title"], Field(description="the case to write words in")
    ] = "lower"
    where: Annotated[
        Where, Field(description="words of entities, of the context, or all of them")
    ] = "all"

    def perturb(
        self, sentences: Sequence[Sentence], *, training: Sequence[Sentence], seed: int
    ) -> PerturbedSet:
        """Write the words in the case chosen; nothing is drawn by chance."""
        return rewrite_words(
            sentences,
            lambda one: [in_case(word, self.to, one.language) for word in one.words],
            where=self.where,
            reason=f"{self.to} case",
            kept="no letter there has another case",
        )


def in_case(word: str, to: Literal["lower", "upper", "title"], language: str) -> str:
    """Write a word in a case.

    >>> in_case("ISTANBUL", "lower", "tr"), in_case("o'neill", "title", "en")
    ('ıstanbul', "O'neill")
    """
    if to == "title":
        first = next((i for i, letter in enumerate(word) if letter.isalpha()), 0)
        head, letter, tail = word[:first], word[first : first + 1], word[first + 1 :]
        # A digraph such as ǆ has a title form of its own.
        opening = in_case(letter, "upper", language) if letter in "iı" else letter.title()
        return head + opening + in_case(tail, "lower", language)
    own = base_language(language) in _DOTTED_AND_DOTLESS
    if to == "upper":
        return (word.replace("i", "İ") if own else word).upper()
    return (word.replace("I", "ı").replace("İ", "i") if own else word).lower()


PERTURBATIONS.register(Case)
