"""Reading an export again, the way the tool that it is for reads it.

One module a tool, which shares nothing with our own readers. Where a tool has a library that can be
installed, that library reads; elsewhere the module checks the rules that the tool documents.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module, metadata
from typing import Any, Literal, cast

from core.types import Sentence

Unit = Literal["words", "characters"]


@dataclass(frozen=True, slots=True, order=True)
class SeenSpan:
    """An entity as another tool sees it.

    Attributes:
        start: first word or character.
        end: the one after its last.
        label: its class.
        text: what it covers.
    """

    start: int
    end: int
    label: str
    text: str

    def __str__(self) -> str:
        return f"{self.label} [{self.start}, {self.end}) {self.text!r}"


@dataclass(frozen=True, slots=True)
class Seen:
    """A sentence as another tool sees it.

    Attributes:
        spans: its entities.
        words: its words, where the tool has any.
        text: its running text, where the tool has one.
        problem: what the tool would complain of; empty if nothing.
    """

    spans: tuple[SeenSpan, ...]
    words: tuple[str, ...] | None = None
    text: str | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Reread:
    """A file as another tool sees it.

    Attributes:
        sentences: in file order.
        unit: what the offsets of entities count.
        checked_with: what read the file, with its version.
    """

    sentences: tuple[Seen, ...]
    unit: Unit
    checked_with: str


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file that was written for another tool.

    Attributes:
        name: its format.
        content: its bytes.
        language: BCP-47 code of its text.
        parameters: those of the format.
    """

    name: str
    content: bytes
    language: str
    parameters: Mapping[str, Any]


# Format → module of this package that rereads it.
_MODULES: Mapping[str, str] = {
    "argilla": "argilla",
    "brackets": "own",
    "brat": "brat",
    "conll": "columns",
    "conll2002": "columns",
    "conll2003": "columns",
    "docbin": "spacy_docs",
    "doccano": "doccano",
    "inception": "cassis",
    "jsonl": "own",
    "label_studio": "label_studio",
    "parquet": "hugging_face",
    "plain": "own",
    "prodigy": "prodigy",
    "uner": "columns",
}


def reread(file: WrittenFile) -> Reread:
    """Read a file as its tool does."""
    module = import_module(f"core.exchange.checks.{_MODULES.get(file.name, 'own')}")
    check = cast("Callable[[WrittenFile], Reread]", module.reread)
    return check(file)


def versioned(package: str) -> str:
    """Return a package's name with its version."""
    return f"{package} {metadata.version(package)}"


def expected(sentence: Sentence, unit: Unit) -> Seen:
    """Return what a tool should see of a sentence."""
    spans = []
    for span in sentence.spans:
        start, end = span.start, span.end
        text = " ".join(sentence.words_of(span))
        if unit == "characters":
            start, end = sentence.char_offsets[start][0], sentence.char_offsets[end - 1][1]
            text = sentence.text_of(span)
        spans.append(SeenSpan(start, end, span.label, text))
    return Seen(tuple(spans), sentence.words, sentence.text)
