"""Options that several commands share: which corpus, which method."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from core.config import ComponentChoice, RunConfig, apply_settings, parse_settings
from core.corpora import BadLines
from core.datasets import load_corpus
from core.errors import ConfigError, DataError
from core.methods import DEFAULT, method
from core.types import SentencePair

# Keys of --set that choose a part of the corpus rather than a parameter of the method.
_CORPUS_SETTINGS = frozenset({"split"})
# Choices of a labeller that say nothing about a tagger of target sentences.
_NO_TAGGER = (None, "", "gold", "spacy")


@dataclass(frozen=True, slots=True)
class LoadedCorpus:
    """Sentence pairs, a name for signatures, and what was left out."""

    pairs: list[SentencePair]
    name: str
    bad: BadLines


def add_method_arguments(parser: argparse.ArgumentParser, *, several: bool = False) -> None:
    """Add the options that choose a method and change its parameters.

    Args:
        parser: the command's.
        several: let `--method` be repeated; `options.method` is then a list, empty if not given.
    """
    group = parser.add_argument_group("method")
    if several:
        group.add_argument(
            "--method",
            action="append",
            default=[],
            metavar="METHOD",
            help="a named method (see `components`); may be repeated",
        )
    else:
        group.add_argument("--method", default=DEFAULT, help="a named method (see `components`)")
    group.add_argument("--aligner", help="word aligner instead of the method's own")
    group.add_argument(
        "--translator", help="translate each target sentence into the source language with this"
    )
    group.add_argument(
        "--back-translator",
        help="translate marked source sentences into the target language with this, for the "
        "routes markers and backtranslation (default: the translator)",
    )
    group.add_argument("--labeller", help="find the source's entities with this (`gold`: as given)")
    group.add_argument(
        "--tagger",
        help="labeller that looks at target sentences, where the method wants one "
        "(default: the method's own, else the labeller)",
    )
    group.add_argument("--layer", type=int, help="encoder layer instead of the method's own")
    group.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="change a parameter, such as projector.n=2, scores.surface.weight=0.5, "
        "encoder.model=FOLDER, labels=PER,LOC, split=train; may be repeated",
    )


def add_corpus_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options that choose sentence pairs."""
    group = parser.add_argument_group("corpus")
    group.add_argument("--corpus", help="a corpus by name (see `corpora`)")
    group.add_argument("--source-file", type=Path, help="labelled source sentences, any format")
    group.add_argument(
        "--target-file",
        type=Path,
        help="their translations, any format; without it a translator makes them",
    )
    group.add_argument("--links-file", type=Path, help="word links in Pharaoh format")
    group.add_argument("--source", default="en", help="source language (default: en)")
    group.add_argument("--target", help="target language")
    group.add_argument("--limit", type=int, help="take only the first N pairs")
    group.add_argument(
        "--skip-bad",
        action="store_true",
        help="leave sentences with malformed lines out and count them, instead of stopping",
    )


def require_one_or_more(options: argparse.Namespace, *names: str) -> None:
    """Check options that say how many; one that was not given says nothing.

    Args:
        options: of any command.
        names: which of them.

    Raises:
        ConfigError: a number below 1 (code bad-value).
    """
    for name in names:
        value = getattr(options, name)
        if value is not None and value < 1:
            raise ConfigError(
                f"--{name.replace('_', '-')} must be 1 or more, got {value}", code="bad-value"
            )


def config_from(options: argparse.Namespace, *, name: str | None = None) -> RunConfig:
    """Make the configuration that the options describe.

    Args:
        options: parsed by `add_method_arguments`.
        name: a method to take instead of `--method`.

    Raises:
        ConfigError: an unknown name or a value that does not fit.
    """
    config = method(name or options.method)
    if options.aligner and options.aligner != config.aligner.name:
        config = config.model_copy(update={"aligner": ComponentChoice(name=options.aligner)})
    config = config.model_copy(update=_full_pipeline(options, config))
    settings = parse_settings(options.set)
    changes = {key: value for key, value in settings.items() if key not in _CORPUS_SETTINGS}
    if options.layer is not None:
        changes = {"encoder.layer": str(options.layer), **changes}
    return apply_settings(config, changes)


def _full_pipeline(
    options: argparse.Namespace, config: RunConfig
) -> dict[str, ComponentChoice | None]:
    """Return the stages that the options name, beside those of the method.

    The tagger is the labeller unless it is chosen: comparisons with model transfer are about the
    same tagger.
    """
    chosen: dict[str, ComponentChoice | None] = {}
    for stage in ("translator", "back_translator", "labeller", "tagger"):
        name = getattr(options, stage)
        if name:
            chosen[stage] = ComponentChoice(name=name)
    if "tagger" not in chosen and config.tagger is not None and options.labeller not in _NO_TAGGER:
        chosen["tagger"] = ComponentChoice(name=options.labeller)
    return chosen


def pairs_from(options: argparse.Namespace) -> LoadedCorpus:
    """Load the sentence pairs that the options describe.

    Raises:
        ConfigError: a limit below 1.
        DataError: nothing was named, or it cannot be read.
    """
    require_one_or_more(options, "limit")
    bad = BadLines()
    split = parse_settings(options.set).get("split", "")
    pairs = load_corpus(
        options.corpus,
        source=options.source,
        target=options.target,
        split=split,
        skip_bad=bad if options.skip_bad else None,
        source_file=options.source_file,
        target_file=options.target_file,
        links_file=options.links_file,
    )
    if not pairs:
        raise DataError(
            "a corpus must have at least one sentence pair, got none", code="empty-corpus"
        )
    files = map(str, filter(None, [options.source_file, options.target_file]))
    name = options.corpus or ",".join(files)
    languages = f"{pairs[0].source.language}-{pairs[0].target.language}"
    parts = [name, languages, split, f"first {options.limit}" if options.limit else ""]
    return LoadedCorpus(pairs[: options.limit], "/".join(filter(None, parts)), bad)


def skipped_lines(bad: BadLines) -> list[str]:
    """Say what `--skip-bad` left out, a line a sentence, ten at most."""
    if not bad:
        return []
    shown = [f"  {item.path}:{item.line}: {item.reason}" for item in bad.sentences[:10]]
    more = [f"  … and {len(bad) - 10} more"] if len(bad) > 10 else []
    return [f"left out {len(bad)} malformed sentences:", *shown, *more]
