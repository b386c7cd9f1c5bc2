"""The tables in `assets/published`: figures of others, and ours from docs/results.md.

Paper: Politov et al. 2025, arXiv:2501.18750, and the thesis that followed (entities); Lewis et al.
2020, arXiv:1910.07475, and Conneau et al. 2020, arXiv:1911.02116 (questions).
Departs: languages have BCP-47 codes, corpora the names they have here.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TypeVar

from core.errors import ConfigError, DataError
from core.figures.values import AlignmentFigure, Figure, Group, Origin, QuestionFigure
from core.text.files import Line, read_lines
from core.text.languages import check_language

FOLDER = Path(__file__).parents[2] / "assets" / "published"
ENTITY_COLUMNS = (
    "source",
    "setting",
    "corpus",
    "split",
    "language",
    "method",
    "aligner",
    "label",
    "f1",
    "precision",
    "recall",
    "command",
)
_QUESTION_COLUMNS = ("source", "setting", "corpus", "language", "model", "f1", "exact_match")
_ALIGNMENT_COLUMNS = ("source", "setting", "pair", "aligner", "error_rate", "command")
_MAY_BE_EMPTY = frozenset({"split", "aligner", "label", "precision", "recall", "command"})

Row = dict[str, str]
Value = TypeVar("Value")


@cache
def published_figures() -> tuple[Figure, ...]:
    """Return what others have published of entities, in the order of the file."""
    return read_figures(FOLDER / "ner.csv", "published")


@cache
def measured_figures() -> tuple[Figure, ...]:
    """Return what docs/results.md says of entities, in the order of the file."""
    return read_figures(FOLDER / "measured.csv", "measured")


@cache
def question_figures() -> tuple[QuestionFigure, ...]:
    """Return what others have published of answers to questions."""
    return _read(FOLDER / "questions.csv", _QUESTION_COLUMNS, _question)


@cache
def alignment_figures() -> tuple[AlignmentFigure, ...]:
    """Return error rates of word links, published and measured."""
    return _read(FOLDER / "alignment.csv", _ALIGNMENT_COLUMNS, _alignment)


def read_figures(path: Path, origin: Origin) -> tuple[Figure, ...]:
    """Read a table of figures of entities.

    Args:
        path: CSV in UTF-8 with the columns `ENTITY_COLUMNS`, a figure a line.
        origin: who measured; what we measured must say by which command.

    Raises:
        DataError: the file cannot be read, or a line is no figure (codes bad-line, not-utf8) or
            says the same as an earlier one; names file and line.
    """

    def make(line: Line, row: Row) -> Figure:
        if origin != "published" and not row["command"]:
            raise line.error("a figure of ours must name its command, got none")
        return Figure(
            origin=origin,
            group=Group(row["source"], row["setting"], row["corpus"], row["split"]),
            language=_language(line, row["language"]),
            method=row["method"],
            aligner=row["aligner"],
            label=row["label"],
            f1=_number(line, row, "f1", highest=1),
            precision=_number(line, row, "precision", highest=1) if row["precision"] else None,
            recall=_number(line, row, "recall", highest=1) if row["recall"] else None,
            command=row["command"],
        )

    return _read(path, ENTITY_COLUMNS, make, beside=("f1", "precision", "recall", "command"))


def _question(line: Line, row: Row) -> QuestionFigure:
    return QuestionFigure(
        source=row["source"],
        setting=row["setting"],
        corpus=row["corpus"],
        language=_language(line, row["language"]),
        model=row["model"],
        f1=_number(line, row, "f1", highest=100),
        exact_match=_number(line, row, "exact_match", highest=100),
    )


def _alignment(line: Line, row: Row) -> AlignmentFigure:
    source, dash, target = row["pair"].partition("-")
    if not dash:
        raise line.error(f"a pair must be two languages such as de-en, got {row['pair']!r}")
    return AlignmentFigure(
        source=row["source"],
        setting=row["setting"],
        pair=(_language(line, source), _language(line, target)),
        aligner=row["aligner"],
        error_rate=_number(line, row, "error_rate", highest=100),
        command=row["command"],
    )


def _read(
    path: Path,
    columns: Sequence[str],
    make: Callable[[Line, Row], Value],
    *,
    beside: Sequence[str] = ("f1", "exact_match", "error_rate", "command"),
) -> tuple[Value, ...]:
    """Read a table; two lines that differ in nothing but numbers would contradict each other."""
    seen: dict[tuple[str, ...], int] = {}
    found: list[Value] = []
    for line, row in _rows(path, columns):
        key = tuple(text for column, text in row.items() if column not in beside)
        if key in seen:
            raise line.error(f"a figure must be there once, got that of line {seen[key]} again")
        seen[key] = line.number
        found.append(make(line, row))
    return tuple(found)


def _rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[Line, Row]]:
    lines = read_lines(path)
    head = _cells(lines[0]) if lines else []
    if tuple(head) != tuple(columns):
        raise DataError(
            f"the columns must be {', '.join(columns)}; got {', '.join(head) or 'none'}",
            code="bad-line",
            path=str(path),
            line=1,
        )
    for line in lines[1:]:
        cells = _cells(line)
        if len(cells) != len(columns):
            raise line.error(f"a line must have {len(columns)} cells, got {len(cells)}")
        row = dict(zip(columns, cells, strict=True))
        empty = [name for name, text in row.items() if not text and name not in _MAY_BE_EMPTY]
        if empty:
            raise line.error(f"a figure must say its {' and '.join(empty)}, got nothing")
        yield line, row


def _cells(line: Line) -> list[str]:
    line.require_utf8()
    try:
        return [cell.strip() for cell in next(csv.reader([line.text], strict=True), [])]
    except csv.Error as error:
        raise line.error(f"a line must be CSV, got: {error}") from error


def _language(line: Line, code: str) -> str:
    try:
        check_language(code)
    except ConfigError as error:
        raise line.error(error.message) from error
    return code


def _number(line: Line, row: Row, name: str, *, highest: int) -> float:
    try:
        value = float(row[name])
    except ValueError as error:
        raise line.error(f"{name} must be a number, got {row[name]!r}") from error
    if not 0 <= value <= highest:  # what is not a number is refused here too
        raise line.error(f"{name} must be between 0 and {highest}, got {row[name]}")
    return value
