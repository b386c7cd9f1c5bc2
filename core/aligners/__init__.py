"""Word aligners: which source word corresponds to which target word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Protocol, runtime_checkable

from core.registry import Registry
from core.types import Alignment, PairVectors, SentencePair


@runtime_checkable
class Aligner(Protocol):
    """Links the words of sentence pairs.

    Laws (tests/contract/test_aligners.py): links lie inside both sentences, are sorted and
    distinct; a sentence without words gets no link; a pair's links do not depend on the other
    pairs of the batch, unless it is `corpus_level`; similarity, where given, has shape (source
    words, target words) and values in [0, 1].
    """

    inputs: ClassVar[tuple[str, ...]]
    """What `align` needs besides the pairs: `vectors` or nothing."""

    corpus_level: ClassVar[bool]
    """Whether it learns from the pairs it aligns, so that it must get the whole corpus at once."""

    def align(
        self, pairs: Sequence[SentencePair], vectors: Sequence[PairVectors] | None = None
    ) -> list[Alignment]:
        """Align every pair, in order.

        Raises:
            DataError: a pair cannot be aligned by this method.
        """
        ...


ALIGNERS: Registry[Aligner] = Registry("aligner", "core.aligners")
