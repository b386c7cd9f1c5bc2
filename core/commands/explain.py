"""`explain`: one sentence pair in full."""

from __future__ import annotations

import argparse

from core.commands import Outcome
from core.commands.options import (
    add_corpus_arguments,
    add_method_arguments,
    config_from,
    pairs_from,
)
from core.commands.progress import ProgressBars
from core.errors import ConfigError, DataError
from core.explain import explanation_record, explanation_text, typed_pair
from core.types import SentencePair
from core.workflow import Workflow


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--id", help="the pair's id in the corpus, or its place counted from 1")
    parser.add_argument("--source-text", help="a sentence with marks, such as '[LOC Rome] is old'")
    parser.add_argument("--target-text", help="its translation; marks are taken as gold")
    add_corpus_arguments(parser)
    add_method_arguments(parser)


def run(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """Project one pair and tell everything about it.

    Raises:
        SpanbridgeError: no such pair, unreadable text, or the method cannot run.
    """
    pipeline = Workflow.from_config(config_from(options))
    typed = options.source_text is not None and options.target_text is not None
    pair = _typed_pair(options) if typed else _corpus_pair(options)
    projection = pipeline.run([pair], progress=bars)[0]
    return Outcome(explanation_record(projection), explanation_text(projection))


def _typed_pair(options: argparse.Namespace) -> SentencePair:
    if options.target is None:
        raise ConfigError("a typed pair needs --target LANGUAGE, got none", code="bad-config")
    return typed_pair(options.source_text, options.target_text, options.source, options.target)


def _corpus_pair(options: argparse.Namespace) -> SentencePair:
    if options.id is None:
        raise ConfigError(
            "explain needs --id with a corpus, or --source-text and --target-text, got neither",
            code="bad-config",
        )
    pairs = pairs_from(options).pairs
    for place, pair in enumerate(pairs, start=1):
        if options.id in (pair.id, pair.source.id, str(place)):
            return pair
    raise DataError(
        f"the id must be one of {len(pairs)} pairs such as {pairs[0].id!r}, got {options.id!r}",
        code="bad-value",
    )
