"""Doing one chunk: project its pairs, write the shard, and say so."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from core import __version__
from core.chunks.files import ChunkFiles, pairs_of
from core.chunks.prepared import PreparedCache
from core.chunks.reports import ChunkReport, FailedPair, read_report, report_path, write_report
from core.chunks.shards import ShardForm, held, shard_name, write_shard
from core.config import RunConfig
from core.errors import BackendError, DataError, SpanbridgeError
from core.stages import failed, may_be_one_text, models_kept
from core.types import Projection, SentencePair, Trace
from core.workflow import Workflow

HIDDEN = ".work"


@dataclass(frozen=True, slots=True)
class Work:
    """What whoever does chunks must know; plain values, so that it can go to other machines.

    Attributes:
        folder: where the shards go; absolute, and seen by all machines.
        config: the configuration as JSON.
        form: of the shards.
        cached: whether translations and labels are kept for other runs on the same sentences.
        files: those that the configuration names, from `files_of_config`.
    """

    folder: str
    config: str
    form: ShardForm = "parquet"
    cached: bool = True
    files: str = ""

    @property
    def chunks(self) -> ChunkFiles:
        """Return the corpus."""
        return ChunkFiles(Path(self.folder, HIDDEN, "chunks"))

    @property
    def reports(self) -> Path:
        """Return the folder of the reports."""
        return Path(self.folder, HIDDEN, "reports")

    def shard(self, number: int) -> Path:
        """Return where the shard of a chunk goes."""
        return Path(self.folder, shard_name(number, self.form))

    def digest(self, packed: bytes) -> str:
        """Return a text that differs where anything that a shard depends on differs."""
        parts = (__version__, self.config, self.form, self.files)
        return sha256("\0".join(parts).encode() + b"\0" + packed).hexdigest()

    def done(self, number: int) -> ChunkReport | None:
        """Return the report of a chunk that is done; None where it has to be done, or again."""
        report = read_report(self.reports, number)
        if report is None or not self.shard(number).is_file():
            return None
        return report if report.digest == self.digest(self.chunks.packed(number)) else None


@dataclass
class _StageClock:
    """Seconds of stages that leave no trace in a projection: those that make the source."""

    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    last: float = field(default_factory=time.perf_counter)
    stage: str = "read"

    def __call__(self, stage: str, done: int, _total: int) -> None:
        now = time.perf_counter()
        # A stage says first that it begins: what passed until then was not its time.
        if done:
            self.seconds[stage] += now - self.last
        self.last, self.stage = now, stage


class ChunkWorker:
    """Does chunks one after another, with the models kept between them.

    Args:
        work: what to do.

    Raises:
        SpanbridgeError: the configuration cannot run here.
    """

    def __init__(self, work: Work) -> None:
        self.work = work
        self.workflow = Workflow.from_config(RunConfig.model_validate_json(work.config))
        self.prepared = PreparedCache() if work.cached else None

    def __call__(self, number: int) -> ChunkReport:
        """Project a chunk and write its shard and its report; one that is done is left alone.

        Raises:
            SpanbridgeError: a model or program is missing, or a file cannot be written. A fault of
                one sentence is that sentence's failure instead.
        """
        done = self.work.done(number)
        if done is not None:
            return done
        started = time.perf_counter()
        clock = _StageClock()
        packed = self.work.chunks.packed(number)
        pairs = pairs_of(packed)
        with models_kept():
            projections = held(self._project(pairs, clock), self.work.form)
        report_path(self.work.reports, number).unlink(missing_ok=True)
        written = time.perf_counter()
        write_shard(self.work.shard(number), projections, self.work.form)
        ended = time.perf_counter()
        report = ChunkReport(
            number=number,
            digest=self.work.digest(packed),
            pairs=len(pairs),
            entities=sum(len(one.spans) for one in projections if one.failure is None),
            failed=tuple(_failed_pair(one) for one in projections if one.failure is not None),
            seconds=_by_stage(projections, clock, ended - started, write=ended - written),
        )
        write_report(self.work.reports, report)
        return report

    def _project(self, pairs: Sequence[SentencePair], clock: _StageClock) -> list[Projection]:
        """Project pairs together; where that fails, halves of them, until who fails is alone."""
        try:
            return self._together(pairs, clock)
        except (BackendError, DataError) as error:
            if not may_be_one_text(error):
                raise
            if len(pairs) == 1:
                return [self._failure(pairs[0], clock.stage, error)]
        middle = len(pairs) // 2
        return [*self._project(pairs[:middle], clock), *self._project(pairs[middle:], clock)]

    def _together(self, pairs: Sequence[SentencePair], clock: _StageClock) -> list[Projection]:
        workflow = self.workflow
        if workflow.route.needs_source:
            pairs = self._ready(pairs, clock)
        clock.stage = "project"  # until a stage says that it begins
        return workflow.route.run(workflow.config, pairs, progress=clock)

    def _ready(self, pairs: Sequence[SentencePair], clock: _StageClock) -> list[SentencePair]:
        """Return pairs with the source that they were given, or are given now."""

        def make() -> list[SentencePair]:
            clock.stage = "label"
            return self.workflow.prepare(pairs, clock)

        if self.prepared is None:
            return make()
        return self.prepared.ready(self.workflow.config, pairs, make)

    def _failure(self, pair: SentencePair, stage: str, error: SpanbridgeError) -> Projection:
        method = self.workflow.config.method
        bare = Projection(pair=pair, method=method, spans=(), decisions=(), trace=Trace())
        return failed(bare, stage, error)


def _failed_pair(projection: Projection) -> FailedPair:
    failure, pair = projection.failure, projection.pair
    if failure is None:
        msg = f"{pair.id} has not failed"
        raise ValueError(msg)
    return FailedPair(pair.id or pair.target.id, failure.stage, failure.code, failure.message)


def _by_stage(
    projections: Sequence[Projection], clock: _StageClock, whole: float, *, write: float
) -> dict[str, float]:
    """Return seconds by stage; what no stage accounts for is `other`."""
    seconds: defaultdict[str, float] = defaultdict(float)
    for projection in projections:
        for stage, spent in projection.trace.seconds.items():
            seconds[stage] += spent
    for stage, spent in clock.seconds.items():
        if stage in ("translate", "label"):
            seconds[stage] += spent
    seconds["write"] = write
    seconds["other"] = max(0.0, whole - sum(seconds.values()))
    return {stage: round(spent, 6) for stage, spent in seconds.items()}
