"""Shards: what came out of a chunk, as a file of its own that other programs can read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, get_args

from core.chunks.files import replace_lines, usable
from core.corpora import FORMATS, BadLines
from core.corpora.conll import Conll
from core.errors import DataError
from core.export import (
    ExportCounts,
    failed_path,
    projected_sentence,
    projection_lines,
    projection_record,
)
from core.jobs._whole import replacing
from core.text.pharaoh import format_links
from core.text.tags import tags_from_spans
from core.types import Failure, Projection, Sentence

ShardForm = Literal["parquet", "jsonl", "conll"]
SHARD_FORMS: tuple[ShardForm, ...] = get_args(ShardForm)


def shard_name(number: int, form: ShardForm) -> str:
    """Return the file name of a chunk's shard."""
    return f"part-{number:06d}.{form}"


def held(projections: Sequence[Projection], form: ShardForm) -> list[Projection]:
    """Return projections with those failed that the form cannot hold: rows of words, as in CoNLL.

    Args:
        projections: of a chunk.
        form: of its shard.
    """
    return [one if form != "conll" else _as_rows(one) for one in projections]


def _as_rows(projection: Projection) -> Projection:
    if projection.failure is not None:
        return projection
    try:
        Conll().check(projected_sentence(projection))
    except DataError as error:
        return replace(projection, failure=Failure("export", error.code, error.reason))
    return projection


def write_shard(path: Path, projections: Sequence[Projection], form: ShardForm) -> None:
    """Write a shard, whole or not at all; once it is there, a power failure leaves it there.

    A sentence that failed is in it with its reason and without tags; CoNLL, which cannot say so,
    leaves it out and lists it in `part-….failed.jsonl` beside it.

    Raises:
        DataError: a text is not valid Unicode.
        StoreError: the disk is full or read-only.
    """
    if form == "parquet":
        _write_parquet(path, projections)
        return
    failed: list[str] = []
    replace_lines(path, projection_lines(projections, form, ExportCounts(), failed))
    if failed:
        replace_lines(failed_path(path), failed)
    else:
        with usable(path):
            failed_path(path).unlink(missing_ok=True)


def _write_parquet(path: Path, projections: Sequence[Projection]) -> None:
    from pyarrow import parquet

    with usable(path), replacing(path) as part:
        parquet.write_table(_table(projections), part)


def _table(projections: Sequence[Projection]) -> Any:
    """Return rows as Hugging Face has them, tokens and ner_tags, and how they came about."""
    import pyarrow as pa

    words = pa.list_(pa.string())
    failure = pa.struct([(name, pa.string()) for name in ("stage", "code", "message")])
    kinds = {"tokens": words, "ner_tags": words, "failure": failure}
    kinds |= {"source_tokens": words, "source_ner_tags": words}
    rows = [_row(one) for one in projections]
    names = tuple(rows[0]) if rows else ()
    fields = [(name, kinds.get(name, pa.string())) for name in names]
    return pa.Table.from_pylist(rows, schema=pa.schema(fields))


def _row(projection: Projection) -> dict[str, Any]:
    pair = projection.pair
    record = projection_record(projection)
    done = projection.failure is None
    links = projection.trace.alignment
    return {
        "id": record["id"],
        "language": pair.target.language,
        "text": pair.target.text,
        "tokens": list(pair.target.words),
        "ner_tags": _tags(pair.target, projection.spans) if done else None,
        "source_language": pair.source.language,
        "source_text": pair.source.text,
        "source_tokens": list(pair.source.words),
        "source_ner_tags": _tags(pair.source, pair.source.spans),
        "links": None if links is None else format_links(links),
        "method": projection.method,
        "status": projection.trace.status,
        "decisions": json.dumps(record["decisions"], ensure_ascii=False),
        "failure": record["failure"],
    }


def _tags(sentence: Sentence, spans: Sequence[Any]) -> list[str]:
    return list(tags_from_spans(spans, len(sentence.words)))


def shards_of(folder: Path) -> list[Path]:
    """Return the shards in a folder, in corpus order."""
    return sorted(
        path
        for path in folder.glob("part-*")
        if path.suffix[1:] in SHARD_FORMS and not path.name.endswith(".failed.jsonl")
    )


def read_shard(path: Path, language: str, *, most: int) -> list[Sentence]:
    """Read the first sentences of a shard that did not fail.

    Raises:
        DataError: it cannot be read.
    """
    form = FORMATS.create(path.suffix[1:])
    return form.read(path, language, skip_bad=BadLines())[:most]
