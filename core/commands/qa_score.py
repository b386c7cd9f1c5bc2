"""`qa-score`: score predicted answers to questions."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from core import __version__
from core.commands import Outcome
from core.commands.progress import ProgressBars
from core.commands.tables import transfer_lines
from core.errors import ConfigError
from core.evaluate.qa import QaScore, compare_answers, score_answers, transfer_means
from core.evaluate.significance import Comparison
from core.questions import Question, all_questions
from core.questions.pairings import Pairing, pairings_in
from core.questions.squad import BadQuestion, read_predictions, read_squad

_SHOWN = 10  # questions left out that are named


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument(
        "--gold",
        type=Path,
        required=True,
        help="a file in the form of SQuAD 1.1, or a folder of MLQA's files",
    )
    parser.add_argument(
        "--predictions",
        type=Path,
        required=True,
        help='a file {"question id": "answer"}; for a folder, one of files named as the gold ones',
    )
    parser.add_argument(
        "--language", help="language of the ANSWERS, that is of the contexts (files only)"
    )
    parser.add_argument("--split", default="", help="dev or test, for a folder with both")
    parser.add_argument(
        "--compare",
        type=Path,
        action="append",
        default=[],
        metavar="PREDICTIONS",
        help="other predictions for the same file, with a paired bootstrap; may be repeated",
    )
    parser.add_argument(
        "--skip-bad",
        action="store_true",
        help="leave malformed questions out and count them, instead of stopping",
    )


def run(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """Score one file, or every pairing of languages in a folder.

    Raises:
        SpanbridgeError: a file cannot be read, or predictions do not fit the questions.
    """
    bad: list[BadQuestion] | None = [] if options.skip_bad else None
    if options.gold.is_dir():
        if options.language or options.compare:
            raise ConfigError(
                "--language and --compare must go with a file, got a folder",
                code="bad-value",
                hint="the names of the files tell the languages",
            )
        data, lines = _folder(options, bad)
    else:
        if not options.language:
            raise ConfigError(
                "the language of the answers must be given, got none",
                code="unknown-language",
                hint="--language de for German contexts",
            )
        data, lines = _file(options, bad)
    left_out = bad or []
    data["skipped"] = len(left_out)
    if left_out:
        lines.append(f"left out {len(left_out)} malformed questions:")
        lines += [f"  {item.path}: {item.reason}" for item in left_out[:_SHOWN]]
    return Outcome(data, "\n".join(lines))


def _file(
    options: argparse.Namespace, bad: list[BadQuestion] | None
) -> tuple[dict[str, Any], list[str]]:
    language = options.language
    questions = all_questions(read_squad(options.gold, skip_bad=bad))
    predictions = _read(options.predictions, questions, bad)
    score = score_answers(questions, predictions, language)
    signature = _signature(options.gold, language)
    data: dict[str, Any] = {"signature": signature, "language": language, **score.as_dict()}
    lines = [signature, _say(score)]
    if options.compare:
        data["compare"] = {}
    for path in options.compare:
        other = _read(path, questions, bad)
        comparison = compare_answers(
            questions,
            predictions,
            other,
            language,
            names=(str(options.predictions), str(path)),
        )
        other_score = score_answers(questions, other, language)
        data["compare"][str(path)] = {
            **other_score.as_dict(),
            "difference": comparison.as_dict(),
        }
        lines.append(_say_comparison(path, other_score, comparison))
    return data, lines


def _folder(
    options: argparse.Namespace, bad: list[BadQuestion] | None
) -> tuple[dict[str, Any], list[str]]:
    pairings = pairings_in(options.gold, split=options.split)
    # A model is often tried on some pairings only; those are left out and named, not counted as 0.
    there = [item for item in pairings if (options.predictions / item.path.name).is_file()]
    if not there:
        raise ConfigError(
            f"the predictions must be a folder of files named as the gold ones, such as "
            f"{pairings[0].path.name}; got none of these in {options.predictions}",
            code="bad-value",
        )
    scores: dict[Pairing, QaScore] = {}
    for pairing in there:
        questions = all_questions(read_squad(pairing.path, skip_bad=bad))
        predictions = _read(options.predictions / pairing.path.name, questions, bad)
        scores[pairing] = score_answers(questions, predictions, pairing.context)
    data = {
        "signature": _signature(options.gold, "context"),
        "pairings": [
            {"context": pairing.context, "question": pairing.question, **score.as_dict()}
            for pairing, score in scores.items()
        ],
        **transfer_means({(item.context, item.question): score for item, score in scores.items()}),
        "without_predictions": [item.path.name for item in pairings if item not in scores],
    }
    return data, _folder_lines(data)


def _read(
    path: Path, questions: Sequence[Question], bad: Sequence[BadQuestion] | None
) -> dict[str, str]:
    """Read predictions, without those for questions that were left out."""
    known = {question.id for question in questions}
    # An id that stands twice is both: its first question was read.
    left_out = {item.question_id for item in bad or ()} - known
    return {key: text for key, text in read_predictions(path).items() if key not in left_out}


def _signature(gold: Path, language: str) -> str:
    return f"metric:mlqa|answers:{language}|gold:{gold.name}|version:{__version__}"


def _say(score: QaScore) -> str:
    return (
        f"F1 {score.f1:.3f}, exact match {score.exact_match:.2f} over {score.questions} questions, "
        f"{score.missing} without a prediction"
    )


def _say_comparison(path: Path, score: QaScore, comparison: Comparison) -> str:
    return (
        f"against {path}: F1 {score.f1:.3f}, difference {100 * comparison.difference:+.3f}, "
        f"p = {comparison.p_two_sided:.4f}"
    )


def _folder_lines(data: Mapping[str, Any]) -> list[str]:
    lines = [data["signature"], f"{'context':>8}{'question':>9}{'F1':>9}{'EM':>8}{'missing':>9}"]
    lines += [
        f"{row['context']:>8}{row['question']:>9}{row['f1']:9.3f}{row['exact_match']:8.2f}"
        f"{row['missing']:9d}"
        for row in data["pairings"]
    ]
    lines += transfer_lines(data)
    if data["without_predictions"]:
        lines.append(f"without predictions: {', '.join(data['without_predictions'])}")
    return lines
