"""Unknown entities: test entities that training has too give way to ones that it lacks.

Paper: the distribution shift P1 in arXiv:2403.20056.
Departs: entities are compared as written, whatever their class in training; each is drawn alone, so
that one new entity may come several times.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.perturbations import PERTURBATIONS, PerturbedSet
from core.perturbations._chunks import UnseenChunks
from core.perturbations._editing import perturb_each
from core.types import Sentence


@dataclass(frozen=True)
class P1:
    """Entity that training has too → one of its class from the test set that training lacks."""

    needs_training: ClassVar[bool] = True

    def perturb(
        self, sentences: Sequence[Sentence], *, training: Sequence[Sentence], seed: int
    ) -> PerturbedSet:
        """Draw an unseen entity for each seen one."""
        chunks = UnseenChunks(sentences, training)
        return perturb_each(sentences, lambda place, one: chunks.plan(place, one, seed))


PERTURBATIONS.register(P1)
