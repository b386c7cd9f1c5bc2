"""`bench`: measure speed, alignment quality, how long the page and the store let a person wait."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from core.bench.aer import bench_aer
from core.bench.align import bench_align
from core.bench.match import bench_match
from core.bench.review import bench_review
from core.bench.ui import bench_ui
from core.commands import Outcome
from core.commands.options import add_method_arguments, config_from
from core.commands.progress import ProgressBars
from core.datasets import data_folder, load_corpus
from core.types import SentencePair

_TARGETS = ("de", "es", "it")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    kinds = ("align", "match", "aer", "ui", "review")
    parser.add_argument("what", choices=kinds, help="what to measure")
    parser.add_argument("--pairs", type=int, help="sentence pairs (align: 200, match: all)")
    parser.add_argument("--repeats", type=int, help="timed repeats (align: 3, match: 1, ui: 9)")
    parser.add_argument("--seconds", type=float, default=60, help="how long (review: 60)")
    parser.add_argument("--reviewers", type=int, default=20, help="how many at once (review: 20)")
    parser.add_argument(
        "--browsers", type=int, default=0, help="how many more at Chromium (review: none)"
    )
    parser.add_argument("--url", default="", help="a PostgreSQL database to measure too (review)")
    add_method_arguments(parser)


def run(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """Run one benchmark, on Europarl-NER where it is at hand, else on the demo corpus.

    Raises:
        SpanbridgeError: data or packages are missing.
    """
    if options.what == "ui":
        data = bench_ui(repeats=options.repeats or 9)
    elif options.what == "review":
        data = bench_review(
            url=options.url,
            seconds=options.seconds,
            reviewers=options.reviewers,
            browsers=options.browsers,
        )
    elif options.what == "aer":
        data = bench_aer(config_from(options), bars)
    elif options.what == "align":
        data = bench_align(_pairs(("de",))[: options.pairs or 200], repeats=options.repeats or 3)
    else:
        data = bench_match(_pairs(_TARGETS)[: options.pairs], repeats=options.repeats or 1)
    return Outcome(data, "\n".join(_lines(data)))


def _pairs(targets: tuple[str, ...]) -> list[SentencePair]:
    folder = data_folder()
    name = "europarl-ner" if folder and (folder / "europarl-ner").is_dir() else "demo"
    known = [target for target in targets if name != "demo" or target in ("de", "es")]
    return [pair for target in known for pair in load_corpus(name, source="en", target=target)]


def _lines(data: Mapping[str, Any]) -> list[str]:
    return [f"{key}: {_shown(value)}" for key, value in data.items()]


def _shown(value: object) -> str:
    if not isinstance(value, Mapping):
        return str(value)
    parts = [
        f"{name} ({_shown(one)})" if isinstance(one, Mapping) else f"{name} {one}"
        for name, one in value.items()
    ]
    return ", ".join(parts)
