"""The objects of a JSON file, each with its line: a list of them, or one after another.

A fault costs the object it stands in; reading goes on where the next one begins, which is a line
that opens an object as far to the left as the broken one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.corpora._bytes import read_utf8_loosely
from core.text.files import Line

_GAP = re.compile(r"[\s,]*")
# Each one costs a look at what follows it; after so many, the rest is one.
_MAX_BROKEN = 1_000
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class JsonItem:
    """One object as it stands in its file.

    Attributes:
        line: the line it begins on, with all of its text.
        raw: its bytes.
    """

    line: Line
    raw: bytes


def json_items(path: Path) -> Iterator[JsonItem]:
    """Cut a JSON file into its objects; they are parsed later, one by one.

    Raises:
        DataError: the file cannot be opened (code file-not-found) or is UTF-16 (not-utf8).
    """
    text = read_utf8_loosely(path)
    start = len(text) - len(text.lstrip())
    is_list = text[start : start + 1] == "["
    yield from _items(text, start + is_list, str(path), closed=is_list)


def _items(text: str, position: int, path: str, *, closed: bool) -> Iterator[JsonItem]:
    number, counted, broken = 1, 0, 0
    while True:
        position = _after_gap(text, position)
        number, counted = number + text.count("\n", counted, position), position
        if closed and text[position : position + 1] == "]":
            position, closed = position + 1, False
        elif position >= len(text):
            if closed:  # the file was cut off: that must be told
                yield _item(path, number, "[")
            return
        else:
            end, is_whole = _end_of_item(text, position)
            broken += not is_whole
            end = end if broken < _MAX_BROKEN else len(text)
            yield _item(path, number, text[position:end].rstrip())
            position = end


def _after_gap(text: str, position: int) -> int:
    match = _GAP.match(text, position)
    return match.end() if match else position


def _end_of_item(text: str, position: int) -> tuple[int, bool]:
    """Return where an object ends, and whether it is whole."""
    try:
        return _DECODER.raw_decode(text, position)[1], True
    except (ValueError, RecursionError):
        begin = text.rfind("\n", 0, position) + 1
        margin = text[begin:position]
        # One object a line is the rule where nothing stands before the object on its line.
        indent = re.escape(margin) if not margin.strip() else ""
        following = re.compile(rf"\n{indent}[\[,]?\{{").search(text, position)
        return (following.start() if following else len(text)), False


def _item(path: str, number: int, text: str) -> JsonItem:
    raw = text.encode(errors="surrogateescape")
    try:
        line = Line(path, number, raw.decode())
    except UnicodeDecodeError as error:
        before = raw[: error.start].count(b"\n")
        line = Line(path, number + before, raw.decode(errors="replace"), is_utf8=False)
    return JsonItem(line, raw)


def json_list(items: Iterable[dict[str, Any]]) -> bytes:
    """Write a JSON list with one object a line, so that a fault has a line."""
    lines = ",\n".join(json.dumps(item, ensure_ascii=False) for item in items)
    return f"[\n{lines}\n]\n".encode() if lines else b"[]\n"
