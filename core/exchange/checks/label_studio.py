"""Label Studio: the rules of its import, checked on the file.

Its SDK brings a hundred megabytes of packages and another numpy. Its importer demands a list of
tasks with `data`; a result needs from_name, to_name, type and a value with start, end and labels.
"""

from __future__ import annotations

import json
from typing import Any

from core.exchange.checks import Reread, Seen, SeenSpan, WrittenFile

_RESULT_KEYS = {"from_name", "to_name", "type", "value"}


def reread(file: WrittenFile) -> Reread:
    """Read tasks, their results by characters."""
    key = file.parameters.get("text_key") or "text"
    seen = tuple(_seen(task, key) for task in json.loads(file.content))
    return Reread(seen, "characters", "the rules of Label Studio's import")


def _seen(task: dict[str, Any], key: str) -> Seen:
    text = task["data"][key]
    spans = []
    problem = ""
    for batch in (*task.get("annotations", []), *task.get("predictions", [])):
        for result in batch["result"]:
            if not result.keys() >= _RESULT_KEYS:
                problem = f"Label Studio refuses the result {sorted(result)}"
            value = result["value"]
            covered = text[value["start"] : value["end"]]
            if covered != value["text"]:
                problem = f"a result does not cover its text {value['text']!r}"
            spans.append(SeenSpan(value["start"], value["end"], value["labels"][0], covered))
    return Seen(tuple(spans), text=text, problem=problem)
