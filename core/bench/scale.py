"""Whole-corpus runs: time a pair and memory by the length of the corpus, and engines compared."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from core.bench.corpus import WrittenCorpus, write_corpus
from core.bench.timing import WARM_UP
from core.chunks.cutting import CorpusChoice
from core.chunks.reading import CorpusFiles
from core.chunks.shards import shards_of
from core.config import ComponentChoice, RunConfig
from core.engine import ENGINES
from core.stages import make_encoder
from core.types import SentencePair
from core.whole_corpus import Order, project_corpus

_KIBIBYTES_A_MEGABYTE = 1024
_TIME_MAY_VARY_BY = 0.15
_MEMORY_MAY_GROW_BY = 1.2
Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Measured:
    """One run over a corpus, in a process of its own.

    Attributes:
        seconds: from the first line read to the last shard written, models loaded before, and a few
            sentences projected, where the engine works in this process.
        load_seconds: for that.
        models_mb: the process's memory with the models, before any sentence.
        peak_mb: the most it ever had.
        shares: of the stages' time.
        digest: of all shards.
    """

    seconds: float
    load_seconds: float
    models_mb: float
    peak_mb: float
    shares: Mapping[str, float]
    digest: str


def bench_scale(
    pairs: Sequence[SentencePair], config: RunConfig, sizes: Sequence[int], progress: Told
) -> dict[str, Any]:
    """Project corpora of several lengths with the local engine.

    Args:
        pairs: sentences to repeat, with altered words.
        config: the method.
        sizes: pairs in each corpus.
        progress: called after each.

    Returns:
        `rows` with `pairs`, `ms_per_pair`, `peak_mb` and what is behind them; `ms_spread`, by how
        much the slowest is above the quickest; `peak_ratio`, the highest peak by the first; and
        whether the targets are `met`.
    """
    rows: list[dict[str, Any]] = []
    with TemporaryDirectory(prefix="spanbridge-") as name:
        for done, size in enumerate(sizes, start=1):
            files = write_corpus(Path(name), pairs, size)
            local = ComponentChoice(name="local")
            found = _alone(partial(_measure, files, _languages(pairs), config, local, name))
            rows.append(
                {
                    "pairs": size,
                    "ms_per_pair": round(1000 * found.seconds / size, 3),
                    "peak_mb": round(found.peak_mb, 1),
                    "models_mb": round(found.models_mb, 1),
                    "load_seconds": round(found.load_seconds, 2),
                    "seconds": round(found.seconds, 2),
                    "shares": dict(found.shares),
                }
            )
            progress(done, len(sizes))
    times = [row["ms_per_pair"] for row in rows]
    memory = [row["peak_mb"] for row in rows]
    spread, growth = max(times) / min(times) - 1, max(memory) / memory[0]
    return {
        "rows": rows,
        "ms_spread": round(spread, 3),
        "peak_ratio": round(growth, 3),
        "met": {"time": spread <= _TIME_MAY_VARY_BY, "memory": growth <= _MEMORY_MAY_GROW_BY},
    }


def bench_engines(
    pairs: Sequence[SentencePair], config: RunConfig, size: int, progress: Told
) -> dict[str, Any]:
    """Project one corpus with the local engine, and with Ray on one and on two workers.

    Args:
        pairs: sentences to repeat, with altered words.
        config: the method.
        size: pairs in the corpus.
        progress: called after each.

    Returns:
        `rows` with the engine, `seconds` (models loaded on the way) and `overhead`, how much longer
        it took than the local engine; and whether all shards are `identical`.
    """
    ray = [ComponentChoice(name="ray", parameters={"workers": count}) for count in (1, 2)]
    engines = [ComponentChoice(name="local"), *ray]
    rows: list[dict[str, Any]] = []
    digests = set()
    with TemporaryDirectory(prefix="spanbridge-") as name:
        files = write_corpus(Path(name), pairs, size)
        for done, engine in enumerate(engines, start=1):
            found = _alone(partial(_measure, files, _languages(pairs), config, engine, name))
            digests.add(found.digest)
            whole = found.seconds + found.load_seconds
            first = rows[0]["seconds"] if rows else whole
            rows.append(
                {
                    "engine": str(engine),
                    "seconds": round(whole, 2),
                    "overhead": round(whole / first - 1, 3),
                    "pairs_per_second": round(size / whole, 1),
                }
            )
            progress(done, len(engines))
    return {"rows": rows, "pairs": size, "identical": len(digests) == 1}


def _languages(pairs: Sequence[SentencePair]) -> tuple[str, str]:
    return pairs[0].source.language, pairs[0].target.language


def _alone(work: Callable[[], Measured]) -> Measured:
    """Do something in a new process, whose memory is its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work).result()


def _measure(
    files: WrittenCorpus,
    languages: tuple[str, str],
    config: RunConfig,
    engine: ComponentChoice,
    folder: str,
) -> Measured:
    started = time.perf_counter()
    corpus = CorpusChoice(*languages, files=CorpusFiles(files.source, files.target))
    models = _peak_mb()
    if engine.name == "local":  # another engine's models are in other processes
        make_encoder(config).load()
        models = _peak_mb()
        with TemporaryDirectory(dir=folder) as out:  # lists of words are read once a process
            _project(Order(replace(corpus, limit=WARM_UP), config, Path(out), cached=False), engine)
    loaded = time.perf_counter()
    with TemporaryDirectory(dir=folder) as out:
        order = Order(corpus, config, Path(out), cached=False)
        found = _project(order, engine)
        ended = time.perf_counter()
        digest = sha256()
        for shard in shards_of(order.out):
            digest.update(shard.read_bytes())
    return Measured(
        seconds=ended - loaded,
        load_seconds=loaded - started,
        models_mb=models,
        peak_mb=_peak_mb(),
        shares=found["shares"],
        digest=digest.hexdigest(),
    )


def _project(order: Order, engine: ComponentChoice) -> Mapping[str, Any]:
    chosen = ENGINES.create(engine.name, engine.parameters)
    return project_corpus(order, chosen, tell=lambda _pace: None, should_stop=lambda: False)


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIBIBYTES_A_MEGABYTE
