"""Words without their marks, as people write them who have no key for these.

Paper: Náplava, Straka and Straková 2021, arXiv:2105.11408 (diacritics restoration, reversed).
Departs: only Latin, Greek, Cyrillic, Arabic and Hebrew letters lose marks: in Indic scripts and
kana these are vowels and voicing. Letters with a stroke (đ, ø, ł) lose it; й and ї are letters of
their own and stay. Arabic alef loses its hamza and madda.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import Field

from core.perturbations import PERTURBATIONS, PerturbedSet
from core.perturbations._rewriting import rewrite_words
from core.perturbations._units import Where, clusters
from core.types import Sentence

# Letters whose stroke or missing dot is no mark to Unicode.
_PLAIN = str.maketrans("đĐðÐøØłŁħĦŧŦıɖƉɓƁɗƊƙƘ", "dDdDoOlLhHtTidDbBdDkK")
_LETTERS_OF_THEIR_OWN = frozenset("йЙїЇ")
_SCRIPTS = r"[\p{Latin}\p{Greek}\p{Cyrillic}\p{Arabic}\p{Hebrew}]\p{Mn}*"


@dataclass(frozen=True)
class Diacritics:
    """Words without their diacritical marks."""

    needs_training: ClassVar[bool] = False

    where: Annotated[
        Where, Field(description="words of entities, of the context, or all of them")
    ] = "all"

    def perturb(
        self, sentences: Sequence[Sentence], *, training: Sequence[Sentence], seed: int
    ) -> PerturbedSet:
        """Strip the marks; nothing is drawn by chance."""
        return rewrite_words(
            sentences,
            lambda one: [strip_marks(word) for word in one.words],
            where=self.where,
            reason="marks stripped",
            kept="no letter there has a mark to lose",
        )


def strip_marks(word: str) -> str:
    """Return a word without marks; what has no letter of these scripts stays as it is.

    >>> strip_marks("Đoković"), strip_marks("أُمّ"), strip_marks("हिन्दी")
    ('Dokovic', 'ام', 'हिन्दी')
    """
    return word if word.isascii() else "".join(map(_stripped, clusters(word)))


def _stripped(cluster: str) -> str:
    import regex

    if unicodedata.normalize("NFC", cluster) in _LETTERS_OF_THEIR_OWN:
        return cluster
    letters = unicodedata.normalize("NFD", cluster)
    if not regex.fullmatch(_SCRIPTS, letters):
        return cluster
    return letters[0].translate(_PLAIN)


PERTURBATIONS.register(Diacritics)
