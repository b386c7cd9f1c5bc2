"""Text files: UTF-8 read line by line with exact error places, and written atomically.

Lines end at LF or CRLF and nowhere else: a word may hold any other separator Unicode knows. A byte
order mark at the start is dropped. Text is never normalised here.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import IO, Any

from core.errors import DataError, ErrorCode, StoreError

_BYTE_ORDER_MARK = "\ufeff"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_HINT = "save the file as UTF-8"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file, without its ending.

    Attributes:
        path: file it stands in.
        number: 1-based line number.
        text: the line; bytes that are not UTF-8 are replaced by U+FFFD.
        is_utf8: whether nothing was replaced.
    """

    path: str
    number: int
    text: str
    is_utf8: bool = True

    @property
    def is_blank(self) -> bool:
        """Tell whether the line is empty or holds white space only."""
        return not self.text.strip()

    def error(self, reason: str, *, code: ErrorCode = "bad-line", hint: str = "") -> DataError:
        """Return an error that names this line."""
        return DataError(reason, code=code, path=self.path, line=self.number, hint=hint)

    def require_utf8(self) -> None:
        """Check the encoding.

        Raises:
            DataError: the line is not UTF-8 (code not-utf8).
        """
        if not self.is_utf8:
            near = self.text[max(0, self.text.index("\ufffd") - 15) :][:30]
            raise self.error(f"text must be UTF-8, got {near!r}", code="not-utf8", hint=_HINT)


def read_lines(path: Path) -> list[Line]:
    """Read a text file.

    A line that is not UTF-8 is returned marked, so that a reader can set one sentence aside instead
    of giving up the file.

    Raises:
        DataError: the file cannot be opened (code file-not-found) or is UTF-16 (not-utf8).
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error
    if data.startswith(_UTF16_MARKS):
        raise DataError(
            "text must be UTF-8, got UTF-16", code="not-utf8", path=str(path), line=1, hint=_HINT
        )
    pieces = data.removeprefix(_BYTE_ORDER_MARK.encode()).split(b"\n")
    if not pieces[-1]:  # the last line ended properly: nothing follows it
        pieces.pop()
    return [_line(str(path), number, piece) for number, piece in enumerate(pieces, start=1)]


def stamp_of(path: Path) -> tuple[int, int]:
    """Return a file's size in bytes and its time of last change in nanoseconds.

    Raises:
        DataError: the file is not there (code file-not-found).
    """
    try:
        found = path.stat()
    except OSError as error:
        raise unreadable(path, error) from error
    return found.st_size, found.st_mtime_ns


def unreadable(path: Path, error: OSError) -> DataError:
    """Return what to tell of a file that cannot be opened."""
    return DataError(
        f"the file must exist and be readable, got: {error.strerror}",
        code="file-not-found",
        path=str(path),
    )


def _line(path: str, number: int, piece: bytes) -> Line:
    piece = piece.removesuffix(b"\r")
    try:
        return Line(path, number, piece.decode())
    except UnicodeDecodeError:
        return Line(path, number, piece.decode(errors="replace"), is_utf8=False)


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Write lines as UTF-8 with LF endings, whole or not at all.

    The lines go to a temporary file in the same folder, which then takes the place of `path`; an
    error on the way leaves whatever was there before.

    Raises:
        DataError: the file cannot be written (code file-not-writable) or a line is not valid
            Unicode (bad-value).
    """
    target = path.resolve()
    temporary = target.with_name(f".{token_hex(8)}.part")
    try:
        with temporary.open("xb") as file:
            file.writelines(encoded_lines(lines, path))
        os.replace(temporary, target)
    except OSError as error:
        raise DataError(
            f"the file must be writable, got: {error.strerror}",
            code="file-not-writable",
            path=str(path),
        ) from error
    finally:
        temporary.unlink(missing_ok=True)


def encoded_lines(lines: Iterable[str], path: Path) -> Iterator[bytes]:
    """Encode lines as UTF-8 with LF endings.

    Args:
        lines: taken one by one.
        path: where they are to stand.

    Raises:
        DataError: a line is not valid Unicode (code bad-value).
    """
    for index, line in enumerate(lines):
        # Readers drop the first mark only.
        mark = _BYTE_ORDER_MARK if index == 0 and line.startswith(_BYTE_ORDER_MARK) else ""
        try:
            encoded = f"{mark}{line}\n".encode()
        except UnicodeEncodeError as error:
            raise DataError(
                f"text must be valid Unicode, got {error.object[error.start : error.end]!r}",
                code="bad-value",
                path=str(path),
            ) from error
        yield encoded


def lock_file(file: IO[Any] | int, work: str, *, hint: str = "", wait: bool = False) -> None:
    """Be the only process that has this open file; whoever is killed lets go of it.

    Args:
        file: an open file, or the handle of a folder; the lock ends when it is closed.
        work: what is done with it, as in "write OUT".
        hint: what somebody who comes second can do.
        wait: for another process to let go, instead of refusing.

    Raises:
        StoreError: another process has it (code store-busy), or the file system has no locks
            (file-not-writable).
    """
    import fcntl  # not on every system

    try:
        fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise StoreError(
            f"one process at a time may {work}, got another one at it",
            code="store-busy",
            hint=hint,
        ) from error
    except OSError as error:
        raise StoreError(
            f"the file system must have locks to {work}, got {error.strerror}",
            code="file-not-writable",
            hint="choose a folder on another file system",
        ) from error
