"""What fetching a corpus came to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.datasets._examining import Contents


@dataclass(frozen=True, slots=True)
class Fetched:
    """A corpus that was put into the data folder.

    Attributes:
        folder: where it is now.
        files: names of the new files, sorted.
        contents: what those hold together.
        already: names of files that were there, and were left alone.
        noted: names of new files whose checksum nobody published; it was written down.
        kept: the archive that waits for the rest of its languages; None where there is none.
    """

    folder: Path
    files: tuple[str, ...]
    contents: Contents
    already: tuple[str, ...] = ()
    noted: tuple[str, ...] = ()
    kept: Path | None = None

    @property
    def questions(self) -> int:
        """Return how many questions the files hold together."""
        return self.contents.questions
