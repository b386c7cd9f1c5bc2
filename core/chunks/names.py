"""Names of sentences, held on disk: a large corpus has more of them than belong into memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

from core.errors import StoreError
from core.types import Sentence


class OwnNames:
    """Tells whether every sentence of a side has a name that no other one there has.

    Args:
        kept: an empty database.
    """

    def __init__(self, kept: sqlite3.Connection) -> None:
        self._kept = kept
        kept.execute("PRAGMA journal_mode = OFF")
        columns = "side INTEGER, name BLOB, PRIMARY KEY (side, name)"
        kept.execute(f"CREATE TABLE names ({columns}) WITHOUT ROWID")
        kept.execute("BEGIN")

    def take(self, row: Sequence[object]) -> bool:
        """Take in what stands in one place of each side; tell whether all of it has its own name.

        Args:
            row: a sentence of each side; whatever else stands there has none and needs none.

        Raises:
            StoreError: there is no room for the names (code store-full).
        """
        return all(
            bool(one.id) and self._is_new(side, one.id)
            for side, one in enumerate(row)
            if isinstance(one, Sentence)
        )

    def crosses(self, row: Sequence[object]) -> bool:
        """Tell whether a sentence whose partner is none has its name from the other side before.

        Read whole, such sentences are a pair: what was malformed beside them is not there.

        Args:
            row: a sentence of each side, or whatever else stands there; taken in already.

        Raises:
            StoreError: the names cannot be read (code store-full).
        """
        alone = [(side, one.id) for side, one in enumerate(row) if isinstance(one, Sentence)]
        if len(alone) != 1:
            return False
        side, name = alone[0]
        return self._has(1 - side, name)

    def _has(self, side: int, name: str) -> bool:
        query = "SELECT 1 FROM names WHERE side = ? AND name = ?"
        try:
            return self._kept.execute(query, (side, _key(name))).fetchone() is not None
        except sqlite3.Error as error:
            raise _no_room(error) from error

    def _is_new(self, side: int, name: str) -> bool:
        row = (side, _key(name))
        try:
            return self._kept.execute("INSERT OR IGNORE INTO names VALUES (?, ?)", row).rowcount > 0
        except sqlite3.Error as error:
            raise _no_room(error) from error


def _key(name: str) -> bytes:
    # Bytes: a name that JSON has escaped need not be valid Unicode.
    return name.encode(errors="surrogatepass")


def _no_room(error: sqlite3.Error) -> StoreError:
    return StoreError(
        f"the names of a corpus's sentences need room for temporary files, got: {error}",
        code="store-full",
        hint="make room, or name another folder in TMPDIR",
    )


@contextmanager
def own_names() -> Iterator[OwnNames]:
    """Hold names as long as a corpus is read, in a file that nobody else sees."""
    # The empty name gives a temporary database, which is on disk as far as memory is short.
    with closing(sqlite3.connect("", isolation_level=None)) as kept:
        yield OwnNames(kept)
