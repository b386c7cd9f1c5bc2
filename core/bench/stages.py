"""What each stage of a method costs on a whole corpus."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any

from core.bench.timing import WARM_UP
from core.config import RunConfig
from core.pipeline import Pipeline
from core.stages import models_kept
from core.types import SentencePair

_ALIGNER = ("encode", "align")


def bench_stages(
    config: RunConfig, pairs: Sequence[SentencePair], *, repeats: int
) -> dict[str, Any]:
    """Time every stage of a method.

    Args:
        config: the method.
        pairs: sentences to project, all in one batch.
        repeats: timed runs.

    Returns:
        `seconds` by stage, the median over the repeats, and `share` of their sum; and as ratios to
        the aligner (encode and align), the median of each repeat's own: `scores_and_matching_of_
        aligner` and `candidates_of_aligner`.
    """
    pipeline = Pipeline.from_config(config)
    with models_kept():
        pipeline.run(pairs[:WARM_UP])
        runs = [_seconds(pipeline, pairs) for _ in range(repeats)]
    seconds = {stage: median(run[stage] for run in runs) for stage in runs[0]}
    total = sum(seconds.values())
    return {
        "method": config.method,
        "seconds": {stage: round(spent, 3) for stage, spent in seconds.items()},
        "share": {stage: round(spent / total, 4) for stage, spent in seconds.items()},
        "scores_and_matching_of_aligner": _of_aligner(runs, ("scores", "match")),
        "candidates_of_aligner": _of_aligner(runs, ("candidates",)),
        "pairs": len(pairs),
        "repeats": repeats,
    }


def _seconds(pipeline: Pipeline, pairs: Sequence[SentencePair]) -> dict[str, float]:
    totals: dict[str, float] = {}
    for projection in pipeline.run(pairs):
        for stage, spent in projection.trace.seconds.items():
            totals[stage] = totals.get(stage, 0.0) + spent
    return totals


def _of_aligner(runs: Sequence[dict[str, float]], stages: tuple[str, ...]) -> float:
    ratios = [
        sum(run.get(stage, 0.0) for stage in stages) / sum(run[stage] for stage in _ALIGNER)
        for run in runs
    ]
    return round(median(ratios), 4)
