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

    def _is_new(self, side: int, name: str) -> bool:
        # Bytes: a name that JSON has escaped need not be valid Unicode.
        row = (side, name.encode(errors="surrogatepass"))
        try:
            return self._kept.execute("INSERT OR IGNORE INTO names VALUES (?, ?)", row).rowcount > 0
        except sqlite3.Error as error:
            raise StoreError(
                f"the names of a corpus's sentences need room for temporary files, got: {error}",
                code="store-full",
                hint="make room, or name another folder in TMPDIR",
            ) from error


@contextmanager
def own_names() -> Iterator[OwnNames]:
    """Hold names as long as a corpus is read, in a file that nobody else sees."""
    # The empty name gives a temporary database, which is on disk as far as memory is short.
    with closing(sqlite3.connect("", isolation_level=None)) as kept:
        yield OwnNames(kept)
