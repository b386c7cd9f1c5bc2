"""What is told when the store fails: which error of a database means what, and what to do.

A statement that cannot work is a mistake of ours, and stays as it is.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy.engine import URL
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from core.errors import ErrorCode, StoreError

VARIABLE = "SPANBRIDGE_DATABASE_URL"
_SQLITE_CODES: dict[str, ErrorCode] = {
    "SQLITE_FULL": "store-full",
    "SQLITE_READONLY": "store-read-only",
    "SQLITE_CANTOPEN": "store-unreachable",
    "SQLITE_BUSY": "store-busy",
    "SQLITE_PROTOCOL": "store-busy",
    "SQLITE_PERM": "store-read-only",
    "SQLITE_LOCKED": "store-busy",
    "SQLITE_CORRUPT": "store-damaged",
    "SQLITE_NOTADB": "store-damaged",
    # What the disk says when it has no room for a page of the log.
    "SQLITE_IOERR": "store-full",
}
# A statement that cannot work, in a class of errors that the disk shares.
_SQLITE_OURS = ("SQLITE_ERROR", "SQLITE_MISUSE")
_POSTGRESQL_CODES: dict[str, ErrorCode] = {
    "53100": "store-full",
    "53300": "store-busy",  # more connections than the server takes
    "25006": "store-read-only",
    "42501": "store-read-only",
    "40001": "store-busy",
    "40P01": "store-busy",
    "55P03": "store-busy",
    "XX001": "store-damaged",
    "XX002": "store-damaged",
}
HINTS: dict[ErrorCode, str] = {
    "store-full": "nothing of this change was kept, and nothing else was lost: make room on the "
    "disk and try again",
    "store-read-only": "nothing of this change was kept: let the program write there, or name "
    f"another place in {VARIABLE}",
    "store-unreachable": f"see that {VARIABLE} names a server that runs, or a file",
    "store-busy": "nothing of this change was kept: try again",
    "store-damaged": "nothing was changed: take a copy of the file, then restore a backup",
}


@contextmanager
def told(name: str, address: URL) -> Iterator[None]:
    """Turn what a database raises into what a user can read.

    Args:
        name: of the store, without its password.
        address: of the store.

    Raises:
        StoreError: the store fails. What is wrong with a statement stays as it is.
    """
    try:
        yield
    except (DBAPIError, PoolTimeout, sqlite3.Error) as error:
        shown = _store_error(error, name, address)
        if shown is None:  # ours to mend, not the user's
            raise
        raise shown from error


def error_code(error: Any) -> ErrorCode | None:
    """Return what an error of a database or of the disk means; None where nothing tells."""
    if isinstance(error, OSError):
        return "store-full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "store-read-only"
    known = str(getattr(error, "sqlite_errorname", ""))
    code = next((one for start, one in _SQLITE_CODES.items() if known.startswith(start)), None)
    return code or _POSTGRESQL_CODES.get(getattr(error, "sqlstate", None) or "")


def _store_error(error: Exception, name: str, address: URL) -> StoreError | None:
    """Say what is wrong with the store; the statement and its values stay out of the message."""
    original: Any = error.orig if isinstance(error, DBAPIError) else error
    code = error_code(original)
    ours = isinstance(error, IntegrityError | ProgrammingError | DataError)
    ours = ours or getattr(original, "sqlite_errorname", "") in _SQLITE_OURS
    # Where no statement was sent, an option of the address is not one.
    if code is None and ours and getattr(error, "statement", None) is not None:
        return None
    if getattr(original, "sqlite_errorname", "").startswith("SQLITE_CANTOPEN"):
        code = _cannot_open(Path(str(address.database)))
    code = code or ("store-busy" if isinstance(error, PoolTimeout) else "store-unreachable")
    reason = str(original).strip().partition("\n")[0] or type(original).__name__
    message = f"the store {name} must answer, got: {reason}"
    return StoreError(message, code=code, hint=HINTS[code])


def _cannot_open(file: Path) -> ErrorCode:
    """Say why SQLite cannot open a file: it also needs to make files beside it."""
    fine = os.access(file.parent, os.W_OK | os.X_OK)
    if fine and file.exists():
        fine = os.access(file, os.R_OK | os.W_OK)
    return "store-unreachable" if fine else "store-read-only"
