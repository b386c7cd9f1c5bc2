"""Runs made elsewhere: any labelled file of a corpus's target sentences, and our own exports.

`core project --out x.jsonl` writes everything that is read here: spans, failures, links, decisions
and, where it was translated, the source sentence. Other labelled files bring spans alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from core.corpora import FORMATS, BadLines, guess_format, load_record
from core.errors import DataError
from core.overview.outcomes import CorpusRun, outcome_of
from core.text.files import Line, read_lines
from core.text.pharaoh import parse_links
from core.types import (
    Alignment,
    Candidate,
    Decision,
    DecisionReason,
    Failure,
    Link,
    Projection,
    Sentence,
    SentencePair,
    Span,
    Trace,
)

_JSON = "jsonl"
_REASONS: frozenset[str] = frozenset(get_args(DecisionReason))


class _Loose(BaseModel):
    """A part of a record; what else is in it is for others."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class _Place(_Loose):
    start: int
    end: int
    label: str = ""


class _Decision(_Loose):
    entity: _Place
    candidate: _Place | None = None
    reason: str
    score: float = 0.0
    margin: float = 0.0


class _Source(_Loose):
    words: tuple[str, ...]
    language: str
    text: str
    char_offsets: tuple[tuple[int, int], ...]
    spans: tuple[_Place, ...] = ()
    id: str = ""


class _Failure(_Loose):
    stage: str = "unknown"
    code: str = ""
    message: str = ""


class _Record(_Loose):
    """What an export says beside words and spans."""

    words: tuple[str, ...] = ()
    source: _Source | None = None
    method: str = ""
    links: str | None = None
    decisions: tuple[_Decision, ...] = ()
    failure: _Failure | None = None


@dataclass(slots=True)
class _Item:
    """One sentence of a file, in its place: read, or failed."""

    sentence: Sentence | None
    line: Line
    record: _Record = field(default_factory=_Record)


def read_run(path: Path, pairs: Sequence[SentencePair], *, name: str = "") -> CorpusRun:
    """Read a run over a corpus from a file.

    Args:
        path: labelled target sentences in any format, in corpus order. Beside a CoNLL file,
            `NAME.failed.jsonl` is read too, as the export writes it.
        pairs: the corpus; source sentences and gold come from here.
        name: what to call the run; empty takes the file's name.

    Raises:
        DataError: the file cannot be read, or holds other sentences than the corpus (code
            not-parallel); names file and line.
    """
    return _run(name or path.name, _projections(path, pairs, name or path.name))


def read_run_bytes(data: bytes, name: str, pairs: Sequence[SentencePair]) -> CorpusRun:
    """Read a run from an uploaded file; errors name it as its owner does.

    Args:
        data: content of the file.
        name: its name.
        pairs: the corpus.

    Raises:
        DataError: as `read_run`.
    """
    return _run(name, read_projections(data, name, pairs))


def _run(name: str, projections: Sequence[Projection]) -> CorpusRun:
    return CorpusRun(name, tuple(map(outcome_of, projections)), f"file:{name}")


def read_projections(data: bytes, name: str, pairs: Sequence[SentencePair]) -> list[Projection]:
    """Read a run from an uploaded file, with the links that it brings; arguments as above.

    Raises:
        DataError: as `read_run`.
    """
    with TemporaryDirectory(prefix="spanbridge-") as folder:
        path = Path(folder, "upload").with_suffix(Path(name).suffix)
        path.write_bytes(data)
        try:
            return _projections(path, pairs, name)
        except DataError as error:
            raise DataError(
                error.reason, code=error.code, path=name, line=error.line, hint=error.hint
            ) from error


def _projections(path: Path, pairs: Sequence[SentencePair], name: str) -> list[Projection]:
    items = _read_items(path, pairs)
    if len(items) != len(pairs):
        raise DataError(
            f"a run must have the corpus's {len(pairs)} sentences, got {len(items)}",
            code="not-parallel",
            path=str(path),
        )
    return [_projection(item, pair, name) for item, pair in zip(items, pairs, strict=True)]


def _read_items(path: Path, pairs: Sequence[SentencePair]) -> list[_Item]:
    form = guess_format(path)
    reader = FORMATS.create(form.name, form.parameters)
    bad = BadLines()
    language = pairs[0].target.language if pairs else "und"
    read = reader.read(path, language, skip_bad=bad)
    lines = {line.number: line for line in read_lines(path)}
    if form.name != _JSON:
        for one in bad.sentences:
            raise DataError(one.reason, code=one.code, path=one.path, line=one.line)
        found = [_Item(one, lines.get(one.line or 0, Line(str(path), 1, ""))) for one in read]
        return _with_failed(path, found, pairs)
    items = [_json_item(one, lines[one.line or 1]) for one in read]
    for one in bad.sentences:  # ascending, so that each lands where it stood
        item = _json_item(None, lines[one.line or 1])
        if item.record.failure is None:
            raise DataError(one.reason, code=one.code, path=one.path, line=one.line)
        items.insert(one.position, item)
    return items


def _json_item(sentence: Sentence | None, line: Line) -> _Item:
    record = load_record(line)
    try:
        return _Item(sentence, line, _Record.model_validate(record))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise line.error(
            f"a projection's {place} must fit: {first['msg']}", code="bad-annotation"
        ) from error


def _with_failed(path: Path, items: list[_Item], pairs: Sequence[SentencePair]) -> list[_Item]:
    """Put the sentences that a CoNLL export left out back into their places."""
    beside = path.with_name(f"{path.stem}.failed.jsonl")
    if not beside.is_file():
        return items
    lines = [line for line in read_lines(beside) if not line.is_blank]
    failed = {str(load_record(line).get("id")): _json_item(None, line) for line in lines}
    places = [place for place, pair in enumerate(pairs) if pair.id in failed]
    for place in places:
        items.insert(place, failed[pairs[place].id])
    return items


def _projection(item: _Item, pair: SentencePair, name: str) -> Projection:
    words = item.record.words if item.sentence is None else item.sentence.words
    if words != pair.target.words:
        raise item.line.error(
            f"a run must have the corpus's sentences in its order, got {' '.join(words)[:60]!r} "
            f"instead of {pair.target.text[:60]!r}",
            code="not-parallel",
        )
    failure = item.record.failure
    if failure is None and item.sentence is None:
        raise item.line.error("a sentence must have spans or a failure, got neither")
    pair = replace(pair, source=_source(item, pair.source))
    links = _links(item, pair)
    return Projection(
        pair=pair,
        method=item.record.method or name,
        spans=() if item.sentence is None else item.sentence.spans,
        decisions=tuple(_decision(item, one, pair) for one in item.record.decisions),
        trace=Trace(alignment=None if links is None else Alignment(links)),
        failure=None if failure is None else Failure(failure.stage, failure.code, failure.message),
    )


def _source(item: _Item, own: Sentence) -> Sentence:
    """Return the source that the run looked at; the corpus's own where it is the same."""
    source = item.record.source
    if source is None:
        return own
    try:
        spans = tuple(Span(one.start, one.end, one.label) for one in source.spans)
        made = Sentence(
            source.words, source.language, source.text, source.char_offsets, spans, source.id
        )
    except ValueError as error:
        raise item.line.error(f"source: {error}", code="bad-annotation") from error
    same = (made.words, made.text, made.spans) == (own.words, own.text, own.spans)
    return own if same else made


def _links(item: _Item, pair: SentencePair) -> tuple[Link, ...] | None:
    if item.record.links is None:
        return None
    try:
        links = parse_links(item.record.links)
    except DataError as error:
        raise item.line.error(error.reason, code=error.code) from error
    for link in links:
        if link.source >= len(pair.source.words) or link.target >= len(pair.target.words):
            raise item.line.error(
                f"links must lie inside both sentences, got {link.source}-{link.target}",
                code="bad-annotation",
            )
    return links


def _decision(item: _Item, one: _Decision, pair: SentencePair) -> Decision:
    wanted = (one.entity.start, one.entity.end, one.entity.label)
    for entity, span in enumerate(pair.source.spans):
        if (span.start, span.end, span.label) == wanted and one.reason in _REASONS:
            candidate = one.candidate
            chosen = None if candidate is None else Candidate(candidate.start, candidate.end)
            return Decision(entity, chosen, _reason(one.reason), one.score, margin=one.margin)
    raise item.line.error(
        f"a decision must be about an entity of the source with a known reason, got {wanted} "
        f"and {one.reason!r}",
        code="bad-annotation",
    )


def _reason(text: str) -> DecisionReason:
    known: tuple[DecisionReason, ...] = get_args(DecisionReason)
    return next(reason for reason in known if reason == text)
