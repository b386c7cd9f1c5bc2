"""brat's standoff notation: what an `.ann` file says of the lines of its text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from core.corpora._labelled_text import place_spans
from core.errors import DataError
from core.text.char_spans import CharSpan
from core.text.files import Line
from core.types import Sentence

LABEL = re.compile(r"[\w-]+")
_ENTITY = re.compile(r"(\S+) ([0-9]{1,12} [0-9]{1,12}(?:;[0-9]{1,12} [0-9]{1,12})*)")
KINDS = {
    "R": "relation",
    "E": "event",
    "A": "attribute",
    "M": "attribute",
    "N": "normalisation",
    "#": "note",
    "*": "equivalence",
}


@dataclass(slots=True)
class TextLine:
    """A line of a document and what its annotation says.

    Attributes:
        line: the line of the text.
        start: its first character's place in the document.
        stretches: entities, in characters of the line.
        fault: the first thing wrong with them, if any.
        annotations: the lines of the annotation file that are about it.
    """

    line: Line
    start: int
    stretches: list[CharSpan] = field(default_factory=list)
    fault: DataError | None = None
    annotations: list[str] = field(default_factory=list)

    def sentence(self, language: str) -> Sentence:
        """Make the line's sentence.

        Raises:
            DataError: a fault of the text or the annotation; names file and line.
        """
        self.line.require_utf8()
        if self.fault is not None:
            raise self.fault
        return place_spans(
            self.line.text, language, self.stretches, words=None, sentence_id="", line=self.line
        )

    @property
    def raw(self) -> bytes:
        """Return the line and its annotation."""
        return "\n".join([self.line.text, *self.annotations, ""]).encode(errors="replace")


def text_lines(data: bytes, path: str) -> list[TextLine]:
    """Cut a document into lines, each with its place. A carriage return counts as a character."""
    lines: list[TextLine] = []
    start = 0
    pieces = data.split(b"\n")
    if not pieces[-1]:
        pieces.pop()
    for number, piece in enumerate(pieces, start=1):
        text = piece.decode(errors="replace")
        is_utf8 = "\ufffd" not in text or _is_utf8(piece)
        shown = text.removesuffix("\r")
        lines.append(TextLine(Line(path, number, shown, is_utf8), start))
        start += len(text) + 1
    return lines


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def annotate(lines: Sequence[TextLine], rows: Iterable[Line]) -> dict[str, int]:
    """Lay the entities of an annotation file onto the lines of its text.

    A fault that can be laid at a line's door spoils that line only.

    Returns:
        How many rows of each other kind were passed over.

    Raises:
        DataError: a row that says nothing of where it belongs (code bad-line); names file and line.
    """
    ignored: dict[str, int] = {}
    starts = [line.start for line in lines]
    for row in rows:
        row.require_utf8()
        if row.is_blank:
            continue
        if row.text[0] in KINDS:
            kind = KINDS[row.text[0]]
            ignored[kind] = ignored.get(kind, 0) + 1
            continue
        _add_entity(lines, starts, row)
    return ignored


def _add_entity(lines: Sequence[TextLine], starts: Sequence[int], row: Line) -> None:
    name, _, rest = row.text.partition("\t")
    body, _, covered = rest.partition("\t")
    match = _ENTITY.fullmatch(body)
    if not name.startswith("T") or match is None:
        raise row.error(f"a row must be T1 TAB LABEL START END TAB TEXT, got {row.text!r}")
    first, *others = [tuple(map(int, part.split(" "))) for part in match[2].split(";")]
    place = bisect_right(starts, first[0]) - 1
    if place < 0:
        raise row.error(f"an entity must lie inside the text, got {row.text!r}")
    line = lines[place]
    line.annotations.append(row.text)
    start, end = first[0] - line.start, first[1] - line.start
    fault = ""
    if others:
        fault = f"an entity must be one stretch, got {match[2]!r}"
    elif not 0 <= start < end <= len(line.line.text):
        fault = f"an entity must lie on one line of the text, got {first[0]} to {first[1]}"
    elif line.line.text[start:end] != covered:
        fault = f"an entity must cover its text {covered!r}, got {line.line.text[start:end]!r}"
    if fault:
        line.fault = line.fault or row.error(fault, code="bad-annotation")
        return
    line.stretches.append(CharSpan(start, end, match[1]))
