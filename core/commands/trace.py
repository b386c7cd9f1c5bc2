"""`trace`: every lost, spurious or wrong entity of a corpus, with the stage to blame."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from core.commands import Outcome
from core.commands.options import (
    add_corpus_arguments,
    add_method_arguments,
    config_from,
    pairs_from,
    skipped_lines,
)
from core.commands.progress import ProgressBars
from core.evaluate.outcomes import OUTCOMES
from core.evaluate.verdicts import STAGES
from core.overview.outcomes import run_corpus
from core.overview.tracer import TracerFilter, TracerRow, count_rows, filter_rows, trace_run


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    add_corpus_arguments(parser)
    add_method_arguments(parser)
    group = parser.add_argument_group("rows to keep; each may be repeated")
    group.add_argument("--stage", action="append", default=[], choices=STAGES, metavar="STAGE")
    group.add_argument(
        "--outcome",
        action="append",
        default=[],
        choices=[one for one in OUTCOMES if one != "correct"],
        metavar="OUTCOME",
    )
    group.add_argument("--class", dest="labels", action="append", default=[], metavar="CLASS")
    parser.add_argument("--text", default="", help="keep rows with this text")


def run(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """Project a corpus and list what went wrong.

    Raises:
        SpanbridgeError: the corpus cannot be read or the method cannot run.
    """
    config = config_from(options)
    corpus = pairs_from(options)
    found = run_corpus(config, corpus.pairs, progress=bars.of("project"), corpus=corpus.name)
    wanted = TracerFilter(options.stage, options.outcome, options.labels, options.text)
    rows = filter_rows(trace_run(found), wanted)
    counts = [
        {"stage": stage, "outcome": outcome, "count": count}
        for (stage, outcome), count in count_rows(rows).items()
    ]
    data = {
        "signature": found.signature,
        "sentences": len(found.outcomes),
        "failures": found.failures,
        "counts": counts,
        "rows": [row.as_dict() for row in rows],
        "skipped": len(corpus.bad),
    }
    lines = [found.signature, "", *map(_line, rows), *([""] if rows else [])]
    lines += [f"{one['stage']}, {one['outcome']}: {one['count']}" for one in counts]
    lines.append(f"{len(rows)} rows; failed sentences: {found.failures}")
    return Outcome(data, "\n".join([*lines, *skipped_lines(corpus.bad)]))


def _line(row: TracerRow) -> str:
    place: Sequence[str] = (f"{row.number}", row.id, row.outcome, row.stage)
    return "  ".join([*filter(None, place), row.explanation])
