"""Pharaoh: an archive of source.txt, target.txt and links.txt, a pair a line.

What word aligners take and give: words parted by one space, links as `0-0 1-2`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import Field

from core.corpora import BadLines
from core.corpora._bad_lines import read_each
from core.corpora._bytes import read_bytes
from core.corpora._zip import read_members, zip_bytes
from core.errors import DataError
from core.exchange.parallel import PARALLEL_FORMATS, KeptOfPair
from core.exchange.parallel._pairs import unwritable_pair, write_pairs
from core.text.files import Line
from core.text.pharaoh import format_links, links_of_line
from core.types import Alignment, Link, Sentence, SentencePair

_SOURCE, _TARGET, _LINKS = "source.txt", "target.txt", "links.txt"
_WORD = re.compile(r"\S+")
LINKS_NAME = "file"
"""Name of the word links that came in a file."""


@dataclass(frozen=True)
class Pharaoh:
    """Words and one word alignment; neither names nor the running text."""

    extensions: ClassVar[tuple[str, ...]] = (".zip",)
    keeps: ClassVar[frozenset[KeptOfPair]] = frozenset({"words", "links", "empty"})

    alignment: Annotated[
        str, Field(description="which of the pairs' alignments to write; empty: their only one")
    ] = ""

    def read(
        self,
        path: Path,
        source_language: str,
        target_language: str,
        *,
        skip_bad: BadLines | None = None,
    ) -> list[SentencePair]:
        """Read every line of the three files as a pair; links may be missing altogether."""
        files = _files(path)
        counts = {name: len(lines) for name, lines in files.items()}
        if len(set(counts.values())) > 1:
            raise DataError(
                f"the files must have the same number of lines, got {counts}",
                code="not-parallel",
                path=str(path),
            )
        columns = [files[name] for name in (_SOURCE, _TARGET, _LINKS) if name in files]

        def parse(row: tuple[Line, ...]) -> SentencePair:
            source = _sentence(row[0], source_language)
            target = _sentence(row[1], target_language)
            links = {LINKS_NAME: _links(row[2], source, target)} if len(row) > 2 else {}
            return SentencePair(source, target, "", links, has_gold=False, source_labelled=False)

        return read_each(zip(*columns, strict=True), parse, skip_bad=skip_bad, origin=_raw)

    def check(self, pair: SentencePair) -> None:
        """Check that the format can hold a pair."""
        for word in (*pair.source.words, *pair.target.words):
            if word.split() != [word]:
                raise unwritable_pair(f"a word must be without white space, got {word!r}", pair)
        self._chosen(pair)

    def write(self, path: Path, pairs: Iterable[SentencePair]) -> None:
        """Write the archive, without links where no pair has any."""
        write_pairs(path, pairs, check=self.check, content=self._content)

    def _chosen(self, pair: SentencePair) -> tuple[Link, ...]:
        if self.alignment:
            if self.alignment not in pair.links:
                raise unwritable_pair(
                    f"a pair must have the alignment {self.alignment!r}, got {sorted(pair.links)}",
                    pair,
                )
            return pair.links[self.alignment]
        if len(pair.links) > 1:
            raise unwritable_pair(f"one alignment must be chosen, got {sorted(pair.links)}", pair)
        return next(iter(pair.links.values()), ())

    def _content(self, pairs: Sequence[SentencePair]) -> bytes:
        members = [
            (_SOURCE, [" ".join(pair.source.words) for pair in pairs]),
            (_TARGET, [" ".join(pair.target.words) for pair in pairs]),
        ]
        if any(pair.links for pair in pairs):
            links = [format_links(Alignment(tuple(sorted(self._chosen(one))))) for one in pairs]
            members.append((_LINKS, links))
        return zip_bytes(
            (name, "".join(f"{line}\n" for line in lines).encode()) for name, lines in members
        )


def _files(path: Path) -> dict[str, list[Line]]:
    """Return the lines of the archive's files, whatever folder they lie in."""
    members = read_members(read_bytes(path), str(path), endings=(_SOURCE, _TARGET, _LINKS))
    found = {name.rpartition("/")[2]: _lines(data, path) for name, data in members.items()}
    if not {_SOURCE, _TARGET} <= found.keys():
        raise DataError(
            f"the archive must have {_SOURCE} and {_TARGET}, got {sorted(members)}",
            code="bad-line",
            path=str(path),
        )
    return found


def _lines(data: bytes, path: Path) -> list[Line]:
    pieces = data.split(b"\n")
    if not pieces[-1]:
        pieces.pop()
    lines = []
    for number, piece in enumerate(pieces, start=1):
        text = piece.decode(errors="surrogateescape")
        shown = piece.decode(errors="replace").removesuffix("\r")
        is_utf8 = not any("\udc80" <= char <= "\udcff" for char in text)
        lines.append(Line(str(path), number, shown, is_utf8))
    return lines


def _sentence(line: Line, language: str) -> Sentence:
    line.require_utf8()
    words = list(_WORD.finditer(line.text))
    return Sentence(
        words=tuple(word[0] for word in words),
        language=language,
        text=line.text,
        char_offsets=tuple(word.span() for word in words),
        line=line.number,
    )


def _links(line: Line, source: Sentence, target: Sentence) -> tuple[Link, ...]:
    links = links_of_line(line)
    for link in links:
        if link.source >= len(source.words) or link.target >= len(target.words):
            raise line.error(
                f"links must stay inside {len(source.words)} and {len(target.words)} words, "
                f"got {link.source}-{link.target}",
                code="bad-annotation",
            )
    return links


def _raw(row: tuple[Line, ...]) -> bytes:
    return "".join(f"{line.text}\n" for line in row).encode()


PARALLEL_FORMATS.register(Pharaoh)
