"""The checksums of fetched files, kept beside them in the form `sha256sum --check` reads."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from core.errors import DataError
from core.text.files import lock_file, read_lines, write_lines

NAME = "SHA256SUMS"
_ROW = re.compile(r"([0-9a-f]{64})  (.+)")


def read_checksums(folder: Path) -> dict[str, str]:
    """Return SHA-256 by a file's path in the folder; nothing where none were kept.

    Raises:
        DataError: a line that is none of ours; names file and line.
    """
    found: dict[str, str] = {}
    path = folder / NAME
    for line in read_lines(path) if path.is_file() else ():
        row = _ROW.fullmatch(line.text)
        if row is None:
            raise line.error(f"a row must be a SHA-256, two spaces and a path, got {line.text!r}")
        found[row[2]] = row[1]
    return found


def keep_checksums(folder: Path, checksums: Mapping[str, str]) -> None:
    """Add checksums to those that are kept.

    Raises:
        DataError: the file cannot be written (code file-not-writable).
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        # Another process may be fetching other files of the same corpus.
        lock_file(handle, f"write {folder / NAME}", wait=True)
        known = {**read_checksums(folder), **checksums}
        write_lines(folder / NAME, [f"{known[name]}  {name}" for name in sorted(known)])
    finally:
        os.close(handle)


def require_same(name: str, found: str, known: str, *, origin: str) -> None:
    """Check that a file is what it was at its first download.

    Raises:
        DataError: it is another one (code bad-line).
    """
    if known and found != known:
        raise DataError(
            f"{name} must have the SHA-256 it had when it was first fetched, {known}, got {found}",
            code="bad-line",
            path=origin,
            hint=f"to take the new one, move the old one away and remove its line in {NAME}",
        )
