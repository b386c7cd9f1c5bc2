"""English opinion targets with manual projections, and the word links of three aligners.

Paper: García-Ferrero et al. 2022, Model and Data Transfer for Cross-Lingual Sequence Labelling in
Zero-Resource Settings, Findings of EMNLP.
Departs: the third column of the gold files, the annotators' confidence, is not read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.corpora import BadLines
from core.corpora.conll import Conll
from core.datasets import DATASETS
from core.datasets._choice import choose_split, require_pair
from core.datasets._folder import missing_files, require_file
from core.datasets._joining import join_sides
from core.datasets._sides import read_link_side, read_side
from core.types import SentencePair

_TARGETS = ("es", "fr")
_ALIGNERS = ("awesome", "simalign", "fast_align")


@dataclass(frozen=True)
class AbsaProjection:
    """2000 and 676 restaurant reviews with one class, TARGET."""

    title: ClassVar[str] = "Opinion targets"
    licence: ClassVar[str] = "not stated for the data (code: Apache-2.0)"
    description: ClassVar[str] = (
        "Restaurant reviews, machine-translated to Spanish and French and projected by hand, with "
        "word links of three aligners: projectors compared on the very same links."
    )
    splits: ClassVar[tuple[str, ...]] = ("train", "test")

    def languages(self) -> tuple[str, ...]:
        """List the languages."""
        return ("en", *_TARGETS)

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """List the pairs: English is always the source."""
        return tuple(("en", target) for target in _TARGETS)

    def missing(self) -> tuple[str, ...]:
        """List the files that are not in the data folder."""
        files = [_source(split) for split in self.splits]
        for target in _TARGETS:
            for split in self.splits:
                files += [_target(target, split)]
                files += [_links(target, split, aligner) for aligner in _ALIGNERS]
        return missing_files(tuple(files))

    def load(
        self, *, source: str, target: str, split: str = "", skip_bad: BadLines | None = None
    ) -> list[SentencePair]:
        """Load the pairs, named by split and place: `absa-projection:test:12`.

        The links are those of `awesome`, `simalign` and `fast_align`.
        """
        require_pair(self.pairs(), source, target, corpus="absa-projection")
        split = choose_split(split, self.splits, corpus="absa-projection")
        gold = Conll(tag_column=1)
        return join_sides(
            read_side(Conll(), require_file(_source(split)), source, skip_bad=skip_bad),
            read_side(gold, require_file(_target(target, split)), target, skip_bad=skip_bad),
            name=f"absa-projection:{split}",
            by="line",
            links={
                aligner: read_link_side(
                    require_file(_links(target, split, aligner)), skip_bad=skip_bad
                )
                for aligner in _ALIGNERS
            },
            skip_bad=skip_bad,
        )


def _source(split: str) -> str:
    return f"absa-projection/en/en.absa.{split}.tsv"


def _target(language: str, split: str) -> str:
    return f"absa-projection/{language}/gold.{split}.tsv"


def _links(language: str, split: str, aligner: str) -> str:
    return f"absa-projection/{language}/{aligner}.{split}.talp"


DATASETS.register(AbsaProjection)
