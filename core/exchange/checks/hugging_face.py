"""Parquet: read by `datasets`, which knows the class names, or else by pyarrow."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any

from core.exchange.checks import Reread, Seen, SeenSpan, WrittenFile, versioned


def reread(file: WrittenFile) -> Reread:
    """Read rows, their entities by words."""
    from pyarrow import parquet

    table = parquet.read_table(io.BytesIO(file.content))
    if find_spec("datasets") is None:
        features = json.loads(table.schema.metadata[b"huggingface"])["info"]["features"]
        names = features["ner_tags"]["feature"]["names"]
        return Reread(
            tuple(_seen(row, names) for row in table.to_pylist()), "words", versioned("pyarrow")
        )
    from datasets import Dataset

    rows = Dataset(table)
    names = rows.features["ner_tags"].feature.names
    return Reread(tuple(_seen(row, names) for row in rows), "words", versioned("datasets"))


def _seen(row: Mapping[str, Any], names: Sequence[str]) -> Seen:
    words = tuple(row["tokens"])
    spans: list[SeenSpan] = []
    for place, number in enumerate(row["ner_tags"]):
        prefix, _, label = names[number].partition("-")
        if prefix == "I" and spans and spans[-1].end == place and spans[-1].label == label:
            spans[-1] = SeenSpan(spans[-1].start, place + 1, label, "")
        elif prefix != "O":
            spans.append(SeenSpan(place, place + 1, label, ""))
    texts = (" ".join(words[span.start : span.end]) for span in spans)
    return Seen(
        tuple(
            SeenSpan(span.start, span.end, span.label, text)
            for span, text in zip(spans, texts, strict=True)
        ),
        words=words,
        text=row["text"],
    )
