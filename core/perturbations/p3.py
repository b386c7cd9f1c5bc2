"""Unknown entities in unknown context: P1, then P2.

Paper: the distribution shift P3 in arXiv:2403.20056.
Departs: as `p1` and `p2`. The one changes entities and the other what is outside, so that both are
planned on the sentence as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.perturbations import PERTURBATIONS, PerturbedSet
from core.perturbations._chunks import UnseenChunks
from core.perturbations._context import UnseenContext
from core.perturbations._editing import Plan, perturb_each
from core.perturbations.p2 import P2
from core.types import Sentence


@dataclass(frozen=True)
class P3(P2):
    """Entities and context words that training has too → ones that it lacks."""

    needs_training: ClassVar[bool] = True

    def perturb(
        self, sentences: Sequence[Sentence], *, training: Sequence[Sentence], seed: int
    ) -> PerturbedSet:
        """Draw unseen entities, and take the nearest unseen words."""
        chunks = UnseenChunks(sentences, training)
        context = UnseenContext(sentences, training, self.embed)

        def plan(place: int, sentence: Sentence) -> Plan:
            first, second = chunks.plan(place, sentence, seed), context.plan(sentence)
            return Plan(first.edits + second.edits, first.kept + second.kept)

        return perturb_each(sentences, plan)


PERTURBATIONS.register(P3)
