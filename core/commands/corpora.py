"""`corpora`: list the corpora that can be named."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from core.commands import Outcome
from core.commands.progress import ProgressBars
from core.datasets import describe_corpora


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options: none of its own."""


def run(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """List corpora with languages, splits, licence, and what is missing."""
    corpora = describe_corpora()
    lines = []
    for corpus in corpora:
        pairs = ", ".join(f"{source}-{target}" for source, target in corpus.pairs[:8])
        more = f" and {len(corpus.pairs) - 8} more" if len(corpus.pairs) > 8 else ""
        state = "" if corpus.available else f"  [missing: {corpus.hint}]"
        lines += [
            f"{corpus.name:20} {corpus.title}{state}",
            f"{'':20} {pairs}{more}; {corpus.licence}; splits: {', '.join(corpus.splits) or '-'}",
        ]
    return Outcome({"corpora": [asdict(corpus) for corpus in corpora]}, "\n".join(lines))
