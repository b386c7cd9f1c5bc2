"""CSV: one pair a row, with a header `source,target` and perhaps `id`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from core.corpora import BadLines
from core.corpora._bad_lines import read_each
from core.corpora._bytes import read_utf8_loosely
from core.errors import DataError
from core.exchange.parallel import PARALLEL_FORMATS, KeptOfPair
from core.exchange.parallel._cells import cell_text, safe_cell
from core.exchange.parallel._pairs import pair_of_texts, write_pairs
from core.text.files import Line
from core.text.words import base_language
from core.types import SentencePair

Separator = Literal["comma", "tab", "semicolon"]
_CHARACTERS: dict[Separator, str] = {"comma": ",", "tab": "\t", "semicolon": ";"}
_ID_NAMES = ("id", "name")


@dataclass(frozen=True)
class Csv:
    """Two columns of running text, found by the header: source and target, or the language codes.

    Two columns without such a header are source and target. Cells that a spreadsheet would compute
    are written behind an apostrophe and read back without it.
    """

    extensions: ClassVar[tuple[str, ...]] = (".csv", ".tsv")
    keeps: ClassVar[frozenset[KeptOfPair]] = frozenset({"text", "ids", "empty"})

    separator: Annotated[Separator, Field(description="what parts the cells")] = "comma"

    def read(
        self,
        path: Path,
        source_language: str,
        target_language: str,
        *,
        skip_bad: BadLines | None = None,
    ) -> list[SentencePair]:
        """Read every row below the header as a pair."""
        rows = _rows(read_utf8_loosely(path), str(path), _CHARACTERS[self.separator])
        first = next(rows, None)
        if first is None:
            return []
        if isinstance(first, DataError):
            raise first
        columns = _header(first, source_language, target_language)
        start = [first] if columns is None else []
        places = columns or {"source": 0, "target": 1}

        def parse(row: _Row | DataError) -> SentencePair:
            if isinstance(row, DataError):
                raise row
            row.line.require_utf8()
            if len(row.cells) != len(first.cells):
                raise row.line.error(
                    f"a row must have {len(first.cells)} cells as the first has, "
                    f"got {len(row.cells)}"
                )
            cells = {key: cell_text(row.cells[place]) for key, place in places.items()}
            return pair_of_texts(
                cells["source"],
                cells["target"],
                source_language,
                target_language,
                pair_id=cells.get("id", ""),
                line=row.line.number,
            )

        return read_each([*start, *rows], parse, skip_bad=skip_bad, origin=_origin)

    def check(self, pair: SentencePair) -> None:
        """Check that the format can hold a pair: it can hold any."""

    def write(self, path: Path, pairs: Iterable[SentencePair]) -> None:
        """Write the header and one row a pair, every cell in quotes."""
        write_pairs(path, pairs, check=self.check, content=self._content)

    def _content(self, pairs: Sequence[SentencePair]) -> bytes:
        buffer = io.StringIO(newline="")
        writer = csv.writer(
            buffer,
            delimiter=_CHARACTERS[self.separator],
            quoting=csv.QUOTE_ALL,
            lineterminator="\n",
        )
        writer.writerow(["source", "target", "id"])
        for pair in pairs:
            cells = (pair.source.text, pair.target.text, pair.id)
            writer.writerow([safe_cell(cell) for cell in cells])
        return buffer.getvalue().encode()


@dataclass(frozen=True, slots=True)
class _Row:
    line: Line
    last: int
    cells: list[str]


def _rows(text: str, path: str, separator: str) -> Iterator[_Row | DataError]:
    """Take rows one by one; a row may go over several lines."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield DataError(
                f"a row must be cells in balanced quotes, got: {error}",
                code="bad-line",
                path=path,
                line=number,
            )
            continue
        if cells is None:
            return
        if cells:
            joined = separator.join(cells)
            clean = joined.encode(errors="surrogateescape").decode(errors="replace")
            is_utf8 = not any("\udc80" <= char <= "\udcff" for char in joined)
            yield _Row(Line(path, number, clean, is_utf8), reader.line_num, cells)


def _origin(row: _Row | DataError) -> tuple[int, int] | bytes:
    if isinstance(row, DataError):
        return b"" if row.line is None else (row.line, row.line)
    return row.line.number, row.last


def _header(row: _Row, source_language: str, target_language: str) -> dict[str, int] | None:
    """Find the columns by name.

    Returns:
        Place of `source`, `target` and perhaps `id`; None where two columns have no header.

    Raises:
        DataError: more columns, and no names that say which is which (code bad-line).
    """
    names = [cell.strip().lower() for cell in row.cells]
    places: dict[str, int] = {}
    for key, language in (("source", source_language), ("target", target_language)):
        wanted = (key, language.lower(), base_language(language))
        found = [names.index(name) for name in wanted if name in names]
        if found:
            places[key] = found[0]
    ids = [names.index(name) for name in _ID_NAMES if name in names]
    if len(set(places.values())) == 2:
        return {**places, "id": ids[0]} if ids else places
    if len(names) == 2:
        return None
    raise row.line.error(
        "the first row must name the columns source and target, or their languages "
        f"{source_language} and {target_language}, got {row.cells!r:.200}"
    )


PARALLEL_FORMATS.register(Csv)
