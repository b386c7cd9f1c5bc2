"""Whole files: read at once, written whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from core.errors import DataError
from core.text.files import unreadable

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def read_bytes(path: Path) -> bytes:
    """Read a file.

    Raises:
        DataError: the file cannot be opened (code file-not-found).
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error


def read_utf8_loosely(path: Path) -> str:
    """Read a text file whose faults are to be found later, sentence by sentence.

    Returns:
        The text without byte order mark; a byte that is no UTF-8 is a lone surrogate in it.

    Raises:
        DataError: the file cannot be opened (code file-not-found) or is UTF-16 (not-utf8).
    """
    data = read_bytes(path)
    if data.startswith(_UTF16_MARKS):
        raise DataError(
            "text must be UTF-8, got UTF-16",
            code="not-utf8",
            path=str(path),
            line=1,
            hint="save the file as UTF-8",
        )
    return data.removeprefix(_BYTE_ORDER_MARK).decode(errors="surrogateescape")


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file by way of a temporary one in the same folder.

    Raises:
        DataError: the file cannot be written (code file-not-writable).
    """
    target = path.resolve()
    temporary = target.with_name(f".{token_hex(8)}.part")
    try:
        temporary.write_bytes(content)
        os.replace(temporary, target)
    except OSError as error:
        raise DataError(
            f"the file must be writable, got: {error.strerror}",
            code="file-not-writable",
            path=str(path),
        ) from error
    finally:
        with suppress(OSError):  # what could not be written need not be taken away
            temporary.unlink(missing_ok=True)
