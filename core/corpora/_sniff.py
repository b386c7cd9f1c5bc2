"""Guessing a file's format from its first lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from core.config import ComponentChoice
from core.corpora._columns import DOCUMENT_START, divide, is_tag

# A malformed row here and there must not hide what a file is.
_ENOUGH = 0.9
# In a small file one malformed row is more than that.
_MOST = 0.6
# The opening alone: an entity that is not closed must be reported, not read as plain words.
_ENTITY = re.compile(r"(?<!\\)\[[A-Za-z][\w.&-]* ")
# Shared tasks by their number of columns, which one space parts and no comment interrupts.
_SHARED_TASKS = {2: "conll2002", 4: "conll2003"}
_LAST_MARK = re.compile(r"(\s?)[.!?؟。！？।]$")


def sniff(lines: Sequence[str]) -> ComponentChoice | None:
    """Recognise a format by content.

    Args:
        lines: the file's first lines that are not blank.

    Returns:
        Format name and the parameters that fit, or None where the content tells nothing.
    """
    if lines and all(line.lstrip().startswith("{") for line in lines):
        return ComponentChoice(name="jsonl")
    rows = _sniff_rows(lines)
    if rows is not None or any(_ENTITY.search(line) for line in lines):
        return rows or ComponentChoice(name="brackets")
    if lines and all("\t" in line.strip() for line in lines):  # names before texts, or broken rows
        return _sniff_rows(lines, enough=_MOST) or ComponentChoice(name="brackets")
    return None


def _sniff_rows(lines: Sequence[str], enough: float = _ENOUGH) -> ComponentChoice | None:
    rows = [line for line in lines if not line.startswith(("# ", DOCUMENT_START))]
    tabs = 2 * sum("\t" in row for row in rows) >= len(rows)
    table = [divide(row, tabs=tabs) for row in rows]
    if not table:
        return None
    width = Counter(map(len, table)).most_common(1)[0][0]
    table = [fields for fields in table if len(fields) == width]
    if len(table) < enough * len(rows):
        return None
    numbered = [fields for fields in table if fields[0][:1].isdecimal()]
    if width >= 3 and len(numbered) == len(table) and _is_tag_column(table, 2, enough):
        return ComponentChoice(name="uner")
    strict = _SHARED_TASKS.get(width)
    if strict and not tabs and len(rows) == len(table) and _is_tag_column(table, width - 1, enough):
        plain = not any(line.startswith("# ") for line in lines)
        if plain:
            return ComponentChoice(name=strict)
    for column in range(width - 1, 0, -1):
        if _is_tag_column(table, column, enough):
            last = column == width - 1
            return ComponentChoice(name="conll", parameters={} if last else {"tag_column": column})
    return None


def _is_tag_column(table: Sequence[Sequence[str]], column: int, enough: float) -> bool:
    return sum(is_tag(fields[column].strip()) for fields in table) >= enough * len(table)


def sniff_plain(lines: Sequence[str]) -> ComponentChoice:
    """Tell running text from words parted by spaces, by whether a final mark stands apart."""
    marks = [match[1] for match in map(_LAST_MARK.search, lines) if match]
    tokenised = 2 * sum(map(bool, marks)) >= len(marks)
    return ComponentChoice(name="plain", parameters={} if tokenised else {"tokenised": False})
