"""Links that came with the corpus: Pharaoh or Talp files, gold alignments, other tools' output."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import Field

from core.aligners import ALIGNERS
from core.errors import DataError
from core.types import Alignment, Link, PairVectors, SentencePair


@dataclass(frozen=True)
class Precomputed:
    """Takes the word links that each pair carries."""

    inputs: ClassVar[tuple[str, ...]] = ()
    corpus_level: ClassVar[bool] = False

    links: Annotated[
        str, Field(description="which of the corpus's alignments; empty takes the only one")
    ] = ""
    possible: Annotated[bool, Field(description="use possible links too, not only sure ones")] = (
        True
    )

    def align(
        self, pairs: Sequence[SentencePair], vectors: Sequence[PairVectors] | None = None
    ) -> list[Alignment]:
        """Look every pair's links up.

        Raises:
            DataError: a pair has no such alignment (missing-links), or a link points outside a
                sentence (bad-annotation).
        """
        return [self._align_pair(pair) for pair in pairs]

    def _align_pair(self, pair: SentencePair) -> Alignment:
        links = tuple(sorted(link for link in self._choose(pair) if link.sure or self.possible))
        sizes = len(pair.source.words), len(pair.target.words)
        for link in links:
            if not (0 <= link.source < sizes[0] and 0 <= link.target < sizes[1]):
                raise DataError(
                    f"pair {pair.id!r}: links must point into {sizes[0]} source and {sizes[1]} "
                    f"target words, got {link.source}-{link.target}",
                    code="bad-annotation",
                    hint="check that the link file counts words from 0 and matches the sentences",
                )
        return Alignment(links)

    def _choose(self, pair: SentencePair) -> tuple[Link, ...]:
        names = ", ".join(sorted(pair.links)) or "none"
        if self.links:
            if self.links not in pair.links:
                raise DataError(
                    f"pair {pair.id!r} has the alignments {names}, got {self.links!r}",
                    code="missing-links",
                    hint="set aligner.links to one of them",
                )
            return pair.links[self.links]
        if len(pair.links) != 1:
            raise DataError(
                f"pair {pair.id!r} must carry one alignment, or aligner.links must name one; "
                f"got {names}",
                code="missing-links",
                hint="give a link file with the corpus, or choose an aligner that makes links",
            )
        return next(iter(pair.links.values()))


ALIGNERS.register(Precomputed)
