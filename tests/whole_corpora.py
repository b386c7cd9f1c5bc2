"""Corpora of any length with the links that a projection needs, and orders to project them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.chunks.cutting import CorpusChoice
from core.chunks.reading import CorpusFiles
from core.chunks.reports import ChunkReport
from core.chunks.work import ChunkWorker, Work
from core.config import ComponentChoice, RunConfig
from core.engine.local import Local
from core.errors import DataError
from core.methods import method
from core.types import Alignment, Labelling, Sentence, SentencePair, Span
from core.whole_corpus import Order, project_corpus
from tests.builders import SameWords

BAD = "w7"
"""First word of a sentence that the components here fail on."""


def write_files(folder: Path, count: int) -> CorpusFiles:
    """Write so many sentences of four words, `w0 Ada saw Rome` and on, each linked to its copy."""
    folder.mkdir(exist_ok=True)
    files = CorpusFiles(folder / "en.conll", folder / "de.conll", folder / "en-de.pharaoh")
    rows = [f"w{place}\tO\nAda\tB-PER\nsaw\tO\nRome\tB-LOC\n\n" for place in range(count)]
    (folder / "en.conll").write_text("".join(rows))
    (folder / "de.conll").write_text("".join(rows).replace("B-PER", "O").replace("B-LOC", "O"))
    (folder / "en-de.pharaoh").write_text("0-0 1-1 2-2 3-3\n" * count)
    return files


def by_links(**changes: object) -> RunConfig:
    """Return a method without any model."""
    precomputed = ComponentChoice(name="precomputed")
    return method("heuristic").model_copy(update={"aligner": precomputed, **changes})


def order_of(files: CorpusFiles, out: Path, **changes: Any) -> Order:
    """Return the order to project files, two pairs a chunk."""
    choice = CorpusChoice("en", "de", files=files)
    order = {"corpus": choice, "config": by_links(), "size": 2, "cached": False}
    return Order(out=out, **{**order, **changes})


def project(order: Order, *, chunks: int | None = None, engine: Any = None) -> dict[str, Any]:
    """Project a corpus; with `chunks`, stop after so many."""
    done: list[int] = []
    return project_corpus(
        order,
        engine or Local(),
        tell=lambda pace: done.append(pace.done),
        should_stop=lambda: chunks is not None and len(done) > chunks,
    )


def shards(out: Path) -> dict[str, bytes]:
    """Return all that other programs would read."""
    return {path.name: path.read_bytes() for path in sorted(out.glob("part-*"))}


def written(out: Path) -> dict[str, int]:
    """Return when each report was written, in nanoseconds."""
    reports = (out / ".work" / "reports").glob("*.json")
    return {path.stem: path.stat().st_mtime_ns for path in sorted(reports)}


def plain(reports: Iterable[ChunkReport]) -> list[tuple[object, ...]]:
    """Return reports in the order of their chunks, without the time they took."""
    return sorted((r.number, r.digest, r.pairs, r.entities, r.failed) for r in reports)


@dataclass(frozen=True)
class FailingAligner(SameWords):
    """Links words that are written alike, but fails on one sentence."""

    def align(self, pairs: Sequence[SentencePair], vectors: object = None) -> list[Alignment]:
        _require_good(pair.source for pair in pairs)
        return super().align(pairs, vectors)


@dataclass(frozen=True)
class FailingLabeller:
    """Takes every `Ada` for a person, but fails on one sentence, and so on all it comes with."""

    def label(self, sentences: Sequence[Sentence], progress: object = None) -> list[Labelling]:
        _require_good(sentences)
        return [
            Labelling(tuple(Span(i, i + 1, "PER") for i, w in enumerate(s.words) if w == "Ada"))
            for s in sentences
        ]

    def classes(self) -> tuple[str, ...]:
        return ()

    def release(self) -> None:
        """Hold nothing, free nothing."""


def _require_good(sentences: Iterable[Sentence]) -> None:
    if any(sentence.words[:1] == (BAD,) for sentence in sentences):
        raise DataError("the sentence must be a good one, got a bad one", code="bad-value")


@dataclass(frozen=True)
class Counting:
    """Does chunks in this process and remembers which."""

    done: list[int] = field(default_factory=list)

    def run(
        self, work: Work, numbers: Sequence[int], *, should_stop: Callable[[], bool]
    ) -> Iterator[ChunkReport]:
        worker = ChunkWorker(work)
        for number in numbers:
            if should_stop():
                return
            yield worker(number)
            self.done.append(number)


def anew(order: Order) -> list[int]:
    """Run an order and return the chunks that had to be done."""
    engine = Counting()
    found = project(order, engine=engine)
    assert not found["stopped"]
    return engine.done
