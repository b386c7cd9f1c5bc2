"""The chunks of a corpus on disk: a file of packed sentence pairs each."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from core.errors import ErrorCode
from core.jobs._whole import replacing, told
from core.packing import pack, unpack
from core.text.files import encoded_lines
from core.types import SentencePair

USUAL_PAIRS = 256
_HINTS: Final[dict[ErrorCode, str]] = {
    "store-full": "what was written before is safe: make room, and the same command goes on",
    "store-read-only": "let the program write there, or name another folder",
    "store-unreachable": "every machine that works on a corpus must see its folder",
}


@dataclass(frozen=True, slots=True)
class Chunk:
    """Sentence pairs that are projected together."""

    pairs: tuple[SentencePair, ...]


@dataclass(frozen=True, slots=True)
class ChunkFiles:
    """A folder of numbered chunks."""

    folder: Path

    def path(self, number: int) -> Path:
        """Return where a chunk is."""
        return self.folder / f"{number:06d}.pairs"

    def write(self, pairs: Iterable[SentencePair], size: int) -> list[int]:
        """Write all pairs, a chunk at a time; chunks of an earlier corpus go away.

        Args:
            pairs: taken one by one.
            size: pairs in a chunk; the last one may have fewer.

        Returns:
            How many pairs each chunk has.

        Raises:
            StoreError: a file cannot be written.
        """
        counts: list[int] = []
        with usable(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
        rest = iter(pairs)
        while taken := tuple(islice(rest, size)):
            replace_file(self.path(len(counts)), pack(Chunk(taken)))
            counts.append(len(taken))
        for path in self.folder.glob("*.pairs"):
            if path.stem.isdigit() and int(path.stem) >= len(counts):
                path.unlink()
        return counts

    def hold(self, count: int) -> bool:
        """Tell whether chunks 0 to `count` are all there."""
        return all(self.path(number).is_file() for number in range(count))

    def packed(self, number: int) -> bytes:
        """Return a chunk as it stands on the disk.

        Raises:
            StoreError: it is not there, or cannot be read.
        """
        with usable(self.path(number)):
            return self.path(number).read_bytes()


def pairs_of(packed: bytes) -> tuple[SentencePair, ...]:
    """Return the pairs of a packed chunk.

    Raises:
        StoreError: it is none (code store-damaged).
    """
    return unpack(Chunk, packed).pairs


def replace_file(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all.

    Raises:
        StoreError: it cannot be written; what was there before still is.
    """
    with usable(path), replacing(path) as part:
        part.write_bytes(content)


def replace_lines(path: Path, lines: Iterable[str]) -> None:
    """Write lines as UTF-8 with LF endings, taken one by one; the whole file or nothing.

    Raises:
        DataError: a line is not valid Unicode (code bad-value).
        StoreError: the file cannot be written; what was there before still is.
    """
    with usable(path), replacing(path) as part, part.open("xb") as file:
        file.writelines(encoded_lines(lines, path))


def usable(path: Path) -> AbstractContextManager[None]:
    """Turn what the disk raises into what a user can read.

    Raises:
        StoreError: the disk is full, read-only, or the file cannot be reached.
    """
    return told(path, what="the output folder", hints=_HINTS)
