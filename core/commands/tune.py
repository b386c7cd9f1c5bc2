"""`tune`: choose the weights of a method's scores on a small gold set."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from core.commands import Outcome
from core.commands.options import (
    add_corpus_arguments,
    add_method_arguments,
    config_from,
    pairs_from,
    skipped_lines,
)
from core.commands.progress import ProgressBars
from core.methods import save_method
from core.tuning import tune
from core.workflow import Workflow


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    add_corpus_arguments(parser)
    add_method_arguments(parser)
    parser.add_argument("--folds", type=int, default=5, help="parts for cross-validation")
    parser.add_argument("--seed", type=int, default=0, help="decides who is in which part")
    parser.add_argument("--save", metavar="NAME", help="keep the tuned method under this name")


def run(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """Score once, search the weights, and say how good they are on held-out parts.

    Raises:
        SpanbridgeError: the corpus cannot be read, has no gold, or the method cannot be tuned.
    """
    config = config_from(options)
    workflow = Workflow.from_config(config)
    corpus = pairs_from(options)
    projections = workflow.run(corpus.pairs, progress=bars)
    tuned = tune(workflow.config, projections, folds=options.folds, seed=options.seed)
    data: dict[str, Any] = {
        **tuned.as_dict(),
        "signature": tuned.config.signature(corpus=corpus.name),
        "skipped": len(corpus.bad),
    }
    if options.save:
        description = (
            f"tuned on {corpus.name}: held-out F1 {tuned.held_out.f1:.3f}, "
            f"before {tuned.before.f1:.3f}"
        )
        # The stages before projection belong to the corpus at hand, not to the method.
        bare = tuned.config.model_copy(
            update={"translator": None, "labeller": None, "labels": config.labels}
        )
        data["saved"] = str(save_method(bare, options.save, description))
    return Outcome(data, "\n".join([*_lines(data), *skipped_lines(corpus.bad)]))


def _lines(data: Mapping[str, Any]) -> list[str]:
    weights = ", ".join(f"{name} × {weight:g}" for name, weight in data["weights"].items())
    least = "" if data["min_score"] is None else f"; least score {data['min_score']:g}"
    lines = [
        data["signature"],
        f"weights: {weights}{least}",
        f"F1 on {data['sentences']} sentences: {data['before']['f1']:.4f} before, "
        f"{data['after']['f1']:.4f} after (on what it was tuned on)",
        f"F1 on held-out parts ({data['folds']} folds): {data['held_out']['f1']:.4f}, "
        f"{data['gain_points']:+.1f} points",
    ]
    if "saved" in data:
        lines.append(f"saved as {data['saved']}")
    return lines
