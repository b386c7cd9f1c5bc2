"""`perturb`: change a test set so that it shows what a model has learnt by heart."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from core.commands import Outcome
from core.commands.progress import ProgressBars
from core.config import ComponentChoice, parse_settings
from core.corpora import FORMATS, guess_format
from core.errors import ConfigError
from core.exchange.preview import parse_choice
from core.perturbations import PERTURBATIONS, Change, PerturbedSet
from core.question_perturbations import (
    QUESTION_PERTURBATIONS,
    Languages,
    PerturbedQuestions,
    TextChange,
)
from core.question_perturbations._squad_file import write_squad
from core.questions import all_questions
from core.questions.squad import read_squad
from core.text.files import write_lines
from core.types import Sentence

_SHOWN = 10  # changes and reasons that are printed; the file of changes holds all


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--file", type=Path, required=True, help="the test set, any format")
    parser.add_argument("--language", required=True, help="its language; that of the contexts")
    parser.add_argument(
        "--perturbation",
        required=True,
        help=f"{', '.join(PERTURBATIONS.names())}; with --questions "
        f"{', '.join(QUESTION_PERTURBATIONS.names())}",
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="change a parameter, such as share=0.2, to=upper; may be repeated",
    )
    parser.add_argument(
        "--questions",
        action="store_true",
        help="the file holds questions in the form of SQuAD 1.1 (MLQA, XQuAD)",
    )
    parser.add_argument(
        "--question-language", help="language of the questions (default: as the contexts)"
    )
    parser.add_argument(
        "--train-file", type=Path, help="what the model was trained on; names are taken from it too"
    )
    parser.add_argument("--seed", type=int, default=0, help="of all choices (default: 0)")
    parser.add_argument("--out", type=Path, required=True, help="the file to write")
    parser.add_argument(
        "--to",
        default="",
        metavar="FORM[:KEY=VALUE,…]",
        help="format of the output (default: by its ending, else the format read)",
    )
    parser.add_argument(
        "--changes", type=Path, help="write every change and every reason for none, a line each"
    )


def run(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """Perturb a file, write it, and list what was changed and what not.

    Raises:
        ConfigError: an unknown name or parameter, a seed below 0, training that is missing.
        DataError: a file cannot be read or written.
        BackendError: a package that the perturbation needs is missing.
    """
    if options.seed < 0:
        raise ConfigError(f"the seed must be 0 or more, got {options.seed}", code="bad-value")
    if options.question_language and not options.questions:
        raise ConfigError("--question-language must go with --questions", code="bad-config")
    training = _read(options.train_file, options.language)[0] if options.train_file else []
    found: PerturbedSet | PerturbedQuestions
    found, data = (_questions if options.questions else _sentences)(options, training)
    records = [
        *({"kind": "change", **one.as_dict()} for one in found.changes),
        *({"kind": "unchanged", **one.as_dict()} for one in found.unchanged),
        *({"kind": "note", "text": note} for note in found.notes),
    ]
    if options.changes:
        lines = (json.dumps(record, ensure_ascii=False) for record in records)
        write_lines(options.changes, lines)
    reasons = Counter(one.reason for one in found.unchanged)
    data |= {
        "perturbation": options.perturbation,
        "seed": options.seed,
        "out": str(options.out),
        "changes": len(found.changes),
        "unchanged": len(found.unchanged),
        "reasons": dict(reasons.most_common()),
        "notes": list(found.notes),
    }
    return Outcome(data, "\n".join([*_summary(data), *_listing(found)]))


def _sentences(
    options: argparse.Namespace, training: Sequence[Sentence]
) -> tuple[PerturbedSet, dict[str, Any]]:
    perturbation = PERTURBATIONS.create(options.perturbation, parse_settings(options.set))
    if perturbation.needs_training and not training:
        raise ConfigError(
            f"the perturbation {options.perturbation!r} must know what was trained on, got none",
            code="bad-config",
            hint="give --train-file",
        )
    sentences, form = _read(options.file, options.language)
    writing = _form_to_write(options, form)
    writer = FORMATS.create(writing.name, writing.parameters)
    found = perturbation.perturb(sentences, training=training, seed=options.seed)
    writer.write(options.out, found.sentences)
    return found, {"sentences": len(sentences), "format": str(writing)}


def _questions(
    options: argparse.Namespace, training: Sequence[Sentence]
) -> tuple[PerturbedQuestions, dict[str, Any]]:
    perturbation = QUESTION_PERTURBATIONS.create(options.perturbation, parse_settings(options.set))
    contexts = read_squad(options.file)
    languages = Languages(options.language, options.question_language or options.language)
    found = perturbation.perturb(
        contexts, languages=languages, training=training, seed=options.seed
    )
    write_squad(options.out, found.contexts)
    return found, {"contexts": len(contexts), "questions": len(all_questions(contexts))}


def _read(path: Path, language: str) -> tuple[list[Sentence], ComponentChoice]:
    form = guess_format(path)
    return FORMATS.create(form.name, form.parameters).read(path, language), form


def _form_to_write(options: argparse.Namespace, form: ComponentChoice) -> ComponentChoice:
    """Choose the format named, else the one read, unless the ending can only mean another."""
    if options.to:
        return parse_choice(options.to)
    suffix = options.out.suffix.lower()
    if suffix == options.file.suffix.lower():
        return form
    known = [name for name in FORMATS.names() if suffix in FORMATS.get(name).extensions]
    return form if form.name in known or len(known) != 1 else ComponentChoice(name=known[0])


def _summary(data: dict[str, Any]) -> list[str]:
    lines = [f"{key}: {value}" for key, value in data.items() if key not in ("reasons", "notes")]
    lines += [f"  {count} unchanged: {reason}" for reason, count in _few(data["reasons"].items())]
    return [*lines, *(f"note: {note}" for note in data["notes"])]


def _listing(found: PerturbedSet | PerturbedQuestions) -> list[str]:
    shown = [_say(one) for one in _few(found.changes)]
    more = [f"  … and {len(found.changes) - _SHOWN} more"] if len(found.changes) > _SHOWN else []
    return [*shown, *more]


def _say(one: Change | TextChange) -> str:
    if isinstance(one, Change):
        before, after = " ".join(one.before), " ".join(one.after)
        return f"  {one.sentence + 1}:{one.start} {one.label or 'O'} {before} → {after}"
    where = one.question_id or f"context {one.context + 1}"
    return f"  {where}:{one.char_start} {one.before or '-'} → {one.after}"


def _few(items: Iterable[Any]) -> list[Any]:
    return list(items)[:_SHOWN]
