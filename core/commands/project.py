"""`project`: project a corpus's entities and write the result."""

from __future__ import annotations

import argparse
import time
from dataclasses import asdict
from pathlib import Path

from core.commands import Outcome, _project_whole
from core.commands.options import (
    add_corpus_arguments,
    add_method_arguments,
    config_from,
    pairs_from,
    skipped_lines,
)
from core.commands.progress import ProgressBars
from core.errors import ConfigError
from core.export import ExportFormat, write_projections
from core.workflow import Workflow


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    add_corpus_arguments(parser)
    add_method_arguments(parser)
    parser.add_argument(
        "--out",
        type=Path,
        help="F.conll for tagged sentences, F.jsonl with decisions; a folder with --engine",
    )
    _project_whole.add_arguments(parser)


def run(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """Project every pair; failed sentences are counted and written apart, never as all-O.

    Raises:
        SpanbridgeError: the corpus cannot be read, the method cannot run, or the file not written.
    """
    if options.engine is not None:
        return _project_whole.run_whole(options, bars)
    _project_whole.refuse_options(options)
    if options.out is None:
        raise ConfigError(
            "a file to write must be given, got none", code="bad-value", hint="--out F"
        )
    config = config_from(options)
    pipeline = Workflow.from_config(config)
    corpus = pairs_from(options)
    started = time.perf_counter()
    projections = pipeline.run(corpus.pairs, progress=bars)
    seconds = time.perf_counter() - started
    form: ExportFormat = "conll" if options.out.suffix == ".conll" else "jsonl"
    counts = write_projections(options.out, projections, form=form)
    data = {
        "signature": pipeline.config.signature(corpus=corpus.name),
        "out": str(options.out),
        **{
            key: str(value) if isinstance(value, Path) else value
            for key, value in asdict(counts).items()
        },
        "skipped": len(corpus.bad),
        "seconds": round(seconds, 3),
    }
    lines = [f"{key}: {value}" for key, value in data.items()]
    return Outcome(data, "\n".join([*lines, *skipped_lines(corpus.bad)]))
