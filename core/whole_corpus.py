"""Projecting a corpus of any length: chunk by chunk, by any engine, going on where it was stopped.

In the output folder stand the shards, `part-000000.parquet` and so on, and when all are done

    run.json       configuration, corpus, and what came out of it in numbers
    failed.jsonl   every pair that could not be projected, with its reason
    skipped.jsonl  sentences that could not be read, where these were to be left out

and, hidden, `.work`: the chunks, and a report for each that is done. A run that is started again on
the same folder does what is missing: a chunk is done anew only if its pairs, the configuration, a
file that it names, the form of the shards or the program's version have changed. Before the first
chunk is done, all that it does not keep goes away: what stands in the folder is of one kind.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from core.aligners import ALIGNERS
from core.chunks.cutting import CorpusChoice, Cut, cut_corpus
from core.chunks.files import USUAL_PAIRS, replace_lines, usable
from core.chunks.named_files import files_of_config
from core.chunks.pace import Pace
from core.chunks.shards import ShardForm
from core.chunks.work import HIDDEN, Work
from core.config import RunConfig
from core.engine import Engine
from core.errors import ConfigError
from core.jobs._whole import read_object, sweep, write_object
from core.text.files import lock_file
from core.workflow import Workflow

NOWHERE = Path()
"""Stands for the folder of a run, which is not known before the run is created."""
RUN, FAILED, SKIPPED = "run.json", "failed.jsonl", "skipped.jsonl"


@dataclass(frozen=True, slots=True)
class Order:
    """A corpus to project.

    Attributes:
        corpus: which.
        config: how.
        out: folder for what comes out.
        form: of the shards.
        size: pairs in a chunk.
        cached: keep translations and labels for other methods on the same sentences.
    """

    corpus: CorpusChoice
    config: RunConfig
    out: Path
    form: ShardForm = "parquet"
    size: int = USUAL_PAIRS
    cached: bool = True

    @property
    def work(self) -> Work:
        """Return what workers are told, the state of the files that the configuration names too."""
        return Work(
            str(self.out.absolute()),
            self.config.model_dump_json(),
            self.form,
            self.cached,
            files_of_config(self.config),
        )


def check_order(order: Order) -> None:
    """Check that a corpus can be projected chunk by chunk, before any work is done.

    Raises:
        ConfigError: the aligner learns from the whole corpus, or a choice that cannot work.
        BackendError: a package is missing.
    """
    Workflow.from_config(order.config)
    aligner = ALIGNERS.create(order.config.aligner.name, order.config.aligner.parameters)
    if aligner.corpus_level and order.config.route.name != "transfer":
        raise ConfigError(
            "the aligner must align a sentence by itself, since a corpus is projected in chunks; "
            f"{order.config.aligner.name} learns from all sentences at once",
            code="bad-config",
            hint="align first and give the links: `align`, then --links-file with --aligner "
            "precomputed; or leave --engine out",
        )


def project_corpus(
    order: Order,
    engine: Engine,
    *,
    tell: Callable[[Pace], None],
    should_stop: Callable[[], bool],
) -> dict[str, Any]:
    """Project a corpus into a folder.

    Args:
        order: what and how.
        engine: who does the chunks.
        tell: called when the corpus is read, and after each chunk.
        should_stop: asked after each chunk.

    Returns:
        What `run.json` holds: counts, seconds and share by stage, and whether it was stopped.

    Raises:
        ConfigError: a choice that cannot work.
        DataError: the corpus cannot be read.
        BackendError: a model or program is missing.
        StoreError: the folder cannot be written, or another process writes it.
    """
    check_order(order)
    with _alone(order.out):
        work = order.work
        cut = cut_corpus(order.corpus, work.chunks, order.size, skipped=order.out / SKIPPED)
        pace = Pace(sum(cut.counts))
        missing = []
        for number in range(len(cut.counts)):
            known = work.done(number)
            if known is None:
                missing.append(number)
            else:
                pace.add(known, earlier=True)
        tell(pace)
        _clear(work, len(cut.counts), missing)
        for report in engine.run(work, missing, should_stop=should_stop) if missing else ():
            pace.add(report)
            tell(pace)
        return _finish(order, work, engine, cut, pace)


def outcome_of(folder: Path) -> dict[str, Any] | None:
    """Return what `run.json` holds; None where no run has ended yet.

    Raises:
        StoreError: it cannot be read.
    """
    path = folder / RUN
    return read_object(path) if path.is_file() else None


def output_folder(artefacts: Path) -> Path:
    """Return where a run that was given no folder puts what comes out."""
    return artefacts / "shards"


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Be the only process that writes a folder; whoever is killed lets go of it.

    Raises:
        StoreError: another process writes it, or nobody can.
    """
    hidden = folder / HIDDEN
    with usable(hidden):
        (hidden / "reports").mkdir(parents=True, exist_ok=True)
        handle = (hidden / "lock").open("w")
    with handle:
        lock_file(handle, f"write {folder}", hint="wait for it, or choose another folder")
        for place in (folder, hidden, hidden / "chunks", hidden / "reports"):
            sweep(place)
        yield


def _finish(order: Order, work: Work, engine: Engine, cut: Cut, pace: Pace) -> dict[str, Any]:
    """Write what came out of it all."""
    replace_lines(order.out / FAILED, _failures(work, len(cut.counts)))
    shards = [work.shard(number) for number in range(len(cut.counts))]
    found = {
        "description": f"projected {order.corpus}",
        "config": order.config.model_dump(mode="json"),
        "signature": order.config.signature(corpus=str(order.corpus)),
        "engine": f"{type(engine).__module__.rpartition('.')[2]}",
        "out": str(order.out),
        "form": order.form,
        "shards": sum(path.is_file() for path in shards),
        "pairs": pace.pairs,
        "done": pace.done,
        "found_done": pace.found_done,
        "stopped": pace.done < pace.pairs,
        "entities": pace.entities,
        "failed": pace.failed,
        "skipped": cut.skipped,
        **pace_record(pace),
    }
    write_object(order.out / RUN, found)
    return found


def pace_record(pace: Pace) -> dict[str, Any]:
    """Return how fast it goes and where the time goes, as plain numbers."""
    left = pace.seconds_left
    return {
        "pairs_per_second": round(pace.pairs_per_second, 2),
        "seconds_left": None if left is None else round(left, 1),
        "seconds": {stage: round(spent, 3) for stage, spent in pace.seconds.most_common()},
        "shares": {stage: round(share, 4) for stage, share in pace.shares().items()},
    }


def _failures(work: Work, chunks: int) -> Iterator[str]:
    for number in range(chunks):
        report = work.done(number)
        for failed in () if report is None else report.failed:
            yield json.dumps({"chunk": number, **asdict(failed)}, ensure_ascii=False)


def _clear(work: Work, chunks: int, missing: Sequence[int]) -> None:
    """Remove what an earlier run has left and this one does not keep.

    Shards of another corpus, configuration or form would be read with these. What says that all is
    there goes first.
    """
    folder = Path(work.folder)
    with usable(folder):
        for name in (RUN, FAILED):
            (folder / name).unlink(missing_ok=True)
        kept = set(range(chunks)).difference(missing)
        for path in folder.glob("part-*"):
            number, _, ending = path.name.removeprefix("part-").partition(".")
            ours = (work.form, "failed.jsonl") if work.form == "conll" else (work.form,)
            if number.isdigit() and not (int(number) in kept and ending in ours):
                path.unlink(missing_ok=True)
        for path in work.reports.glob("*.json"):
            if path.stem.isdigit() and int(path.stem) not in kept:
                path.unlink(missing_ok=True)
