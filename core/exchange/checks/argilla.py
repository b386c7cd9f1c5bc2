"""Argilla: the rules of its SDK and server, checked on the file.

The SDK needs a running server. Its `from_json` wants one JSON list of records; its server demands
spans of whole numbers with start < end inside the text, that do not overlap, and a label each.
"""

from __future__ import annotations

import json

from core.exchange.checks import Reread, Seen, SeenSpan, WrittenFile


def reread(file: WrittenFile) -> Reread:
    """Read records, their suggested spans by characters."""
    field = file.parameters.get("field") or "text"
    question = file.parameters.get("question") or "span"
    seen = []
    for record in json.loads(file.content):
        text = record["fields"][field]
        spans = [
            SeenSpan(item["start"], item["end"], item["label"], text[item["start"] : item["end"]])
            for item in record["suggestions"][question]["value"]
        ]
        seen.append(Seen(tuple(spans), text=text, problem=_problem(spans, text)))
    return Reread(tuple(seen), "characters", "the rules of Argilla's server")


def _problem(spans: list[SeenSpan], text: str) -> str:
    previous = 0
    for span in sorted(spans):
        if not previous <= span.start < span.end <= len(text) or not span.label:
            return f"Argilla refuses the span {span}"
        previous = span.end
    return ""
