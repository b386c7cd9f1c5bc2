"""Reading what the formats with one word a row share: blocks of lines, comments and tags."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from core.errors import DataError
from core.text.files import Line
from core.text.tags import Scheme, spans_from_tags
from core.types import Span

SchemeChoice = Literal["auto", "iob2", "iob1", "bioes"]

_ID = re.compile(r"#\s*(?:sent_id|id)\s*=\s*(.*?)\s*")
_TEXT = re.compile(r"#\s*text\s*= ?(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """The lines between two blank ones: a sentence, if it has a row, a name or a text.

    Attributes:
        comments: lines beginning with `#` that are no word rows.
        rows: one word each.
    """

    comments: tuple[Line, ...]
    rows: tuple[Line, ...]

    @property
    def line(self) -> int:
        """Return the number of the first line."""
        return min(part[0].number for part in (self.comments, self.rows) if part)

    @property
    def lines(self) -> tuple[int, int]:
        """Return the numbers of the first and the last line."""
        return self.line, max(part[-1].number for part in (self.comments, self.rows) if part)

    @property
    def id(self) -> str:
        """Return the sentence's name from `# sent_id = …` or `# id = …`, or an empty text."""
        found = (_ID.fullmatch(comment.text) for comment in self.comments)
        return next((match[1] for match in found if match), "")

    @property
    def text(self) -> str | None:
        """Return the running text from `# text = …`, as it stands, or None."""
        found = (_TEXT.fullmatch(comment.text) for comment in self.comments)
        return next((match[1] for match in found if match), None)

    @property
    def is_sentence(self) -> bool:
        """Tell a sentence, perhaps an empty one, from a note that stands by itself."""
        return bool(self.rows or self.id) or self.text is not None

    def require_utf8(self) -> None:
        """Check the encoding of every line.

        Raises:
            DataError: a line is not UTF-8 (code not-utf8).
        """
        for line in (*self.comments, *self.rows):
            line.require_utf8()


def blank_separated(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Group the lines between blank ones."""
    group: list[Line] = []
    for line in lines:
        if not line.is_blank:
            group.append(line)
        elif group:
            yield group
            group = []
    if group:
        yield group


def read_tags(tags: Sequence[str], rows: Sequence[Line], scheme: SchemeChoice) -> tuple[Span, ...]:
    """Read spans from the tags of one sentence's rows.

    IOB1, IOB2 and BIOES agree wherever a sequence is well formed, so `auto` reads any of them with
    the union of their rules, broken sequences as the CoNLL evaluation script does. A scheme that is
    named is enforced.

    Raises:
        DataError: a malformed tag, or one that breaks the named scheme; names file and line.
    """
    chosen: Scheme = "bioes" if scheme == "auto" else scheme
    strict = scheme != "auto"
    try:
        return spans_from_tags(tags, scheme=chosen, strict=strict)
    except DataError as error:
        row = rows[_first_fault(tags, chosen, strict=strict)]
        raise row.error(error.reason, code=error.code) from error


def _first_fault(tags: Sequence[str], scheme: Scheme, *, strict: bool) -> int:
    """Return the index of the tag at which reading stops."""
    for end in range(1, len(tags)):
        try:
            spans_from_tags(tags[:end], scheme=scheme, strict=strict)
        except DataError:
            return end - 1
    return len(tags) - 1
