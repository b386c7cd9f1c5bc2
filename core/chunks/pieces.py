"""Files of lines cut between sentences into pieces that the readers of whole files can read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from core.text.files import Line, read_lines, unreadable

PIECE_BYTES = 1 << 18
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# What readers take for a mark where it begins a file: UTF-8, and UTF-16 in both orders.
_MARKS = (_BYTE_ORDER_MARK, b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Piece:
    """Whole sentences from the middle of a file.

    Attributes:
        content: the bytes, beginning and ending between two sentences.
        lines_before: lines of the file that stand before it.
    """

    content: bytes
    lines_before: int


def pieces_of(path: Path, *, blank: bool, size: int = PIECE_BYTES) -> Iterator[Piece]:
    """Cut a file of lines.

    Args:
        path: the file.
        blank: whether a sentence ends at a blank line; otherwise every line is one.
        size: bytes after which a piece ends at the next place where it may.

    Raises:
        DataError: the file cannot be read (code file-not-found).
    """
    kept: list[bytes] = []
    length = before = 0
    for line in _lines(path):
        kept.append(line)
        length += len(line)
        if length >= size and (not blank or not line.strip()):
            yield _piece(kept, before)
            before += len(kept)
            kept, length = [], 0
    if kept or not before:  # an empty file is a piece too: its reader has something to say of it
        yield _piece(kept, before)


def head_of(path: Path, size: int = PIECE_BYTES) -> bytes:
    """Return the beginning of a file up to the end of a sentence, whatever ends sentences there.

    Raises:
        DataError: the file cannot be read (code file-not-found).
    """
    lines: list[bytes] = []
    length = 0
    for line in _lines(path):
        lines.append(line)
        length += len(line)
        if length >= size:
            break
    blank = [place for place, line in enumerate(lines) if not line.strip()]
    whole = length < size or not blank
    return b"".join(lines if whole else lines[: blank[-1] + 1])


def lines_of(path: Path, folder: Path, *, blank: bool, size: int = PIECE_BYTES) -> Iterator[Line]:
    """Read the lines of a file piece by piece, as whoever reads it whole gets them.

    Args:
        path: the file.
        folder: for a piece at a time.
        blank: as for `pieces_of`.
        size: likewise.

    Raises:
        DataError: the file cannot be read (code file-not-found).
    """
    for piece in pieces_of(path, blank=blank, size=size):
        part = folder / path.name
        part.write_bytes(piece.content)
        for line in read_lines(part):
            yield replace(line, path=str(path), number=line.number + piece.lines_before)


def _piece(lines: list[bytes], before: int) -> Piece:
    content = b"".join(lines)
    if before and content.startswith(_MARKS):
        # In the middle of a file these are letters, or faults, of one sentence.
        content = _BYTE_ORDER_MARK + content
    return Piece(content, before)


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            yield from file
    except OSError as error:
        raise unreadable(path, error) from error
