"""Writing a file for another tool, and reading it again before it is given away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from core.config import ComponentChoice
from core.corpora import FORMATS, Kept
from core.corpora._whole import require_unicode
from core.errors import DataError
from core.exchange.changes import compare
from core.exchange.checks import WrittenFile, reread
from core.exchange.checks.pairs import reread_pairs
from core.exchange.pair_changes import compare_pairs
from core.exchange.parallel import PARALLEL_FORMATS
from core.exchange.parallel._pairs import require_unicode_pair
from core.exchange.values import Exported, LeftOut
from core.types import Sentence, SentencePair

Value = TypeVar("Value", Sentence, SentencePair)
_EVERYTHING: tuple[Kept, ...] = ("words", "text", "spans", "ids", "empty")
_MIME = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".parquet": "application/vnd.apache.parquet",
    ".spacy": "application/octet-stream",
    ".tmx": "application/x-tmx+xml",
    ".tsv": "text/tab-separated-values",
    ".zip": "application/zip",
}


def export_sentences(
    sentences: Iterable[Sentence],
    form: str,
    parameters: Mapping[str, Any] | None = None,
    *,
    stem: str = "corpus",
) -> Exported:
    """Write sentences of one language and check what the other tool reads.

    Args:
        sentences: what to write; those that the format cannot hold are left out and listed.
        form: name of a format.
        parameters: its parameters.
        stem: the file's name without its ending.

    Raises:
        ConfigError: no such format or parameter.
        BackendError: a package that writing needs is not installed (code missing-package).
    """
    chosen = dict(parameters or {})
    writer = FORMATS.create(form, chosen)
    listed = list(sentences)
    kept, left_out = _sort(listed, require_unicode, writer.check)
    content = _written(lambda path: writer.write(path, [one for _, one in kept]))
    language = listed[0].language if listed else "en"
    found = reread(WrittenFile(form, content, language, chosen))
    return Exported(
        form=ComponentChoice(name=form, parameters=chosen),
        content=content,
        file_name=stem + writer.extensions[0],
        mime=_MIME.get(writer.extensions[0], "text/plain"),
        written=len(kept),
        left_out=left_out,
        changes=compare(kept, found, keeps=writer.keeps),
        not_kept=tuple(part for part in _EVERYTHING if part not in writer.keeps),
        checked_with=found.checked_with,
    )


def export_pairs(
    pairs: Iterable[SentencePair],
    form: str,
    parameters: Mapping[str, Any] | None = None,
    *,
    stem: str = "corpus",
) -> Exported:
    """Write parallel text and check what another program reads.

    Args:
        pairs: what to write; those that the format cannot hold are left out and listed.
        form: name of a parallel format.
        parameters: its parameters.
        stem: the file's name without its ending.

    Raises:
        ConfigError: no such format or parameter.
        BackendError: a package that writing needs is not installed (code missing-package).
    """
    chosen = dict(parameters or {})
    writer = PARALLEL_FORMATS.create(form, chosen)
    kept, left_out = _sort(list(pairs), require_unicode_pair, writer.check)
    content = _written(lambda path: writer.write(path, [one for _, one in kept]))
    found = reread_pairs(form, content, parameters=chosen)
    ending = ".tsv" if chosen.get("separator") == "tab" else writer.extensions[0]
    parts = ("words", "text", "links", "ids", "empty", "spans")
    return Exported(
        form=ComponentChoice(name=form, parameters=chosen),
        content=content,
        file_name=stem + ending,
        mime=_MIME.get(ending, "text/plain"),
        written=len(kept),
        left_out=left_out,
        changes=compare_pairs(kept, found, alignment=str(chosen.get("alignment", ""))),
        not_kept=tuple(part for part in parts if part not in writer.keeps),
        checked_with=found.checked_with,
    )


def _sort(
    values: Iterable[Value], *checks: Callable[[Value], None]
) -> tuple[list[tuple[int, Value]], list[LeftOut]]:
    """Part what a format can hold from what it cannot, each with its 1-based place."""
    kept: list[tuple[int, Value]] = []
    left_out: list[LeftOut] = []
    for number, value in enumerate(values, start=1):
        try:
            for check in checks:
                check(value)
        except DataError as error:
            left_out.append(LeftOut(number, value.id, error.reason))
        else:
            kept.append((number, value))
    return kept, left_out


def _written(write: Callable[[Path], None]) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "export"
        write(path)
        return path.read_bytes()
