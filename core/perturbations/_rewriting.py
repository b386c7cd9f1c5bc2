"""Writing words in another way, one by one, where nothing is drawn by chance."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from core.perturbations import PerturbedSet
from core.perturbations._editing import Edit, Plan, one_word, perturb_each
from core.perturbations._units import Where, owners
from core.types import Sentence

Rewrite = Callable[[Sentence], Sequence[str]]
"""Returns as many words as the sentence has; one that stays may also be empty."""


def rewrite_words(
    sentences: Sequence[Sentence], rewrite: Rewrite, *, where: Where, reason: str, kept: str
) -> PerturbedSet:
    """Write words anew.

    Args:
        sentences: the test set.
        rewrite: tells the new words of a sentence.
        where: which words may change.
        reason: of every change.
        kept: why a sentence may have none.
    """

    def plan(_: int, sentence: Sentence) -> Plan:
        owner = owners(sentence)
        edits = [
            Edit(i, i + 1, one_word(new), reason)
            for i, new in enumerate(rewrite(sentence))
            if new and (where == "all" or (owner[i] is not None) == (where == "entities"))
        ]
        return Plan(edits, [kept])

    return perturb_each(sentences, plan)
