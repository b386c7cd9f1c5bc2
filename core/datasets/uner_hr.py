"""Croatian news with the entities of Universal NER; there is no translation of it.

Paper: Mayhew et al. 2024, Universal NER, https://aclanthology.org/2024.naacl-long.243/.
Departs: none; the class OTH is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from core.corpora import BadLines
from core.corpora.uner import Uner
from core.datasets import DATASETS
from core.datasets._choice import choose_split, require_pair
from core.datasets._folder import missing_files, require_file
from core.datasets._sides import read_side
from core.types import Sentence, SentencePair


@dataclass(frozen=True)
class UnerHr:
    """Croatian sentences with PER, LOC, ORG and OTH; the source side has no words yet."""

    title: ClassVar[str] = "UNER Croatian SET"
    licence: ClassVar[str] = "CC BY-SA 4.0"
    description: ClassVar[str] = (
        "Croatian news with gold entities and no English side: translate it into English and label "
        "that before projecting."
    )
    splits: ClassVar[tuple[str, ...]] = ("dev", "test")

    def languages(self) -> tuple[str, ...]:
        """List the languages."""
        return ("en", "hr")

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """List the pairs."""
        return (("en", "hr"),)

    def missing(self) -> tuple[str, ...]:
        """List the files that are not in the data folder."""
        return missing_files(tuple(map(_file, self.splits)))

    def load(
        self, *, source: str, target: str, split: str = "", skip_bad: BadLines | None = None
    ) -> list[SentencePair]:
        """Load the sentences, named by split and name: `uner-hr:test:set.hr-s297`."""
        require_pair(self.pairs(), source, target, corpus="uner-hr")
        split = choose_split(split, self.splits, corpus="uner-hr")
        side = read_side(Uner(), require_file(_file(split)), target, skip_bad=skip_bad)
        untranslated = Sentence((), source, "", ())
        return [
            SentencePair(
                replace(untranslated, id=sentence.id, line=sentence.line),
                sentence,
                f"uner-hr:{split}:{sentence.id or place}",
                source_labelled=False,
            )
            for place, sentence in enumerate(side.sentences, start=1)
            if sentence is not None
        ]


def _file(split: str) -> str:
    return f"uner/Croatian-SET/hr_set-ud-{split}.iob2"


DATASETS.register(UnerHr)
