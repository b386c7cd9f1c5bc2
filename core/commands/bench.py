"""`bench`: measure speed and quality, training, and how long page and store let a person wait."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from core.bench.aer import bench_aer
from core.bench.align import bench_align
from core.bench.match import bench_match
from core.bench.review import bench_review
from core.bench.scale import bench_engines, bench_scale
from core.bench.stages import bench_stages
from core.bench.train import bench_train
from core.bench.ui import bench_ui
from core.commands import Outcome
from core.commands.options import add_method_arguments, config_from
from core.commands.progress import ProgressBars
from core.datasets import data_folder, load_corpus
from core.errors import ConfigError
from core.types import SentencePair

_TARGETS = ("de", "es", "it")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    kinds = ("align", "match", "stages", "aer", "ui", "review", "train", "scale", "engines")
    parser.add_argument("what", choices=kinds, help="what to measure")
    parser.add_argument(
        "--pairs", type=int, help="sentence pairs (align: 200, match, stages: all, engines: 2000)"
    )
    parser.add_argument(
        "--sizes", default="1000,10000,100000", help="pairs of each corpus (scale: %(default)s)"
    )
    parser.add_argument(
        "--repeats", type=int, help="timed repeats (align, stages: 3, match: 1, ui, train: 9)"
    )
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
    elif options.what == "train":
        sentences = [pair.source for pair in _pairs(("de",))[: options.pairs or 80]]
        data = bench_train(sentences, repeats=options.repeats or 9)
    elif options.what == "scale":
        sizes = _sizes(options.sizes)
        data = bench_scale(_repeated(), config_from(options), sizes, bars.of("corpora"))
    elif options.what == "engines":
        size = options.pairs or 2000
        data = bench_engines(_repeated(), config_from(options), size, bars.of("engines"))
    elif options.what == "aer":
        data = bench_aer(config_from(options), bars)
    elif options.what == "stages":
        pairs = _pairs(_TARGETS)[: options.pairs]
        data = bench_stages(config_from(options), pairs, repeats=options.repeats or 3)
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


def _repeated() -> list[SentencePair]:
    """Return Europarl and PUD, English to German, or the demo corpus where they are missing."""
    folder = data_folder()
    pairs = _pairs(("de",))
    if folder is not None and (folder / "uner").is_dir():
        pairs += load_corpus("uner-pud", source="en", target="de")
    return pairs


def _sizes(text: str) -> list[int]:
    try:
        sizes = [int(one) for one in text.split(",")]
    except ValueError:
        sizes = []
    if not sizes or min(sizes) < 1:
        raise ConfigError(
            f"sizes must be numbers of pairs parted by commas, got {text!r}", code="bad-value"
        )
    return sizes


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
