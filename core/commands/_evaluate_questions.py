"""`evaluate --questions`: a model that answers, on clean and perturbed questions."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from core import __version__
from core.commands import Outcome
from core.commands._evaluate_options import (
    GoldFile,
    check_files,
    choose_perturbations,
    drop_cell,
    keep_folder,
    read_sentences,
    seeds_of,
    settings_of,
)
from core.commands.progress import ProgressBars
from core.commands.tables import transfer_lines
from core.errors import ConfigError, DataError
from core.evaluate.kept import keep_answered
from core.evaluate.qa import transfer_means
from core.evaluate.question_files import question_corpora
from core.evaluate.question_robustness import (
    Answers,
    Asked,
    Questioning,
    QuestionRobustness,
    QuestionSet,
)
from core.question_perturbations import QUESTION_PERTURBATIONS, Languages
from core.questions import all_questions, first_questions
from core.questions.pairings import Pairing, pairings_in
from core.questions.squad import read_predictions, read_squad


def examine_answers(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """Answer every question set, clean and perturbed, and say what was lost.

    Raises:
        ConfigError: an unknown name or setting, or neither a model nor predictions.
        DataError: a file cannot be read, or predictions do not fit the questions.
        BackendError: the model cannot be had.
    """
    settings, seeds = settings_of(options), seeds_of(options)
    if settings.model or settings.labels:
        raise ConfigError(
            "with --questions there is no tagger to set, got tagger.X or labels", code="bad-config"
        )
    training = read_sentences(options.train_file, options.source) if options.train_file else ()
    made, left_out = choose_perturbations(
        QUESTION_PERTURBATIONS, options.perturb, settings.perturbations, has_training=bool(training)
    )
    sets = list(_sets(options))
    questioning = Questioning(_answers(options), made, training, seeds, keep=_keep(options))
    found = {one.name: questioning.run(one, bars.of(one.name)) for one in sets}
    answered = {name: one for name, one in found.items() if one is not None}
    if not answered:
        raise DataError(
            f"there must be answers to one of {', '.join(found)}, got none",
            code="not-parallel",
            hint=f"call them {', '.join(f'{name}.json' for name in found)}",
        )
    data = _told(options, answered)
    data |= {
        "left_out": left_out,
        "without_predictions": [name for name, one in found.items() if one is None],
    }
    return Outcome(data, "\n".join(_lines(data)))


def _told(
    options: argparse.Namespace, answered: Mapping[str, QuestionRobustness]
) -> dict[str, Any]:
    parts = {
        "metric": "mlqa",
        "model": options.model or str(options.predictions),
        "test": ",".join(options.test),
        "first": str(options.limit or ""),
        "perturb": options.perturb + (f"({','.join(sorted(options.set))})" if options.set else ""),
        "seeds": options.seeds,
        "version": __version__,
    }
    return {
        "signature": "|".join(f"{key}:{value}" for key, value in parts.items() if value),
        "seeds": list(seeds_of(options)),
        "sets": {name: one.as_dict() for name, one in answered.items()},
        **transfer_means({_pairing(one.test): one.clean for one in answered.values()}),
    }


def _pairing(test: QuestionSet) -> tuple[str, str]:
    return test.languages.context, test.languages.question


def _sets(options: argparse.Namespace) -> Iterator[QuestionSet]:
    """Read the test files; a corpus or a folder stands for all of its pairings."""
    split = settings_of(options).split
    files: list[GoldFile] = []
    for value in options.test:
        found = _pairings(value, split)
        files += [GoldFile(Languages(one.context, one.question), one.path) for one in found]
        files += [] if found else check_files([value])
    names = [file.name for file in files]
    if not files or len(set(names)) < len(names):
        raise ConfigError(
            "each pairing of languages must have one test file, got "
            f"{', '.join(names) or 'no file'}",
            code="bad-config",
            hint="--test es=FILE",
        )
    for file in files:
        contexts = first_questions(read_squad(file.path), options.limit)
        yield QuestionSet(file.name, file.languages, contexts)


def _pairings(value: str, split: str) -> Sequence[Pairing]:
    """Return the files of a folder or of a named corpus; none where the value is neither."""
    if Path(value).is_dir():
        return pairings_in(Path(value), split=split)
    corpora = question_corpora()
    return corpora.get(f"{value}/{split}" if split else value, corpora.get(value, ()))


def _answers(options: argparse.Namespace) -> Answers:
    """Take a folder of answers, or load the model that is to answer.

    Raises:
        ConfigError: both are named or neither, or --keep is the folder of the answers.
        BackendError: the model cannot be had.
    """
    folder: Path | None = options.predictions
    if bool(options.model) == (folder is not None):
        raise ConfigError(
            "answers must come from either --model or --predictions, got "
            + ("both" if options.model else "neither"),
            code="bad-config",
        )
    if folder is None:
        from core.training.answering import load_answerer

        answerer = load_answerer(options.model)
        return lambda asked: answerer.answer(asked.contexts)
    if options.keep is not None and options.keep.resolve() == folder.resolve():
        raise ConfigError(
            f"--keep must be another folder than --predictions, got {folder} twice",
            code="bad-config",
        )
    return _Folder(folder, is_limited=options.limit is not None)


def _keep(options: argparse.Namespace) -> Callable[[Asked, Mapping[str, str]], None] | None:
    folder = keep_folder(options)
    return None if folder is None else partial(keep_answered, folder)


@dataclass(frozen=True, slots=True)
class _Folder:
    """Answers that were made before: a file for each set.

    Attributes:
        folder: where they are.
        is_limited: whether only the first questions are asked; files of all answers serve too.
    """

    folder: Path
    is_limited: bool

    def __call__(self, asked: Asked) -> Mapping[str, str] | None:
        path = self.folder / asked.file_name
        if not path.is_file():
            return None
        found = read_predictions(path)
        if not self.is_limited:
            return found
        known = {question.id for question in all_questions(asked.contexts)}
        return {name: text for name, text in found.items() if name in known} or found


def _lines(data: Mapping[str, Any]) -> list[str]:
    lines = [data["signature"], f"{'':18} {'F1':15} {'change':>7}"]
    for name, one in data["sets"].items():
        clean = one["clean"]
        lines.append(
            f"{name:18} {clean['f1']:6.2f}   exact match {clean['exact_match']:.2f}, "
            f"{clean['questions']} questions, {clean['missing']} without an answer"
        )
        lines += [
            f"  {perturbation:16} {drop_cell(found, scale=1)}"
            for perturbation, found in one["perturbed"].items()
        ]
        if one["unanswered"]:
            lines.append(f"  without predictions: {', '.join(one['unanswered'])}")
    lines += transfer_lines(data)
    lines += [f"left out {name}: {reason}" for name, reason in data["left_out"].items()]
    if data["without_predictions"]:
        lines.append(f"without predictions: {', '.join(data['without_predictions'])}")
    return lines
