"""`label-issues`: words whose tag is probably wrong, and the corpus without them."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core import __version__
from core.commands import Outcome
from core.commands._evaluate_options import read_sentences, tagger_of
from core.commands.progress import ProgressBars
from core.config import parse_settings
from core.corpora import FORMATS, guess_format
from core.encoders import Encoder
from core.errors import ConfigError
from core.label_issues import SuspectCorpus, find_issues
from core.label_issues.folds import out_of_fold
from core.label_issues.probe import LinearProbe
from core.registry import build
from core.text.files import write_lines
from core.types import Sentence, WordTags

_SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--file", type=Path, required=True, help="labelled sentences, any format")
    parser.add_argument("--language", required=True, help="their language")
    parser.add_argument("--folds", type=int, default=5, help="parts judged in turn (default: 5)")
    parser.add_argument("--seed", type=int, default=0, help="of the parts (default: 0)")
    parser.add_argument(
        "--tagger",
        default="",
        help="judge by this labeller, folder or model id instead, which must not have been trained "
        "on the file",
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="change a parameter, such as encoder.layer=8, tagger.rename=PERSON=PER",
    )
    parser.add_argument("--report", type=Path, help="write every issue, worst first, a line each")
    parser.add_argument("--out", type=Path, help="write the corpus without suspicious sentences")
    parser.add_argument(
        "--most",
        type=float,
        default=1.0,
        metavar="SHARE",
        help="leave out at most this share of the sentences, the worst ones (default: 1)",
    )


def run(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """Judge every label, list the suspicious ones, and write what is left.

    Raises:
        ConfigError: a value out of range, or a tagger that does not know the classes.
        DataError: the file cannot be read, or has no entity.
        BackendError: a package or model cannot be had.
    """
    if not 0 <= options.most <= 1:
        raise ConfigError(f"--most must be in [0, 1], got {options.most}", code="bad-value")
    if options.seed < 0:
        raise ConfigError(f"the seed must be 0 or more, got {options.seed}", code="bad-value")
    sentences = read_sentences(options.file, options.language)
    found = find_issues(sentences, _judged(options, sentences, bars))
    kept = found.kept(options.most)
    if options.report:
        lines = (json.dumps(one.as_dict(), ensure_ascii=False) for one in found.issues)
        write_lines(options.report, lines)
    if options.out:
        form = guess_format(options.file)
        FORMATS.create(form.name, form.parameters).write(options.out, kept)
    data = _told(options, found, kept)
    return Outcome(data, "\n".join(_lines(data, found)))


def _judged(
    options: argparse.Namespace, sentences: Sequence[Sentence], bars: ProgressBars
) -> list[WordTags]:
    settings = parse_settings(options.set)
    stage = "tagger" if options.tagger else "encoder"
    parameters = {}
    for key, value in settings.items():
        first, _, name = key.partition(".")
        if first != stage or not name:
            raise ConfigError(f"a setting must be {stage}.X, got {key!r}", code="unknown-name")
        parameters[name] = value
    if not options.tagger:
        probe = LinearProbe(build(Encoder, parameters, what="encoder"))
        found = out_of_fold(
            sentences, probe, folds=options.folds, seed=options.seed, progress=bars.of("folds")
        )
        probe.encoder.release()
        return found
    tagger = tagger_of(options.tagger, parameters)
    tags = [one.tags for one in tagger.label(sentences, bars.of("label"))]
    tagger.release()
    given = [one for one in tags if one is not None]
    if len(given) < len(tags):
        raise ConfigError(
            f"the tagger must give probabilities, got none from {options.tagger!r}",
            code="bad-config",
        )
    return given


def _told(
    options: argparse.Namespace, found: SuspectCorpus, kept: Sequence[Sentence]
) -> dict[str, Any]:
    judge = options.tagger or f"probe(folds={options.folds},seed={options.seed})"
    kinds = Counter(f"{one.given} → {one.suggested}" for one in found.issues)
    parts = [f"judge:{judge}", f"file:{options.file.name}", *options.set]
    return {
        "signature": "|".join(["task:label-issues", *parts, f"version:{__version__}"]),
        "sentences": len(found.sentences),
        "words": sum(len(one.words) for one in found.sentences),
        "issues": len(found.issues),
        "suspicious": len(found.suspicious()),
        "kept": len(kept),
        "rare_tags": list(found.rare),
        "kinds": dict(kinds.most_common()),
        "report": None if options.report is None else str(options.report),
        "out": None if options.out is None else str(options.out),
        "worst": [one.as_dict() for one in found.issues[:_SHOWN]],
    }


def _lines(data: dict[str, Any], found: SuspectCorpus) -> list[str]:
    shown = {key: value for key, value in data.items() if key not in ("kinds", "worst")}
    lines = [f"{key}: {value}" for key, value in shown.items()]
    lines += [f"  {kind}: {count}" for kind, count in list(data["kinds"].items())[:_SHOWN]]
    return [
        *lines,
        *(
            f"  {one.sentence + 1}:{one.word} {one.text} {one.given} ({one.score:.3f}), rather "
            f"{one.suggested} ({one.suggested_score:.3f})"
            for one in found.issues[:_SHOWN]
        ),
    ]
