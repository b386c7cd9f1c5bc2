"""Recognising parallel text by what is in the file."""

from __future__ import annotations

from pathlib import Path

from core.config import ComponentChoice
from core.corpora._bytes import read_bytes
from core.corpora._zip import ZIP_MAGIC, member_names

# Enough of a file to see a row, not so much that a large one takes long.
_HEAD = 65_536
_SIDES = ("source.txt", "target.txt")


def sniff_pairs(path: Path) -> ComponentChoice | None:
    """Recognise a format of sentence pairs; None where the content tells nothing.

    Raises:
        DataError: the file cannot be read, or is a damaged archive.
    """
    data = read_bytes(path)
    if data.startswith(ZIP_MAGIC):
        names = [name.lower() for name in member_names(data, str(path))]
        found = all(any(name.endswith(side) for name in names) for side in _SIDES)
        return ComponentChoice(name="pharaoh") if found else None
    head = data[:_HEAD]
    if b"<tmx" in head or "<tmx".encode("utf-16-le") in head or "<tmx".encode("utf-16-be") in head:
        return ComponentChoice(name="tmx")
    if head.lstrip(b"\xef\xbb\xbf \r\n").startswith((b"<", b"{", b"[")) or b"\0" in head:
        return None
    first = head.split(b"\n", 1)[0]
    for separator in ("tab", "comma", "semicolon"):
        if _SEPARATORS[separator] in first:
            default = separator == "comma"
            return ComponentChoice(
                name="csv", parameters={} if default else {"separator": separator}
            )
    return None


_SEPARATORS = {"tab": b"\t", "comma": b",", "semicolon": b";"}
