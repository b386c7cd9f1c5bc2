"""A token-classification model: any Hugging Face id, a folder, or the bundled tagger.

Paper: Devlin et al. 2019, BERT, arXiv:1810.04805, §5.3 (a word is tagged by its first subword).
Departs: the tags of a sentence are the best legal IOB2 sequence, not each word's best tag.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from core.encoders.tagger import load_tagger, release_taggers, tagger_names
from core.labellers import LABELLERS, Progress
from core.labellers._schemes import classes_of, inside_where, parse_classes, to_iob2
from core.text.tagging import decode
from core.types import Labelling, Sentence


@dataclass(frozen=True)
class TokenClassifier:
    """Entities and word probabilities of a token-classification model."""

    requires: ClassVar[tuple[str, ...]] = ("torch", "transformers", "peft")

    model: Annotated[
        str,
        Field(description="'bundled', a Hugging Face id, a folder, or run:RUN", min_length=1),
    ] = "bundled"
    rename: Annotated[
        str,
        Field(description="classes to rename or drop, such as PERSON=PER,DATE= (nothing drops)"),
    ] = ""
    device: Annotated[
        Literal["auto", "cpu", "cuda"], Field(description="where to compute; auto takes a GPU")
    ] = "auto"
    batch_subwords: Annotated[
        int, Field(ge=1, description="subwords computed at once; more needs more memory")
    ] = 512

    def label(
        self, sentences: Sequence[Sentence], progress: Progress | None = None
    ) -> list[Labelling]:
        """Label every sentence; the model is loaded at the first call."""
        rename = parse_classes(self.rename)
        tagger = load_tagger(self.model, self.device)
        found = tagger.probabilities(sentences, self.batch_subwords, progress)
        labellings = []
        for one, continued in found:
            tags = inside_where(continued, to_iob2(one, tagger.names, rename))
            labellings.append(Labelling(decode(tags), tags))
        return labellings

    def classes(self) -> tuple[str, ...]:
        """List the model's classes, renamed and without the dropped."""
        return classes_of(tagger_names(self.model), parse_classes(self.rename))

    def release(self) -> None:
        """Free the model."""
        release_taggers()


LABELLERS.register(TokenClassifier)
