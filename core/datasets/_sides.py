"""Two files read side by side, each sentence in its place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from core.corpora import BadLines
from core.errors import DataError
from core.text.files import read_lines
from core.text.pharaoh import links_of_line
from core.types import Link, Sentence


class Reader(Protocol):
    """What reads a file of sentences, such as a format."""

    def read(
        self, path: Path, language: str, *, skip_bad: BadLines | None = None
    ) -> list[Sentence]:
        """Read every sentence of a file, in order."""
        ...


@dataclass(frozen=True, slots=True)
class Side:
    """The sentences of one file, each in its place.

    Attributes:
        path: the file.
        sentences: in file order; None where a malformed one was set aside.
    """

    path: Path
    sentences: tuple[Sentence | None, ...]

    @property
    def has_spans(self) -> bool:
        """Tell whether any sentence has an entity, so that the file is annotated at all."""
        return any(sentence is not None and sentence.spans for sentence in self.sentences)

    @property
    def set_aside(self) -> int:
        """Return how many sentences were malformed."""
        return self.sentences.count(None)


@dataclass(frozen=True, slots=True)
class LinkSide:
    """The word links of one file, a sentence pair a line.

    Attributes:
        path: the file.
        links: in file order; None where a malformed line was set aside.
    """

    path: Path
    links: tuple[tuple[Link, ...] | None, ...]


def read_side(reader: Reader, path: Path, language: str, *, skip_bad: BadLines | None) -> Side:
    """Read a file and keep the places of malformed sentences.

    Raises:
        DataError: the file cannot be read, holds a malformed sentence (without `skip_bad`), or no
            sentence at all (code empty-corpus).
    """
    sentences = sentences_in_place(reader, path, language, skip_bad=skip_bad)
    if not sentences:
        raise DataError(
            "a corpus must have at least one sentence, got none",
            code="empty-corpus",
            path=str(path),
        )
    return Side(path, tuple(sentences))


def sentences_in_place(
    reader: Reader, path: Path, language: str, *, skip_bad: BadLines | None
) -> list[Sentence | None]:
    """Read a file; None stands in the place of a malformed sentence.

    Raises:
        DataError: the file cannot be read, or holds a malformed sentence (without `skip_bad`).
    """
    bad = None if skip_bad is None else BadLines()
    sentences: list[Sentence | None] = [*reader.read(path, language, skip_bad=bad)]
    if skip_bad is not None and bad is not None:
        for sentence in bad.sentences:  # positions ascend, so that each lands where it was
            sentences.insert(sentence.position, None)
        skip_bad.sentences += bad.sentences
    return sentences


def read_link_side(
    path: Path, *, one_based: bool = False, skip_bad: BadLines | None = None
) -> LinkSide:
    """Read a file of word links and keep the places of malformed lines.

    Raises:
        DataError: the file cannot be read, or holds a malformed line (without `skip_bad`).
    """
    found: list[tuple[Link, ...] | None] = []
    for place, line in enumerate(read_lines(path)):
        try:
            links = links_of_line(line, one_based=one_based)
        except DataError as error:
            if skip_bad is None:
                raise
            skip_bad.add(place, error)
            found.append(None)
        else:
            found.append(links)
    return LinkSide(path, tuple(found))
