"""doccano: the rules of its import, checked on the file.

doccano's client needs a running server. Its importer demands a text that is not empty and labels of
two whole numbers and a name with 0 ≤ start < end; its page cuts the text by UTF-16 code units.
"""

from __future__ import annotations

import json
from typing import Any

from core.exchange.checks import Reread, Seen, SeenSpan, WrittenFile


def reread(file: WrittenFile) -> Reread:
    """Read texts, their labels by characters."""
    by_units = file.parameters.get("offsets", "utf-16") == "utf-16"
    records = [json.loads(line) for line in file.content.decode().split("\n") if line]
    seen = tuple(_seen(record, by_units=by_units) for record in records)
    return Reread(seen, "characters", "the rules of doccano's import")


def _seen(record: dict[str, Any], *, by_units: bool) -> Seen:
    text = record["text"]
    units = text.encode("utf-16-le")
    spans = []
    problem = "" if text else "doccano refuses an empty text"
    for start, end, label in record["label"]:
        if not 0 <= start < end or not label:
            problem = f"doccano refuses the label {[start, end, label]}"
        if by_units:
            before = len(units[: 2 * start].decode("utf-16-le", errors="replace"))
            covered = units[2 * start : 2 * end].decode("utf-16-le", errors="replace")
        else:
            before, covered = start, text[start:end]
        spans.append(SeenSpan(before, before + len(covered), label, covered))
    return Seen(tuple(spans), text=text, problem=problem)
