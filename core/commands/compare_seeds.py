"""`compare-seeds`: methods that were trained several times, on what each run predicted."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from core.commands import Outcome
from core.commands._evaluate_options import read_sentences
from core.commands.progress import ProgressBars
from core.config import names_in
from core.errors import ConfigError
from core.evaluate.kept import KeptSet, count_tagged, read_kept
from core.evaluate.kept_comparison import KeptRun, compare_kept
from core.evaluate.kept_counts import COUNTS_SUFFIX, LANGUAGE, read_counts, write_counts
from core.evaluate.qa import answer_counts, score_each
from core.evaluate.significance import RESAMPLES, Bootstrap, Counts
from core.questions import all_questions
from core.questions.squad import read_predictions, read_squad

_Named = tuple[str, str, Path]
"""A method, a seed, and where its predictions are."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument(
        "--run",
        action="append",
        required=True,
        metavar="METHOD[/SEED]=PATH",
        help="predictions of one run: a file for --gold, a folder that `evaluate --keep` has made, "
        "with all its sets, or counts that --counts has written; repeat it for every seed of every "
        "method (default seeds: by order)",
    )
    parser.add_argument(
        "--counts",
        type=Path,
        metavar="FOLDER",
        help="also write what is counted of each run, without any text, to "
        "FOLDER/METHOD-SEED.npz, which serves as a run later",
    )
    parser.add_argument("--gold", type=Path, help="the gold file, where runs are files")
    parser.add_argument("--language", default="en", help="its language, and that of answers")
    parser.add_argument(
        "--questions", action="store_true", help="gold and predictions are of questions (SQuAD)"
    )
    parser.add_argument(
        "--baseline", default="", metavar="METHOD", help="compare each other method with this only"
    )
    parser.add_argument("--labels", default="", help="classes to keep, separated by commas")
    parser.add_argument("--resamples", type=int, default=RESAMPLES, help=argparse.SUPPRESS)


def run(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """Compare methods over their seeds on every test set, with Holm's correction over all.

    Raises:
        ConfigError: a run that is no METHOD=PATH, or files without --gold.
        DataError: a file cannot be read, or runs are over different sentences.
    """
    read = partial(_folder, options) if options.gold is None else partial(_file, options)
    runs = [KeptRun(method, seed, read(path)) for method, seed, path in _named(options.run)]
    if options.counts is not None:
        for one in runs:
            path = options.counts / f"{one.method}-{one.seed}{COUNTS_SUFFIX}"
            write_counts(path, one.sets, counted=_counted(options))
    found = compare_kept(
        runs,
        baseline=options.baseline,
        bootstrap=Bootstrap(resamples=options.resamples),
        counted=_counted(options),
        progress=bars.of("compare"),
    )
    data = found.as_dict()
    return Outcome(data, "\n".join(_lines(data)))


def _counted(options: argparse.Namespace) -> dict[str, str]:
    """Say how is counted; the sets of a folder are named by their language, a gold file is not."""
    told = {
        "metric": "mlqa" if options.questions else "strict",
        "labels": ",".join(_labels(options) or ()) or "all",
    }
    return {**told, **(_of_answers(options) if options.gold is not None else {})}


def _of_answers(options: argparse.Namespace) -> dict[str, str]:
    return {LANGUAGE: options.language} if options.questions else {}


def _named(values: Sequence[str]) -> list[_Named]:
    found: list[_Named] = []
    for value in values:
        name, equals, path = value.partition("=")
        method, _, seed = name.partition("/")
        if not equals or not method or not path:
            raise ConfigError(
                f"a run must be METHOD=PATH or METHOD/SEED=PATH, got {value!r}", code="bad-config"
            )
        seed = seed or str(sum(one[0] == method for one in found))
        if any(one[:2] == (method, seed) for one in found):
            raise ConfigError(
                f"a method must have each seed once, got {method}/{seed} again", code="bad-value"
            )
        found.append((method, seed, Path(path)))
    return found


def _folder(options: argparse.Namespace, folder: Path) -> dict[str, KeptSet]:
    if folder.suffix == COUNTS_SUFFIX:
        return read_counts(folder, counted={**_counted(options), **_of_answers(options)})
    if not folder.is_dir():
        raise ConfigError(
            f"without --gold a run must be a folder that `evaluate --keep` made, got {folder}",
            code="bad-config",
        )
    return read_kept(folder, questions=options.questions, labels=_labels(options))


def _file(options: argparse.Namespace, path: Path) -> dict[str, KeptSet]:
    counts: Counts
    if options.questions:
        questions = all_questions(read_squad(options.gold))
        counts = answer_counts(score_each(questions, read_predictions(path), options.language))
    else:
        gold, found = (read_sentences(one, options.language) for one in (options.gold, path))
        counts = count_tagged(gold, found, labels=_labels(options), path=path)
    digest = sha256(options.gold.read_bytes()).hexdigest()
    return {options.gold.stem: KeptSet(counts, digest)}


def _labels(options: argparse.Namespace) -> tuple[str, ...] | None:
    return names_in(options.labels) or None


def _lines(data: Mapping[str, Any]) -> list[str]:
    lines = [data["signature"]]
    for name, one in data["sets"].items():
        lines += ["", f"{name}: {one['units']} items"]
        for method, spread in one["methods"].items():
            change = one["changes"].get(method)
            told = "" if change is None else f", change {_points(change, sign='+')}"
            lines.append(f"  {method:16} F1 {_points(spread)}{told} ({spread['seeds']} seeds)")
        for pair in one["comparisons"]:
            low, high = (100 * pair["interval"][key] for key in ("low", "high"))
            lines.append(
                f"  {pair['second']} - {pair['first']}: {100 * pair['difference']:+.2f} "
                f"[{low:+.2f}, {high:+.2f}], p = {pair['p_two_sided']:.4f}, "
                f"Holm {pair['p_holm']:.4f}"
            )
    lines += ["", f"Holm's correction is over {data['family']} comparisons"]
    return lines + [f"left out {name}: {reason}" for name, reason in data["left_out"].items()]


def _points(spread: Mapping[str, Any], *, sign: str = "") -> str:
    sd = "" if spread["sd"] is None else f" ± {100 * spread['sd']:.2f}"
    return f"{100 * spread['mean']:{sign}.2f}{sd}"
