"""A spaCy pipeline with an entity recogniser, run on our words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from core.errors import BackendError
from core.labellers import LABELLERS, Progress
from core.labellers._schemes import parse_classes
from core.types import Labelling, Sentence, Span

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc


@dataclass(frozen=True)
class Spacy:
    """Entities of an installed spaCy pipeline, or one in a folder."""

    requires: ClassVar[tuple[str, ...]] = ("spacy",)

    pipeline: Annotated[
        str, Field(description="an installed pipeline or a folder", min_length=1)
    ] = "en_core_web_sm"
    rename: Annotated[
        str, Field(description="classes to rename or drop; nothing behind = drops the class")
    ] = "PERSON=PER,GPE=LOC"

    def label(
        self, sentences: Sequence[Sentence], progress: Progress | None = None
    ) -> list[Labelling]:
        """Label every sentence, word for word as it was split here."""
        from spacy.tokens import Doc

        nlp, rename = _load(self.pipeline), parse_classes(self.rename)
        docs = (Doc(nlp.vocab, words=list(sentence.words)) for sentence in sentences)
        labellings = []
        for done, doc in enumerate(nlp.pipe(docs), start=1):
            labellings.append(Labelling(_spans(doc, rename)))
            if progress is not None:
                progress(done, len(sentences))
        return labellings

    def classes(self) -> tuple[str, ...]:
        """List the recogniser's classes, renamed and without the dropped."""
        rename = parse_classes(self.rename)
        labels = _load(self.pipeline).get_pipe("ner").labels
        return tuple(sorted({rename.get(label, label) for label in labels} - {""}))

    def release(self) -> None:
        """Free the pipeline."""
        _load.cache_clear()


def _spans(doc: Doc, rename: dict[str, str]) -> tuple[Span, ...]:
    found = ((e.start, e.end, rename.get(e.label_, e.label_)) for e in doc.ents)
    return tuple(sorted(Span(start, end, label) for start, end, label in found if label))


@lru_cache(maxsize=2)
def _load(pipeline: str) -> Language:
    import spacy

    try:
        nlp = spacy.load(pipeline)
    except OSError as error:
        raise BackendError(
            f"the spaCy pipeline {pipeline!r} must be installed or a folder, got: {error}",
            code="model-not-found",
            hint=f"python -m spacy download {pipeline}",
        ) from error
    if "ner" not in nlp.pipe_names:
        raise BackendError(
            f"the spaCy pipeline {pipeline!r} must have an entity recogniser, "
            f"it has {', '.join(nlp.pipe_names) or 'nothing'}",
            code="model-unusable",
        )
    return nlp


LABELLERS.register(Spacy)
