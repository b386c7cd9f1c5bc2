"""Corpus formats: files ↔ sentences with spans.

Offsets are those of the text as it stands; nothing is normalised, trimmed or repaired on the way.
What a format cannot hold is refused, not bent.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar, Literal, Protocol, runtime_checkable

from core.config import ComponentChoice
from core.corpora._bad_lines import BadLines, BadSentence
from core.corpora._records import load_record, sentence_record
from core.corpora._sniff import sniff, sniff_plain
from core.corpora._sniff_content import sniff_bytes
from core.errors import DataError
from core.registry import Registry
from core.text.files import Line, read_lines
from core.types import Sentence

__all__ = [
    "FORMATS",
    "BadLines",
    "BadSentence",
    "Format",
    "Kept",
    "LineFormat",
    "guess_format",
    "load_record",
    "sentence_record",
]

# Endings of files that are text to a computer but no corpus to us.
_FOREIGN = frozenset({".csv", ".htm", ".html", ".json", ".md", ".py", ".tmx", ".xliff", ".xml"})
# Enough lines to see every column in use, few enough to answer at once.
_SNIFFED_LINES = 500

Kept = Literal[
    "words",  # the split into words
    "text",  # the running text
    "spans",  # entities
    "ids",  # the sentences' own names
    "empty",  # sentences without words
]


@runtime_checkable
class Format(Protocol):
    """Reads and writes the sentences of one language.

    Laws (tests/contract/test_formats.py): what `keeps` names comes back from a file that was
    written, whatever the script; a fault in a file is a DataError with path and line; with
    `skip_bad` one fault costs one sentence.
    """

    extensions: ClassVar[tuple[str, ...]]
    """File name endings that usually mean this format, with their dot."""

    binary: ClassVar[bool]
    """Whether the file is no text of lines."""

    keeps: ClassVar[frozenset[Kept]]
    """What survives writing and reading back."""

    def read(
        self, path: Path, language: str, *, skip_bad: BadLines | None = None
    ) -> list[Sentence]:
        """Read every sentence of a file, in order.

        Args:
            path: file to read.
            language: BCP-47 code of its text.
            skip_bad: takes malformed sentences instead of stopping at the first.

        Raises:
            DataError: the file cannot be read (file-not-found, not-utf8) or holds a malformed
                sentence (bad-line, bad-annotation); names file and line.
        """
        ...

    def check(self, sentence: Sentence) -> None:
        """Check that the format can hold a sentence.

        Raises:
            DataError: it cannot (code bad-value).
        """
        ...

    def write(self, path: Path, sentences: Iterable[Sentence]) -> None:
        """Write sentences, the whole file or nothing.

        Raises:
            DataError: the file cannot be written (file-not-writable), or the format cannot hold a
                sentence (bad-value).
        """
        ...


@runtime_checkable
class LineFormat(Format, Protocol):
    """A format in which a sentence is lines of its own, wherever it stands."""

    def lines(self, sentence: Sentence) -> list[str]:
        """Return the lines that stand for one sentence, without endings.

        Raises:
            DataError: the format cannot hold the sentence (code bad-value).
        """
        ...


@runtime_checkable
class GuessingFormat(Protocol):
    """A format that finds out from all lines of a file how to read each of them."""

    def settled(self, lines: Iterable[Line]) -> Format:
        """Return the format that reads any part of a file as this one reads the whole.

        Args:
            lines: of the whole file, taken one by one.

        Raises:
            DataError: they cannot be read (code bad-line).
        """
        ...


FORMATS: Registry[Format] = Registry("format", "core.corpora")


def guess_format(path: Path) -> ComponentChoice:
    """Guess a file's format, by content first: endings such as `.txt` and `.tsv` say little.

    Args:
        path: the file.

    Returns:
        Name of a format and the parameters that fit, for `FORMATS.create` or for a form.

    Raises:
        DataError: the file cannot be read, or is none of our formats (code unknown-format).
    """
    suffix = path.suffix.lower()
    content = sniff_bytes(path)
    if content is not None:
        return content
    lines = read_lines(path)
    filled = [line.text for line in lines if not line.is_blank][:_SNIFFED_LINES]
    guess = None if suffix in _FOREIGN else sniff(filled)
    if guess is not None:
        return guess
    if suffix in _FOREIGN or any("\0" in line for line in filled):
        raise DataError(
            f"a corpus must be in one of the formats {', '.join(FORMATS.names())}, "
            f"got {path.name!r}",
            code="unknown-format",
            path=str(path),
        )
    known = [name for name in FORMATS.names() if suffix in FORMATS.get(name).extensions]
    if len(known) > 1 and not filled:  # an empty file of several formats: the plainest reads it
        known = [name for name in ("jsonl", "plain") if name in known] or known
    if known and "plain" not in known:
        return ComponentChoice(name=known[0])
    return sniff_plain(filled)
