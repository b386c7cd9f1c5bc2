"""spaCy's DocBin: what `spacy train` reads, a sentence a document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from core.corpora import FORMATS, BadLines, Kept
from core.corpora._bad_lines import read_each
from core.corpora._bytes import read_bytes
from core.corpora._docbin import StoredDoc, unpack_docs
from core.corpora._labelled_text import require_labels
from core.corpora._spacy_tokens import spacy_tokens
from core.corpora._whole import write_whole
from core.corpora._writing import unwritable
from core.errors import DataError
from core.types import Sentence, Span

_BEGIN, _INSIDE = 3, 1
_ID_KEY = "sentence_id"


@dataclass(frozen=True)
class Docbin:
    """Documents with tokens, spaces and entities; the name is kept as user data.

    White space that is more than one space is a token of spaCy but no word.
    """

    requires: ClassVar[tuple[str, ...]] = ("spacy",)
    extensions: ClassVar[tuple[str, ...]] = (".spacy",)
    binary: ClassVar[bool] = True
    keeps: ClassVar[frozenset[Kept]] = frozenset({"words", "text", "spans", "ids", "empty"})

    def read(
        self, path: Path, language: str, *, skip_bad: BadLines | None = None
    ) -> list[Sentence]:
        """Read every document as a sentence."""

        def parse(doc: StoredDoc | DataError) -> Sentence:
            if isinstance(doc, DataError):
                raise doc
            return _sentence(doc, language, str(path))

        return read_each(
            unpack_docs(read_bytes(path), str(path)), parse, skip_bad=skip_bad, origin=_raw
        )

    def check(self, sentence: Sentence) -> None:
        """Check that the format can hold a sentence."""
        require_labels(sentence)
        for token in spacy_tokens(sentence):
            if "\0" in token.text:  # spaCy's strings end there
                raise unwritable(f"spaCy cannot hold the word {token.text!r}", sentence)

    def write(self, path: Path, sentences: Iterable[Sentence]) -> None:
        """Write one document a sentence."""
        write_whole(path, sentences, check=self.check, content=_content)


def _content(sentences: Sequence[Sentence]) -> bytes:
    import spacy
    from spacy.tokens import Doc, DocBin
    from spacy.tokens import Span as SpacySpan

    vocab = spacy.blank("xx").vocab
    store = DocBin(attrs=["ORTH", "ENT_IOB", "ENT_TYPE"], store_user_data=True)
    for sentence in sentences:
        tokens = spacy_tokens(sentence)
        doc = Doc(vocab, [token.text for token in tokens], [token.space for token in tokens])
        places = {token.word: place for place, token in enumerate(tokens)}
        doc.ents = [
            SpacySpan(doc, places[span.start], places[span.end - 1] + 1, label=span.label)
            for span in sentence.spans
        ]
        if sentence.id:
            doc.user_data[_ID_KEY] = sentence.id
        store.add(doc)
    packed: bytes = store.to_bytes()
    return packed


def _raw(doc: StoredDoc | DataError) -> bytes:
    """Return a document's text, for want of a line it stands on."""
    return b"" if isinstance(doc, DataError) else (_text(doc) + "\n").encode(errors="replace")


def _text(doc: StoredDoc) -> str:
    return "".join(text + " " * space for text, space in zip(doc.tokens, doc.spaces, strict=True))


def _sentence(doc: StoredDoc, language: str, path: str) -> Sentence:
    """Make a sentence; tokens that are white space are no words."""
    words: list[str] = []
    offsets: list[tuple[int, int]] = []
    entities: list[tuple[int, int, str]] = []
    position = 0
    for token, space, iob, label in zip(doc.tokens, doc.spaces, doc.iob, doc.labels, strict=True):
        place = len(words)
        if token.strip():
            words.append(token)
            offsets.append((position, position + len(token)))
        if iob in (_BEGIN, _INSIDE) and label:
            follows = iob == _INSIDE and entities and entities[-1][1:] == (place, label)
            start = entities.pop()[0] if follows else place
            entities.append((start, len(words), label))
        position += len(token) + space
    if any(start == end for start, end, _ in entities):
        raise DataError(
            "an entity must hold a word, got white space alone", code="bad-annotation", path=path
        )
    name = doc.user_data.get(_ID_KEY)
    return Sentence(
        words=tuple(words),
        language=language,
        text=_text(doc),
        char_offsets=tuple(offsets),
        spans=tuple(Span(*entity) for entity in entities),
        id=name if isinstance(name, str) else "",
    )


FORMATS.register(Docbin)
