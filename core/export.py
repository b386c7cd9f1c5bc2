"""Writing projections: the whole story as JSON lines, or projected sentences as CoNLL to train on.

A sentence whose projection failed has no annotation. It is never written as one without entities: a
JSON record says `spans: null` and why, and CoNLL leaves the sentence out and lists it in a second
file beside the first. `core.corpora` refuses to read such a record as a sentence.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from core.corpora import sentence_record
from core.corpora.conll import Conll
from core.errors import DataError
from core.text.files import write_lines
from core.text.pharaoh import format_links
from core.types import Candidate, Decision, Failure, Projection, Sentence, Span

ExportFormat = Literal["jsonl", "conll"]


@dataclass(slots=True)
class ExportCounts:
    """What an export wrote.

    Attributes:
        sentences: sentences written with their projected entities.
        entities: projected entities in them.
        failed: sentences without a projection, or that the format cannot hold.
        failed_path: where the failed ones are listed; None where the main file holds them, or where
            nothing failed.
    """

    sentences: int = 0
    entities: int = 0
    failed: int = 0
    failed_path: Path | None = None


def write_projections(
    path: Path, projections: Iterable[Projection], *, form: ExportFormat = "jsonl"
) -> ExportCounts:
    """Write projections to a file, the whole file or nothing.

    Args:
        path: file to make or replace. With CoNLL, `NAME.failed.jsonl` beside it lists the failed
            sentences; a stale one of an earlier export is removed.
        projections: taken one by one.
        form: `jsonl` for every projection with its decisions, `conll` for words and tags.

    Raises:
        DataError: a file cannot be written (code file-not-writable).
    """
    counts = ExportCounts()
    failed: list[str] = []
    write_lines(path, projection_lines(projections, form, counts, failed))
    if failed:
        counts.failed_path = failed_path(path)
        write_lines(counts.failed_path, failed)
    elif form == "conll":
        failed_path(path).unlink(missing_ok=True)
    return counts


def failed_path(path: Path) -> Path:
    """Return where the failed sentences of a CoNLL file are listed."""
    return path.with_name(f"{path.stem}.failed.jsonl")


@dataclass(frozen=True, slots=True)
class ExportBytes:
    """An export to hand out: the file, and the list of failed sentences where it lacks them."""

    counts: ExportCounts
    content: bytes
    failed: bytes | None = None


def projection_bytes(projections: Iterable[Projection], *, form: ExportFormat) -> ExportBytes:
    """Return what `write_projections` writes.

    Args:
        projections: taken one by one.
        form: `jsonl` or `conll`.
    """
    with TemporaryDirectory(prefix="spanbridge-") as folder:
        path = Path(folder, f"export.{form}")
        counts = write_projections(path, projections, form=form)
        failed = None if counts.failed_path is None else counts.failed_path.read_bytes()
        return ExportBytes(counts, path.read_bytes(), failed)


def projection_lines(
    projections: Iterable[Projection], form: ExportFormat, counts: ExportCounts, failed: list[str]
) -> Iterator[str]:
    """Make the lines of a file, one after another.

    Args:
        projections: taken one by one.
        form: `jsonl` or `conll`.
        counts: takes what is in the lines.
        failed: takes the records of failed sentences, which CoNLL cannot hold.
    """
    if form == "conll":
        yield from _conll_lines(projections, counts, failed)
        return
    for projection in projections:
        _count(projection, counts)
        yield _dump(projection)


def _conll_lines(
    projections: Iterable[Projection], counts: ExportCounts, failed: list[str]
) -> Iterator[str]:
    conll = Conll()
    for projection in projections:
        lines: list[str] = []
        if projection.failure is None:
            try:
                lines = conll.lines(projected_sentence(projection))
            except DataError as error:
                failure = Failure("export", error.code, error.reason)
                projection = replace(projection, failure=failure)
        _count(projection, counts)
        if projection.failure is None:
            yield from lines
        else:
            failed.append(_dump(projection))


def _count(projection: Projection, counts: ExportCounts) -> None:
    if projection.failure is None:
        counts.sentences += 1
        counts.entities += len(projection.spans)
    else:
        counts.failed += 1


def projected_sentence(projection: Projection) -> Sentence:
    """Return the target sentence with its projected entities, named like the pair.

    Raises:
        DataError: the projection failed, so there are none (code bad-annotation).
    """
    if projection.failure is not None:
        raise DataError(
            f"a sentence must have been projected, got failure {projection.failure.message!r}",
            code="bad-annotation",
        )
    name = projection.pair.id or projection.pair.target.id
    return replace(projection.pair.target, spans=projection.spans, id=name)


def projection_record(projection: Projection) -> dict[str, object]:
    """Return a projection as a JSON object: the projected sentence, its source and the decisions.

    The object is also a record of the target sentence, so that `core.corpora` can read it; with a
    failure its `spans` are null.
    """
    pair, trace = projection.pair, projection.trace
    target = replace(pair.target, spans=projection.spans, id=pair.id or pair.target.id)
    return {
        **sentence_record(target),
        **({} if projection.failure is None else {"spans": None}),
        "source": sentence_record(pair.source),
        "method": projection.method,
        "status": trace.status,
        "messages": list(trace.messages),
        "links": None if trace.alignment is None else format_links(trace.alignment),
        "decisions": [_decision_record(decision, projection) for decision in projection.decisions],
        "failure": None if projection.failure is None else asdict(projection.failure),
    }


def _decision_record(decision: Decision, projection: Projection) -> dict[str, object]:
    source, target = projection.pair.source, projection.pair.target
    entity = source.spans[decision.entity]
    return {
        "entity": _place(entity, source),
        "candidate": _place(decision.candidate, target),
        "reason": decision.reason,
        "score": float(decision.score),
        "terms": {name: float(value) for name, value in decision.terms.items()},
        "margin": float(decision.margin),
        "runner_up": _place(decision.runner_up, target),
        "runner_up_score": float(decision.runner_up_score),
    }


def _place(span: Span | Candidate | None, sentence: Sentence) -> dict[str, object] | None:
    if span is None:
        return None
    place = {"start": int(span.start), "end": int(span.end), "text": sentence.text_of(span)}
    return {**place, "label": span.label} if isinstance(span, Span) else place


def _dump(projection: Projection) -> str:
    return json.dumps(projection_record(projection), ensure_ascii=False, allow_nan=False)
