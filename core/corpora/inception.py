"""INCEpTION: UIMA CAS as XMI in a zip archive with its type system, in DKPro's types.

Written with dkpro-cassis, whose types INCEpTION has built in; read without it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import Field

from core.corpora import FORMATS, BadLines, Kept
from core.corpora._bad_lines import read_each
from core.corpora._bytes import read_bytes
from core.corpora._cas import CasAnnotation, CasText, read_cas
from core.corpora._labelled_text import place_spans, require_labels, require_words_in_text
from core.corpora._whole import write_whole
from core.corpora._writing import unwritable
from core.corpora._xml import require_xml
from core.corpora._zip import ZIP_MAGIC, read_members, zip_bytes
from core.errors import DataError
from core.text.char_spans import CharSpan
from core.text.files import Line
from core.types import Sentence

TYPES = "de.tudarmstadt.ukp.dkpro.core.api"
SENTENCE = f"{TYPES}.segmentation.type.Sentence"
TOKEN = f"{TYPES}.segmentation.type.Token"
ENTITY = f"{TYPES}.ner.type.NamedEntity"


@dataclass(frozen=True)
class _Part:
    """A stretch of a document that is one sentence."""

    path: str
    cas: CasText
    begin: int
    end: int
    name: str
    line: int | None


@dataclass(frozen=True)
class Inception:
    """Sentences, tokens and named entities of one document, the sentences parted by line feeds.

    INCEpTION has no sentences without text. Of other layers nothing is read.
    """

    requires: ClassVar[tuple[str, ...]] = ("cassis", "defusedxml")
    extensions: ClassVar[tuple[str, ...]] = (".zip", ".xmi")
    binary: ClassVar[bool] = True
    keeps: ClassVar[frozenset[Kept]] = frozenset({"words", "text", "spans", "ids"})

    layer: Annotated[str, Field(description="type of the entities, without its package")] = (
        "NamedEntity"
    )
    feature: Annotated[str, Field(description="feature that holds the label")] = "value"

    def read(
        self, path: Path, language: str, *, skip_bad: BadLines | None = None
    ) -> list[Sentence]:
        """Read every sentence of every document of an archive, or of a lone `.xmi` file."""
        data = read_bytes(path)
        documents = [data]
        if data.startswith(ZIP_MAGIC) or path.suffix.lower() == ".zip":
            documents = list(read_members(data, str(path), endings=(".xmi",)).values())
            if not documents:
                raise DataError(
                    "an archive must have an .xmi file, got none", code="bad-line", path=str(path)
                )
        parts: list[_Part] = []
        for document in documents:
            cas = read_cas(document, str(path), layer=self.layer, feature=self.feature)
            parts += _parts(cas, str(path))
        return read_each(
            parts,
            lambda part: self._sentence(part, language),
            skip_bad=skip_bad,
            origin=lambda part: (part.cas.text[part.begin : part.end] + "\n").encode(),
        )

    def _sentence(self, part: _Part, language: str) -> Sentence:
        line = Line(part.path, part.line or 1, "")
        text = part.cas.text[part.begin : part.end]
        inside = [(one.begin - part.begin, one.end - part.begin, one) for one in _within(part)]
        stretches = []
        for begin, end, entity in inside:
            if entity.kind != self.layer:
                continue
            if end > len(text) or not entity.value:
                raise line.error(
                    f"an entity must have a {self.feature} and lie in one sentence, "
                    f"got {part.cas.text[entity.begin : entity.end]!r}",
                    code="bad-annotation",
                )
            stretches.append(CharSpan(begin, end, entity.value))
        words = [(begin, end) for begin, end, one in inside if one.kind == "Token"]
        return place_spans(
            text,
            language,
            stretches,
            words=_checked_words(words, text, line) if words else None,
            sentence_id=part.name,
            line=line,
        )

    def check(self, sentence: Sentence) -> None:
        """Check that the format can hold a sentence."""
        if not sentence.words:
            raise unwritable("a sentence must have a word, got none", sentence)
        require_labels(sentence)
        require_words_in_text(sentence)
        for text in (sentence.text, sentence.id, *(span.label for span in sentence.spans)):
            try:
                require_xml(text)
            except DataError as error:
                raise unwritable(error.reason, sentence) from error

    def write(self, path: Path, sentences: Iterable[Sentence]) -> None:
        """Write an archive with one document and its type system."""
        write_whole(path, sentences, check=self.check, content=_content)


def _parts(cas: CasText, path: str) -> list[_Part]:
    """Cut a document into its sentences, or into lines where none are marked."""
    marked = [
        _Part(path, cas, one.begin, one.end, one.name, one.line)
        for one in cas.of_kind("Sentence")
        if cas.text[one.begin : one.end].strip()
    ]
    for first, second in pairwise(marked):
        if first.end > second.begin:
            raise DataError(
                f"sentences must follow one another, got one inside another at {second.begin}",
                code="bad-annotation",
                path=path,
                line=second.line,
            )
    if marked:
        return marked
    parts = []
    begin = 0
    for text in cas.text.split("\n"):
        if text.strip():
            parts.append(_Part(path, cas, begin, begin + len(text), "", None))
        begin += len(text) + 1
    return parts


def _within(part: _Part) -> Sequence[CasAnnotation]:
    """Return what begins in a sentence."""
    annotations = part.cas.annotations
    first = bisect_left(annotations, part.begin, key=lambda one: one.begin)
    last = bisect_right(annotations, part.end - 1, key=lambda one: one.begin)
    return annotations[first:last]


def _checked_words(words: list[tuple[int, int]], text: str, line: Line) -> list[tuple[int, int]]:
    previous = 0
    for begin, end in words:
        if not previous <= begin < end <= len(text):
            raise line.error(f"tokens must follow one another, got [{begin}, {end}) in {text!r}")
        previous = end
    return words


@lru_cache(maxsize=1)
def _type_system() -> Any:
    """Return DKPro's types; a CAS does not change them."""
    import cassis

    return cassis.load_dkpro_core_typesystem()


def _content(sentences: Sequence[Sentence]) -> bytes:
    import cassis

    types = _type_system()
    cas = cassis.Cas(typesystem=types)
    sentence_type, token_type, entity_type = map(types.get_type, (SENTENCE, TOKEN, ENTITY))
    cas.sofa_string = "".join(f"{sentence.text}\n" for sentence in sentences)
    cas.sofa_mime = "text/plain"
    if sentences:
        cas.document_language = sentences[0].language
    start = 0
    for sentence in sentences:
        end = start + len(sentence.text)
        places = [(start + begin, start + stop) for begin, stop in sentence.char_offsets]
        cas.add(sentence_type(begin=start, end=end, id=sentence.id or None))
        cas.add_all(token_type(begin=begin, end=stop) for begin, stop in places)
        cas.add_all(
            entity_type(begin=places[span.start][0], end=places[span.end - 1][1], value=span.label)
            for span in sentence.spans
        )
        start = end + 1
    return zip_bytes(
        [("TypeSystem.xml", types.to_xml().encode()), ("corpus.xmi", cas.to_xmi().encode())]
    )


FORMATS.register(Inception)
