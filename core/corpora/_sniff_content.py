"""Recognising the files of other tools by what is in them: archives, tables and kinds of JSON."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from core.config import ComponentChoice
from core.corpora._bytes import read_bytes
from core.corpora._json_items import json_items
from core.corpora._labelled_text import OFFSET_UNITS, from_unit
from core.corpora._zip import ZIP_MAGIC, member_names
from core.errors import DataError
from core.text.char_spans import CharSpan

_PARQUET_MAGIC = b"PAR1"
# Of a DocBin's first key, which its compressed bytes unpack to.
_DOCBIN_KEYS = (b"attrs", b"version")
_XMI_MARK = b"http://www.omg.org/XMI"
# Objects looked at: the first may be a task that was skipped.
_SNIFFED_OBJECTS = 30
Object = Mapping[str, Any]


def sniff_bytes(path: Path) -> ComponentChoice | None:
    """Recognise a format that is no lines of plain text.

    Returns:
        Format name and the parameters that fit, or None where the content tells nothing.

    Raises:
        DataError: the file cannot be read, or is a damaged archive.
    """
    data = read_bytes(path)
    if data.startswith(ZIP_MAGIC):
        return _sniff_archive(member_names(data, str(path)))
    if data.startswith(_PARQUET_MAGIC):
        return ComponentChoice(name="parquet")
    if _is_docbin(data):
        return ComponentChoice(name="docbin")
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"<") and _XMI_MARK in head:
        return ComponentChoice(name="inception")
    if path.suffix.lower() == ".ann":
        return ComponentChoice(name="brat")
    if head.startswith((b"[", b"{")):
        return _sniff_json(path)
    return None


def _sniff_archive(names: Sequence[str]) -> ComponentChoice | None:
    for ending, name in ((".xmi", "inception"), (".ann", "brat")):
        if any(one.lower().endswith(ending) for one in names):
            return ComponentChoice(name=name)
    return None


def _is_docbin(data: bytes) -> bool:
    if not data.startswith(b"x"):  # every zlib stream of the usual window
        return False
    try:
        head = zlib.decompressobj().decompress(data[:4096], 256)
    except zlib.error:
        return False
    return any(key in head for key in _DOCBIN_KEYS)


def _sniff_json(path: Path) -> ComponentChoice | None:
    try:
        objects = [
            json.loads(item.line.text)
            for item in islice(json_items(path), _SNIFFED_OBJECTS)
            if _parses(item.line.text)
        ]
    except DataError:  # UTF-16: the reader of lines says so
        return None
    objects = [one for one in objects if isinstance(one, dict)]
    for name, matches in _DIALECTS.items():
        if any(matches(one) for one in objects):
            return ComponentChoice(
                name=name, parameters=_unit(objects) if name == "doccano" else {}
            )
    return None


def _parses(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _is_argilla(one: Object) -> bool:
    return isinstance(one.get("fields"), dict) and ("suggestions" in one or "responses" in one)


def _is_label_studio(one: Object) -> bool:
    if isinstance(one.get("data"), dict):
        return any(key in one for key in ("annotations", "predictions", "completions"))
    label = one.get("label")
    return isinstance(label, list) and any(isinstance(x, dict) and "labels" in x for x in label)


def _is_prodigy(one: Object) -> bool:
    if not isinstance(one.get("text"), str) or "words" in one:
        return False
    parts = [*_list(one.get("tokens")), *_list(one.get("spans"))]
    marks = ("token_start", "ws")
    return (
        "answer" in one
        or "_input_hash" in one
        or any(isinstance(part, dict) and any(mark in part for mark in marks) for part in parts)
    )


def _is_doccano(one: Object) -> bool:
    if not isinstance(one.get("text"), str):
        return False
    entities = _list(one.get("entities"))
    if any(isinstance(entity, dict) and "start_offset" in entity for entity in entities):
        return True
    # Without any entity it is the places of words that tell: JSON lines of ours have their texts.
    keys = ("label", "labels", "words")
    return any(isinstance(x, list) for key in keys for x in _list(one.get(key)))


_DIALECTS: Mapping[str, Callable[[Object], bool]] = {
    "argilla": _is_argilla,
    "label_studio": _is_label_studio,
    "prodigy": _is_prodigy,
    "doccano": _is_doccano,
}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _unit(objects: Sequence[Object]) -> dict[str, Any]:
    """Return how offsets count, where only one way puts every entity between whole words."""
    fits = dict.fromkeys(OFFSET_UNITS, True)
    for one in objects:
        text = one.get("text")
        for item in _list(one.get("label", one.get("labels"))):
            if isinstance(text, str) and isinstance(item, list) and len(item) == 3:
                for unit in OFFSET_UNITS:
                    fits[unit] = fits[unit] and _fits(text, item, unit)
    only_points = fits["code-points"] and not fits["utf-16"]
    return {"offsets": "code-points"} if only_points else {}


def _fits(text: str, item: list[Any], unit: Any) -> bool:
    if [type(value) for value in item] != [int, int, str]:
        return True
    try:
        stretch = from_unit(text, CharSpan(*item), unit)
    except DataError:
        return False
    start, end = stretch.char_start, stretch.char_end
    covered = text[start:end] if 0 <= start < end <= len(text) else ""
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    inner = (before + covered[:1]).isalnum() and before, (covered[-1:] + after).isalnum() and after
    return bool(covered) and covered == covered.strip() and not any(inner)
