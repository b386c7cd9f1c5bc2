"""Files of a run: written whole or not at all, never through a link, with errors to read."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Any

from core.errors import ErrorCode, StoreError

PART = ".part"
_CODES: dict[int, ErrorCode] = {
    errno.ENOSPC: "store-full",
    errno.EDQUOT: "store-full",
    errno.EACCES: "store-read-only",
    errno.EPERM: "store-read-only",
    errno.EROFS: "store-read-only",
}
_HINTS: dict[ErrorCode, str] = {
    "store-full": "what was written before is safe: make room on the disk, then resume the run",
    "store-read-only": "let the program write there, or name another folder in SPANBRIDGE_RUNS",
    "store-unreachable": "see that the runs folder is there and that nothing in it is a link",
}


@contextmanager
def told(
    path: Path, *, what: str = "the runs folder", hints: Mapping[ErrorCode, str] = _HINTS
) -> Iterator[None]:
    """Turn what the disk raises into what a user can read.

    Args:
        path: what is written or read.
        what: what it belongs to, for the message.
        hints: what to do about each code.

    Raises:
        StoreError: the disk is full, read-only, or the file cannot be reached.
    """
    try:
        yield
    except OSError as error:
        code = _CODES.get(error.errno or 0, "store-unreachable")
        raise StoreError(
            f"{what} must be usable, got: {error.strerror} at {path}",
            code=code,
            hint=hints.get(code, ""),
        ) from error


@contextmanager
def replacing(path: Path, *, durable: bool = True) -> Iterator[Path]:
    """Give a new file to write, which then takes the place of `path`.

    An error on the way leaves whatever was there before.

    Args:
        path: the file to replace.
        durable: see that the bytes are on the disk before the name points to them; without it a
            power failure may leave an empty file.
    """
    part = path.with_name(f".{token_hex(8)}{PART}")
    try:
        yield part
        if durable:
            _sync(part)
        os.replace(part, path)
        if durable:
            _sync(path.parent)
    finally:
        part.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_object(path: Path, value: Mapping[str, Any], *, durable: bool = True) -> None:
    """Write one JSON object, whole or not at all.

    Raises:
        StoreError: it cannot be written; what was there before still is.
    """
    data = json.dumps(value, ensure_ascii=False, indent=1).encode()
    with told(path), replacing(path, durable=durable) as part:
        part.write_bytes(data)


def read_object(path: Path) -> dict[str, Any]:
    """Read one JSON object.

    Raises:
        StoreError: it is not there, or is none.
    """
    with told(path):
        data = read_bytes(path)
    try:
        found = json.loads(data)
    except ValueError as error:
        raise StoreError(f"{path} must be JSON, got: {error}", code="store-damaged") from error
    if not isinstance(found, dict):
        raise StoreError(f"{path} must hold an object", code="store-damaged")
    return found


def read_bytes(path: Path, offset: int = 0, limit: int | None = None) -> bytes:
    """Read a part of a file that is not a link."""
    with open_plain(path, os.O_RDONLY) as handle, os.fdopen(os.dup(handle), "rb") as file:
        file.seek(offset)
        return file.read(limit)


@contextmanager
def open_plain(path: Path, flags: int) -> Iterator[int]:
    """Open a file, but not what a link points to; new files are the user's own."""
    handle = os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        yield handle
    finally:
        os.close(handle)


def append(path: Path, line: bytes) -> None:
    """Add a line to a file of which this is the only writer; all of it or nothing.

    Raises:
        StoreError: there is no room; the file is as before.
    """
    with told(path), open_plain(path, os.O_RDWR | os.O_CREAT | os.O_APPEND) as handle:
        size = os.fstat(handle).st_size
        try:
            written = os.write(handle, line)
            if written < len(line):  # the disk had room for a part of it
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError:
            os.ftruncate(handle, size)
            raise


def cut_torn_line(path: Path) -> None:
    """Drop what stands behind the last line end: a write that a kill or power failure cut short."""
    try:
        with told(path):
            data = read_bytes(path)
    except StoreError:
        if path.exists():
            raise
        return
    if data and not data.endswith(b"\n"):
        with told(path), open_plain(path, os.O_RDWR) as handle:
            os.ftruncate(handle, data.rfind(b"\n") + 1)


def sweep(folder: Path) -> None:
    """Remove what writers that were killed have left."""
    for part in folder.glob(f".*{PART}"):
        part.unlink(missing_ok=True)
