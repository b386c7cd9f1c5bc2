"""Parquet as Hugging Face datasets keep it: tokens and ner_tags, numbered, with their names.

The class names stand in the table's metadata under `huggingface`, where `datasets` looks for them.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import Field

from core.corpora import FORMATS, BadLines, Kept
from core.corpora._bad_lines import read_each
from core.corpora._bytes import read_bytes
from core.corpora._limits import MAX_SENTENCES, MAX_UNPACKED_BYTES, too_large
from core.corpora._records import sentence_of
from core.corpora._whole import write_whole
from core.corpora._writing import unwritable
from core.errors import DataError
from core.text.files import Line
from core.text.locate import locate_words
from core.text.tags import tags_from_spans
from core.types import Sentence

PARQUET_MAGIC = b"PAR1"
_COLUMNS = ("id", "text", "words", "tokens", "tags", "ner_tags", "labels", "failure")
# Rows taken at once: a small table may stand for a huge one, and this is where it shows.
_BATCH = 256


@dataclass(frozen=True)
class Parquet:
    """A table with id, tokens, ner_tags and the running text."""

    requires: ClassVar[tuple[str, ...]] = ("pyarrow",)
    extensions: ClassVar[tuple[str, ...]] = (".parquet",)
    binary: ClassVar[bool] = True
    keeps: ClassVar[frozenset[Kept]] = frozenset({"words", "text", "spans", "ids", "empty"})

    tag_names: Annotated[
        str,
        Field(description="names of numbered tags in order where the file has none: O,B-PER,I-PER"),
    ] = ""

    def read(
        self, path: Path, language: str, *, skip_bad: BadLines | None = None
    ) -> list[Sentence]:
        """Read every row as a sentence."""
        named = tuple(name.strip() for name in self.tag_names.split(",") if name.strip())

        def parse(row: tuple[Mapping[str, Any], tuple[str, ...]]) -> Sentence:
            record, names = row
            line = Line(str(path), 1, "")
            try:
                return _unplaced(
                    sentence_of(record, line, language, scheme="auto", tag_names=named or names)
                )
            except DataError as error:
                raise DataError(
                    error.reason, code=error.code, path=str(path), hint=error.hint
                ) from error

        return read_each(
            list(_rows(read_bytes(path), str(path))),  # too large is known before words are split
            parse,
            skip_bad=skip_bad,
            origin=lambda row: (json.dumps(row[0], ensure_ascii=False) + "\n").encode(),
        )

    def check(self, sentence: Sentence) -> None:
        """Check that the format can hold a sentence."""
        if any(not word for word in sentence.words) or any(
            not span.label for span in sentence.spans
        ):
            raise unwritable("a word and a label must not be empty", sentence)
        if locate_words(sentence.text, sentence.words) != sentence.char_offsets:
            raise unwritable(f"words must make up the text, got {sentence.text!r}", sentence)

    def write(self, path: Path, sentences: Iterable[Sentence]) -> None:
        """Write one table."""
        write_whole(path, sentences, check=self.check, content=_content)


def _unplaced(sentence: Sentence) -> Sentence:
    """Return the sentence without the line that a table does not have."""
    return Sentence(
        sentence.words,
        sentence.language,
        sentence.text,
        sentence.char_offsets,
        sentence.spans,
        sentence.id,
    )


def _rows(data: bytes, path: str) -> Iterator[tuple[Mapping[str, Any], tuple[str, ...]]]:
    """Take rows one by one, each with the names of its numbered tags."""
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

    try:
        with ParquetFile(io.BytesIO(data)) as file:
            if file.metadata.num_rows > MAX_SENTENCES:
                raise too_large("the rows of a table", MAX_SENTENCES, path)
            names = _tag_names(file.schema_arrow.metadata)
            columns = [name for name in _COLUMNS if name in file.schema_arrow.names]
            left = MAX_UNPACKED_BYTES
            batches = file.iter_batches(_BATCH, columns=columns, use_threads=False)
            for batch in batches:
                for row in batch.to_pylist():
                    record = _record(row)
                    left -= _size(record)  # not that of the batch: a dictionary is small
                    if left < 0:
                        raise too_large(
                            "the characters that a table unpacks to", MAX_UNPACKED_BYTES, path
                        )
                    yield record, names
    except (pa.ArrowException, OSError, ValueError, KeyError, OverflowError) as error:
        first = str(error).partition("\n")[0]
        raise DataError(
            f"the file must be a readable Parquet table, got: {first}", code="bad-line", path=path
        ) from error


def _record(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row without what is missing, its tags under the name that JSON lines have."""
    record = {key: value for key, value in row.items() if value is not None}
    if "labels" in record:
        record.setdefault("ner_tags", record.pop("labels"))
    return record


def _size(record: Mapping[str, Any]) -> int:
    """Return about how much a row holds, in characters and numbers."""
    size = 0
    for value in record.values():
        items = value if isinstance(value, list) else [value]
        size += sum(len(item) if isinstance(item, str) else 8 for item in items)
    return size


def _tag_names(metadata: Mapping[bytes, bytes] | None) -> tuple[str, ...]:
    try:
        found = json.loads((metadata or {}).get(b"huggingface", b"{}"))
        features = found["info"]["features"]
        feature = next(features[key] for key in ("ner_tags", "tags", "labels") if key in features)
        names = feature["feature"]["names"]
    except (ValueError, KeyError, TypeError, StopIteration, RecursionError):
        return ()
    return tuple(map(str, names)) if isinstance(names, list) else ()


def _content(sentences: Sequence[Sentence]) -> bytes:
    import pyarrow as pa
    from pyarrow import parquet

    labels = sorted({span.label for sentence in sentences for span in sentence.spans})
    names = ["O", *(f"{prefix}-{label}" for label in labels for prefix in "BI")]
    numbers = {name: number for number, name in enumerate(names)}
    tags = [
        [numbers[tag] for tag in tags_from_spans(one.spans, len(one.words))] for one in sentences
    ]
    table = pa.table(
        {
            "id": pa.array([one.id for one in sentences], pa.string()),
            "tokens": pa.array([list(one.words) for one in sentences], pa.list_(pa.string())),
            "ner_tags": pa.array(tags, pa.list_(pa.int64())),
            "text": pa.array([one.text for one in sentences], pa.string()),
        }
    )
    metadata = json.dumps({"info": {"features": _features(names)}})
    buffer = io.BytesIO()
    parquet.write_table(table.replace_schema_metadata({"huggingface": metadata}), buffer)
    return buffer.getvalue()


def _features(names: list[str]) -> dict[str, Any]:
    text = {"dtype": "string", "_type": "Value"}
    return {
        "id": text,
        "tokens": {"feature": text, "_type": "Sequence"},
        "ner_tags": {"feature": {"names": names, "_type": "ClassLabel"}, "_type": "Sequence"},
        "text": text,
    }


FORMATS.register(Parquet)
