"""Formats of parallel text: a file of sentence pairs, perhaps with their word links."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar, Literal, Protocol, runtime_checkable

from core.config import ComponentChoice
from core.corpora import BadLines
from core.errors import DataError
from core.exchange.parallel._sniff import sniff_pairs
from core.registry import Registry
from core.types import SentencePair

__all__ = ["PARALLEL_FORMATS", "KeptOfPair", "ParallelFormat", "guess_parallel_format"]

KeptOfPair = Literal[
    "words",  # the split into words
    "text",  # the running text
    "links",  # one word alignment
    "ids",  # the pairs' own names
    "empty",  # sentences without words
]


@runtime_checkable
class ParallelFormat(Protocol):
    """Reads and writes sentence pairs; no entities.

    Laws (tests/contract/test_parallel_formats.py): what `keeps` names comes back from a file that
    was written, whatever the script; a fault is a DataError with the path, and with the line where
    the file has lines; with `skip_bad` one fault costs one pair.
    """

    extensions: ClassVar[tuple[str, ...]]
    """File name endings that usually mean this format, with their dot."""

    keeps: ClassVar[frozenset[KeptOfPair]]
    """What survives writing and reading back."""

    def read(
        self,
        path: Path,
        source_language: str,
        target_language: str,
        *,
        skip_bad: BadLines | None = None,
    ) -> list[SentencePair]:
        """Read every pair of a file, in order.

        Args:
            path: file to read.
            source_language: BCP-47 code of the source side.
            target_language: BCP-47 code of the target side.
            skip_bad: takes malformed pairs instead of stopping at the first.

        Raises:
            DataError: the file cannot be read, or holds a malformed pair.
        """
        ...

    def check(self, pair: SentencePair) -> None:
        """Check that the format can hold a pair.

        Raises:
            DataError: it cannot (code bad-value).
        """
        ...

    def write(self, path: Path, pairs: Iterable[SentencePair]) -> None:
        """Write pairs, the whole file or nothing.

        Raises:
            DataError: the file cannot be written (file-not-writable), or the format cannot hold a
                pair (bad-value).
        """
        ...


PARALLEL_FORMATS: Registry[ParallelFormat] = Registry("parallel format", "core.exchange.parallel")


def guess_parallel_format(path: Path) -> ComponentChoice:
    """Guess the format of a file of sentence pairs by its content.

    Raises:
        DataError: the file cannot be read, or is none of our formats (code unknown-format).
    """
    guess = sniff_pairs(path)
    if guess is None:
        raise DataError(
            "parallel text must be in one of the formats "
            f"{', '.join(PARALLEL_FORMATS.names())}, got {path.name!r}",
            code="unknown-format",
            path=str(path),
        )
    return guess
