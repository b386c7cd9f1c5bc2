"""`evaluate`: project a corpus and compare with its gold entities."""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping, Sequence
from typing import Any

from core.commands import Outcome
from core.commands.options import (
    LoadedCorpus,
    add_corpus_arguments,
    add_method_arguments,
    config_from,
    pairs_from,
    skipped_lines,
)
from core.commands.progress import ProgressBars
from core.evaluate.partial import score_partial
from core.evaluate.significance import bootstrap_run, compare_runs
from core.evaluate.spans import score_projections
from core.evaluate.tally import diagnose_corpus
from core.types import Projection
from core.workflow import Workflow


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    add_corpus_arguments(parser)
    add_method_arguments(parser)
    parser.add_argument(
        "--compare",
        action="append",
        default=[],
        metavar="METHOD",
        help="also run this method on the same pairs, with a paired bootstrap; may be repeated",
    )
    parser.add_argument("--partial", action="store_true", help="add the partial-match view")


def run(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """Project every pair and score the result.

    Raises:
        SpanbridgeError: the corpus cannot be read, has no gold, or the method cannot run.
    """
    config = config_from(options)
    pipeline = Workflow.from_config(config)
    others = {name: config_from(options, name=name) for name in options.compare}
    corpus = pairs_from(options)
    started = time.perf_counter()
    projections = pipeline.run(corpus.pairs, progress=bars)
    seconds = time.perf_counter() - started
    report = score_projections(projections)
    _, tally = diagnose_corpus(projections)
    data: dict[str, Any] = {
        "signature": pipeline.config.signature(corpus=corpus.name),
        **report.as_dict(),
        "interval": bootstrap_run(projections).as_dict(),
        "diagnosis": {
            "outcomes": tally.by_outcome(),
            "stages": tally.by_stage(),
            **tally.as_dict(),
        },
        "skipped": len(corpus.bad),
        "seconds": round(seconds, 3),
    }
    if options.partial:
        data["partial"] = score_partial(projections).as_dict()
    if others:
        data["compare"] = {
            name: _compare(Workflow.from_config(other), corpus, projections, bars)
            for name, other in others.items()
        }
    return Outcome(data, "\n".join([*_lines(data), *skipped_lines(corpus.bad)]))


def _compare(
    pipeline: Workflow,
    corpus: LoadedCorpus,
    projections: Sequence[Projection],
    bars: ProgressBars,
) -> dict[str, Any]:
    other = pipeline.run(corpus.pairs, progress=bars)
    report = score_projections(other).as_dict()
    return {
        "signature": pipeline.config.signature(corpus=corpus.name),
        **report["overall"],
        "failures": report["failures"],
        "difference": compare_runs(projections, other).as_dict(),
    }


def _lines(data: Mapping[str, Any]) -> list[str]:
    lines = [data["signature"], "", f"{'':12}{'F1':>8}{'precision':>11}{'recall':>8}{'support':>9}"]
    for label, score in {**data["per_label"], "overall": data["overall"]}.items():
        lines.append(
            f"{label:12}{score['f1']:8.4f}{score['precision']:11.4f}{score['recall']:8.4f}"
            f"{score['support']:9d}"
        )
    lines.append(f"\nfailed sentences: {data['failures']}")
    for view in ("outcomes", "stages"):
        counts = data["diagnosis"][view].items()
        lines.append(f"{view}: " + ", ".join(f"{name} {count}" for name, count in counts if count))
    for name, other in data.get("compare", {}).items():
        difference = other["difference"]
        lines.append(
            f"against {name}: F1 {other['f1']:.4f}, difference {difference['difference']:+.4f}, "
            f"p = {difference['p_two_sided']:.4f}"
        )
    return [*lines, f"{data['seconds']:.1f} s"]
