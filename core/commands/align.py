"""`align`: align the words of two files, line by line."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from core.commands import Outcome
from core.commands.options import add_method_arguments, config_from
from core.commands.progress import ProgressBars
from core.datasets import load_corpus
from core.errors import DataError
from core.stages import align_pairs
from core.text.files import write_lines
from core.text.pharaoh import format_links


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument(
        "--source-file", type=Path, required=True, help="one whitespace-tokenised sentence a line"
    )
    parser.add_argument("--target-file", type=Path, required=True, help="their translations")
    parser.add_argument("--source", default="und", help="source language")
    parser.add_argument("--target", default="und", help="target language")
    parser.add_argument(
        "--out", type=Path, help="Pharaoh file to write; else the links are printed"
    )
    add_method_arguments(parser)


def run(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """Align every line and write or print the links.

    Raises:
        DataError: a file cannot be read, or the files differ in length.
    """
    config = config_from(options)
    pairs = load_corpus(
        None,
        source=options.source,
        target=options.target,
        source_file=options.source_file,
        target_file=options.target_file,
        source_format="plain",
        target_format="plain",
    )
    if not pairs:
        raise DataError("the files must hold at least one line, got none", code="empty-corpus")
    started = time.perf_counter()
    alignments = align_pairs(config, pairs, progress=bars)
    seconds = time.perf_counter() - started
    lines = [format_links(alignment) for alignment in alignments]
    notes = sorted({a.note for a in alignments if a.note})
    data = {
        "pairs": len(pairs),
        "links": sum(len(alignment.links) for alignment in alignments),
        "seconds": round(seconds, 3),
        "signature": f"aligner:{config.aligner}|encoder:{config.encoder}",
        "notes": notes,
    }
    if options.out is None:
        return Outcome({**data, "alignments": lines}, "\n".join(lines))
    write_lines(options.out, lines)
    text = f"{data['links']} links of {data['pairs']} pairs written to {options.out}"
    return Outcome({**data, "out": str(options.out)}, "\n".join([text, *notes]))
