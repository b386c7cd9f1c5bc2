"""Unknown context: words that training has too give way to the nearest ones that it lacks.

Paper: the distribution shift P2 in arXiv:2403.20056.
Departs: the new words are those of the test set's context. Words are compared without case and read
by the encoder alone, not in their sentence. In text without spaces they are what a segmenter finds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from core.encoders import Encoder
from core.perturbations import PERTURBATIONS, PerturbedSet
from core.perturbations._context import UnseenContext, embed_words
from core.perturbations._editing import perturb_each
from core.types import Sentence


@dataclass(frozen=True)
class P2:
    """Context word that training has too → the nearest one of the test set that it lacks."""

    requires: ClassVar[tuple[str, ...]] = Encoder.requires
    needs_training: ClassVar[bool] = True

    model: Annotated[
        str, Field(min_length=1, description="encoder: 'bundled', a Hugging Face id, or a folder")
    ] = "bundled"
    layer: Annotated[int, Field(ge=0, description="hidden layer; 0 is the embeddings")] = 6

    def perturb(
        self, sentences: Sequence[Sentence], *, training: Sequence[Sentence], seed: int
    ) -> PerturbedSet:
        """Replace the words; nothing is drawn by chance."""
        context = UnseenContext(sentences, training, self.embed)
        return perturb_each(sentences, lambda _, one: context.plan(one))

    def embed(self, words: Sequence[str]) -> NDArray[np.float32]:
        """Return a vector for each word, shape (words, width)."""
        return embed_words(words, Encoder(model=self.model, layer=self.layer))


PERTURBATIONS.register(P2)
