"""How much a file may hold; what is larger is refused, not cut.

The readers keep a corpus in memory, and an archive of kilobytes can unpack to terabytes.
"""

from __future__ import annotations

from core.errors import DataError

MAX_UNPACKED_BYTES = 128 * 2**20
"""What an archive or a compressed file may unpack to, all members together."""
MAX_MEMBERS = 2_000
"""Files in an archive."""
MAX_SENTENCES = 200_000
"""Sentences of one file."""
MAX_XML_DEPTH = 100
"""Elements inside each other; the formats read here need a dozen."""


def too_large(what: str, limit: int, path: str) -> DataError:
    """Return the error for something beyond its limit."""
    return DataError(
        f"{what} must be at most {limit:,}, got more",
        code="too-large",
        path=path,
        hint="split the corpus into several files",
    )
