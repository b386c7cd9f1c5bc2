"""How the rows of a CoNLL file are divided into columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.corpora._rows import Block
from core.errors import DataError
from core.text.files import Line
from core.text.tags import split_tag

_GAP = re.compile(r"[ \t]+")
DOCUMENT_START = "-DOCSTART-"


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns most rows of a file have.

    Attributes:
        tabs: whether tabs part them; otherwise runs of spaces.
        count: how many there are.
        tag: index of the column that holds the tag, from 0.
        token: index of the column that holds the word, from 0.
    """

    tabs: bool
    count: int
    token: int
    tag: int

    @classmethod
    def of(cls, lines: Iterable[Line], *, token: int, tag: int) -> Columns:
        """Find the columns of a file.

        Args:
            lines: all its lines, taken one by one.
            token: column of the word; negative counts from the right.
            tag: column of the tag; negative counts from the right.

        Raises:
            DataError: the rows have no such column (code bad-line).
        """
        first, tabbed = None, 0
        counts: dict[bool, Counter[int]] = {True: Counter(), False: Counter()}
        for line in lines:
            if line.is_blank or _may_be_comment(line):
                continue
            first = first or line
            tabbed += "\t" in line.text
            for tabs, own in counts.items():
                own[len(divide(line.text, tabs=tabs))] += 1
        tabs = 2 * tabbed >= counts[True].total()
        count = counts[tabs].most_common(1)[0][0] if first else 2
        for column in (token, tag):
            if first is not None and not -count <= column < count:
                raise first.error(
                    f"rows must have column {column}, got {count} columns in most rows",
                    hint="columns count from 0, or from the right with -1",
                )
        return cls(tabs, count, token % count, tag % count)

    def fields(self, row: Line) -> tuple[str, str]:
        """Return the word and the tag of a row.

        Raises:
            DataError: the row has another number of columns, or no word (code bad-line).
        """
        fields = divide(row.text, tabs=self.tabs)
        if len(fields) != self.count:
            hint = "a comment begins with '# '" if row.text.startswith("#") else ""
            raise row.error(
                f"a row must have {self.count} columns as most rows do, got {len(fields)}",
                hint=hint,
            )
        if not fields[self.token].strip():
            raise row.error(f"a word must not be empty, got the row {row.text!r}")
        return fields[self.token], fields[self.tag].strip()

    def block(self, group: Sequence[Line]) -> Block:
        """Sort the lines between two blank ones into comments and rows."""
        lines = group[group[0].text.startswith(DOCUMENT_START) :]
        comments = tuple(line for line in lines if self._is_comment(line))
        return Block(comments, tuple(line for line in lines if not self._is_comment(line)))

    def _is_comment(self, line: Line) -> bool:
        """Tell a comment from a row whose word is `#`.

        With tabs a row's word is not followed by a space. With spaces `# O` is a row where rows
        have two columns, and `# key = value` never is.
        """
        if not line.text.startswith("# "):
            return False
        fields = divide(line.text, tabs=False)
        if self.tabs or len(fields) != self.count or fields[2:3] == ["="]:
            return True
        return not is_tag(fields[self.tag])


def divide(text: str, *, tabs: bool) -> list[str]:
    """Cut a row into its columns."""
    return text.split("\t") if tabs else _GAP.split(text.strip(" \t"))


def _may_be_comment(line: Line) -> bool:
    return line.text.startswith(("# ", DOCUMENT_START))


def is_tag(text: str) -> bool:
    try:
        split_tag(text)
    except DataError:
        return False
    return True
