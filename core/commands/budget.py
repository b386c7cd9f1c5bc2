"""`budget`: what each stage of the pipeline costs in F1."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from core.budget import stage_budget
from core.commands import Outcome
from core.commands.options import (
    add_corpus_arguments,
    add_method_arguments,
    config_from,
    pairs_from,
    skipped_lines,
)
from core.commands.progress import ProgressBars
from core.commands.tables import score_lines


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    add_corpus_arguments(parser)
    add_method_arguments(parser)


def run(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """Run the method as it is and with each stage replaced by gold.

    Raises:
        SpanbridgeError: the corpus cannot be read, has no gold, or the method cannot run.
    """
    config = config_from(options)
    corpus = pairs_from(options)
    found = stage_budget(config, corpus.pairs, corpus=corpus.name, progress=bars)
    data = {**found.as_dict(), "skipped": len(corpus.bad)}
    return Outcome(data, "\n".join([*_lines(data), *skipped_lines(corpus.bad)]))


def _lines(data: Mapping[str, Any]) -> list[str]:
    lines = [data["signature"], "", *score_lines(data)]
    if data["translation"]:
        lines.append(f"translation: chrF {data['translation']['chrf']:.1f}")
    lines += ["", f"{'gold instead of':16}{'F1':>8}{'points':>8}  by class"]
    for stage, row in data["oracles"].items():
        if "f1" not in row:
            lines.append(f"{stage:16}{'-':>8}{'-':>8}  {row['remark']}")
            continue
        by_class = ", ".join(
            f"{name} {gain:+.1f}" for name, gain in row["per_label_points"].items()
        )
        lines.append(f"{stage:16}{row['f1']:8.4f}{row['costs_points']:+8.1f}  {by_class}")
        lines.append(f"{'':34}{row['remark']}")
    return lines
