"""Cutting a corpus into chunks on disk, once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import file_digest, sha256
from itertools import islice
from pathlib import Path

from core import __version__
from core.chunks.files import ChunkFiles, replace_lines, usable
from core.chunks.reading import CorpusFiles, NotInStep, NotNamed, stream_pairs
from core.corpora import BadLines, BadSentence
from core.datasets import load_corpus
from core.errors import DataError
from core.jobs._whole import read_object, write_object
from core.text.files import unreadable
from core.types import SentencePair

_RECORD = "corpus.json"


@dataclass(frozen=True, slots=True)
class CorpusChoice:
    """Which sentence pairs.

    Attributes:
        source: language to project from.
        target: language to project onto; None where the corpus has only one for the source.
        name: a named corpus; None takes the files.
        files: the user's own.
        split: part of a named corpus.
        limit: take only the first so many.
        skip_bad: leave malformed sentences out instead of stopping at the first.
    """

    source: str
    target: str | None
    name: str | None = None
    files: CorpusFiles | None = None
    split: str = ""
    limit: int | None = None
    skip_bad: bool = False

    def __str__(self) -> str:
        return self._said(str)

    @property
    def short(self) -> str:
        """Return what to call it: files by their names alone."""
        return self._said(lambda path: path.name)

    def _said(self, say: Callable[[Path], str]) -> str:
        named = self.name or ",".join(map(say, self.files.paths if self.files else ()))
        first = f"first {self.limit}" if self.limit else ""
        parts = (named, f"{self.source}-{self.target or '?'}", self.split, first)
        return "/".join(filter(None, parts))


@dataclass(frozen=True, slots=True)
class Cut:
    """A corpus in chunks: how many pairs each has, and how many sentences were left out."""

    counts: tuple[int, ...]
    skipped: int


def cut_corpus(corpus: CorpusChoice, chunks: ChunkFiles, size: int, *, skipped: Path) -> Cut:
    """Cut a corpus into chunks, unless that was done with the same files before.

    Args:
        corpus: which.
        chunks: where they go.
        size: pairs in a chunk.
        skipped: file for the sentences that are left out; not written where there are none.

    Raises:
        DataError: the corpus cannot be read, or has no pair.
        StoreError: the chunks cannot be written.
    """
    record = chunks.folder.parent / _RECORD
    fingerprint = _fingerprint(corpus, size)
    if fingerprint and record.is_file():
        known = read_object(record)
        if known.get("fingerprint") == fingerprint and chunks.hold(len(known["counts"])):
            return Cut(tuple(known["counts"]), known["skipped"])
    with usable(record):
        record.unlink(missing_ok=True)
    bad = BadLines()
    counts = _write_chunks(corpus, chunks, size, bad)
    if not counts:
        raise DataError(
            "a corpus must have at least one sentence pair, got none", code="empty-corpus"
        )
    with usable(skipped):
        skipped.unlink(missing_ok=True)
    if bad:
        replace_lines(skipped, map(_told, bad.sentences))
    write_object(record, {"fingerprint": fingerprint, "counts": counts, "skipped": len(bad)})
    return Cut(tuple(counts), len(bad))


def _fingerprint(corpus: CorpusChoice, size: int) -> str:
    """Name all that the chunks depend on; empty for a named corpus, which is read each time."""
    if corpus.files is None:
        return ""
    digest = sha256()
    for path in corpus.files.paths:
        try:
            with path.open("rb") as file:
                digest.update(file_digest(file, "sha256").digest())
        except OSError as error:
            raise unreadable(path, error) from error
    parts = (repr(corpus), str(size), __version__)
    digest.update("\0".join(parts).encode())
    return digest.hexdigest()


def _write_chunks(corpus: CorpusChoice, chunks: ChunkFiles, size: int, bad: BadLines) -> list[int]:
    for numbered in (False, True):
        bad.sentences.clear()
        try:
            return chunks.write(islice(_streamed(corpus, numbered, bad), corpus.limit), size)
        except NotNamed:
            continue
        except NotInStep:
            break
    bad.sentences.clear()
    return chunks.write(islice(_loaded(corpus, bad), corpus.limit), size)


def _streamed(corpus: CorpusChoice, numbered: bool, bad: BadLines) -> Iterator[SentencePair]:
    if corpus.files is None or corpus.target is None:
        raise NotInStep
    yield from stream_pairs(
        corpus.files,
        corpus.source,
        corpus.target,
        numbered=numbered,
        skip_bad=bad if corpus.skip_bad else None,
    )


def _loaded(corpus: CorpusChoice, bad: BadLines) -> Iterable[SentencePair]:
    files = corpus.files
    return load_corpus(
        corpus.name,
        source=corpus.source,
        target=corpus.target,
        split=corpus.split,
        skip_bad=bad if corpus.skip_bad else None,
        source_file=None if files is None else files.source,
        target_file=None if files is None else files.target,
        links_file=None if files is None else files.links,
    )


def _told(bad: BadSentence) -> str:
    told = {"path": bad.path, "line": bad.line, "code": bad.code, "reason": bad.reason}
    return json.dumps(told, ensure_ascii=False)
