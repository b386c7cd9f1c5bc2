"""What the two ways of examining a model share: test files, perturbations, seeds."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from core.config import names_in, parse_settings
from core.corpora import FORMATS, guess_format
from core.errors import ConfigError, DataError
from core.evaluate.kept import KEPT, clear_kept
from core.jobs import JobContext
from core.labellers import LABELLERS, Labeller
from core.question_perturbations import Languages
from core.registry import Registry
from core.types import Sentence

ALL = "all"
_BY_FOLDER = "token_classifier"
Component = TypeVar("Component")


@dataclass(frozen=True, slots=True)
class GoldFile:
    """A test file with its languages."""

    languages: Languages
    path: Path

    @property
    def name(self) -> str:
        """Return the languages as a name: `es`, or `es-en` for English questions."""
        codes = dict.fromkeys((self.languages.context, self.languages.question))
        return "-".join(codes)


def add_examination_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options by which `evaluate` examines a tagger or a model that answers."""
    group = parser.add_argument_group(
        "robustness", "with --perturb or --test a trained model is examined; nothing is projected"
    )
    group.add_argument(
        "--perturb",
        default="",
        metavar="NAMES",
        help="`all`, or names separated by commas: see `components perturbations`, or with "
        "--questions `components question_perturbations`",
    )
    group.add_argument(
        "--test",
        action="append",
        default=[],
        metavar="LANGUAGE=FILE",
        help="a test file, such as es=test.conll; with --questions LANGUAGE[/QUESTION-LANGUAGE]="
        "FILE, mlqa/test, mlqa/dev, xquad, or a folder of MLQA's files; may be repeated (default: "
        "targets of --corpus)",
    )
    group.add_argument(
        "--train-file",
        type=Path,
        help="what the model was trained on, in the language --source: tells seen entities "
        "from unseen ones",
    )
    group.add_argument(
        "--seeds", default="0", metavar="N,N", help="of the perturbations (default: 0)"
    )
    _add_question_arguments(group)
    group.add_argument(
        "--keep",
        type=Path,
        metavar="FOLDER",
        help="write every set with what was found in it, for `compare-seeds`, in place of what was "
        "kept there before (default: a run keeps them in its own folder)",
    )


def _add_question_arguments(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--questions", action="store_true", help="the test files hold questions (SQuAD 1.1)"
    )
    group.add_argument(
        "--model", default="", help="with --questions: a folder that `train` has made"
    )
    group.add_argument(
        "--predictions",
        type=Path,
        help="with --questions: a folder of answers instead of a model, LANGUAGE.json and "
        "LANGUAGE.PERTURBATION.SEED.json",
    )


def is_examination(options: argparse.Namespace) -> bool:
    """Tell whether a model is to be examined, not a projection."""
    return bool(options.perturb or options.test or options.questions)


def seeds_of(options: argparse.Namespace) -> tuple[int, ...]:
    """Read `--seeds`.

    Raises:
        ConfigError: no numbers, a negative one, or one that stands twice (code bad-value).
    """
    parts = [part.strip() for part in options.seeds.split(",") if part.strip()]
    if not parts or not all(part.isdecimal() for part in parts) or len(set(parts)) < len(parts):
        raise ConfigError(
            f"the seeds must be different whole numbers of at least 0, got {options.seeds!r}",
            code="bad-value",
            hint="--seeds 0,1,2",
        )
    return tuple(map(int, parts))


def check_files(values: Sequence[str]) -> Iterator[GoldFile]:
    """Read `--test` values.

    Raises:
        ConfigError: one that is no LANGUAGE=FILE (code bad-config).
    """
    for value in values:
        codes, equals, path = value.partition("=")
        context, _, question = codes.partition("/")
        if not equals or not context or not path:
            raise ConfigError(
                f"a test file must be LANGUAGE=FILE, got {value!r}", code="bad-config"
            )
        yield GoldFile(Languages(context, question or context), Path(path))


def read_sentences(path: Path, language: str) -> tuple[Sentence, ...]:
    """Read labelled sentences of any format.

    Raises:
        DataError: the file cannot be read.
    """
    choice = guess_format(path)
    return tuple(FORMATS.create(choice.name, choice.parameters).read(path, language))


def tagger_of(name: str, parameters: Mapping[str, str]) -> Labeller:
    """Make a labeller by name, or from a model's folder or id.

    Raises:
        ConfigError: a parameter it does not have, or a value that does not fit.
        BackendError: a package that it needs is missing.
    """
    if name in LABELLERS.names():
        return LABELLERS.create(name, parameters)
    return LABELLERS.create(_BY_FOLDER, {"model": name, **parameters})


@dataclass(frozen=True, slots=True)
class Settings:
    """What `--set` says, sorted: the model's parameters, and those of each perturbation."""

    model: Mapping[str, str]
    perturbations: Mapping[str, Mapping[str, str]]
    labels: tuple[str, ...] | None
    split: str = ""


def settings_of(options: argparse.Namespace) -> Settings:
    """Read `--set` of an examination.

    Raises:
        ConfigError: a key that names nothing here (code unknown-name).
    """
    model: dict[str, str] = {}
    perturbations: dict[str, dict[str, str]] = {}
    labels: tuple[str, ...] | None = None
    split = ""
    for key, value in parse_settings(options.set).items():
        first, _, rest = key.partition(".")
        name, _, parameter = rest.partition(".")
        if first == "tagger" and rest:
            model[rest] = value
        elif first == "perturbation" and parameter:
            perturbations.setdefault(name, {})[parameter] = value
        elif key == "labels":
            labels = names_in(value) or None
        elif key == "split":
            split = value
        else:
            raise ConfigError(
                "a setting must be tagger.X, perturbation.NAME.X, labels or split here, "
                f"got {key!r}",
                code="unknown-name",
            )
    return Settings(model, perturbations, labels, split)


def choose_perturbations(
    registry: Registry[Component],
    wanted: str,
    settings: Mapping[str, Mapping[str, str]],
    *,
    has_training: bool,
) -> tuple[dict[str, Component], dict[str, str]]:
    """Make the perturbations that are asked for.

    Args:
        registry: of sentences or of questions.
        wanted: `all`, names separated by commas, or empty.
        settings: parameters by name.
        has_training: whether training sentences are there.

    Returns:
        Perturbations by name; and with `all`, those that cannot run here, each with the reason.

    Raises:
        ConfigError: an unknown name, or one that is named and needs training sentences.
        BackendError: a package that a named one needs is missing.
    """
    takes_all = wanted.strip() == ALL
    names = registry.names() if takes_all else names_in(wanted)
    for name in settings:
        if name not in names:
            raise ConfigError(
                f"settings must be of a perturbation in use, got {name!r}", code="unknown-name"
            )
    made: dict[str, Component] = {}
    left_out: dict[str, str] = {}
    for name in names:
        if takes_all and not registry.availability(name).available:
            left_out[name] = registry.availability(name).hint
            continue
        one = registry.create(name, settings.get(name))
        if getattr(one, "needs_training", False) and not has_training:
            reason = "it must know what was trained on: give --train-file"
            if not takes_all:
                raise ConfigError(f"the perturbation {name!r}: {reason}", code="bad-config")
            left_out[name] = reason
            continue
        made[name] = one
    return made, left_out


def keep_folder(options: argparse.Namespace) -> Path | None:
    """Make the folder that sets are kept in: what `--keep` names, or a run's own.

    What an earlier examination kept there goes: two models' sets would be read as those of one.

    Returns:
        None where nothing is kept.

    Raises:
        DataError: it cannot be made or changed (code file-not-writable).
        StoreError: the run cannot be read.
    """
    job = JobContext.current()
    folder: Path | None = options.keep
    if folder is None and job is not None:
        folder = job.artefacts / KEPT
    if folder is None:
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        clear_kept(folder)
    except OSError as error:
        raise DataError(
            f"the folder must be writable, got: {error.strerror}",
            code="file-not-writable",
            path=str(folder),
        ) from error
    return folder


def drop_cell(one: Mapping[str, Any], *, scale: int) -> str:
    """Lay out F1 with its spread, the drop, and how sure it is.

    Args:
        one: `as_dict()` of what was scored under a perturbation.
        scale: 100 where its F1 is a share, 1 where it is a percentage.
    """
    spread = one["f1"]
    sd = "" if spread["sd"] is None else f" ± {scale * spread['sd']:.2f}"
    percent = "" if one["drop_percent"] is None else f" ({-one['drop_percent']:+.1f} %)"
    f1 = f"{scale * spread['mean']:6.2f}{sd}"
    return f"{f1:15} {-one['drop_points']:+7.2f}{percent}  p = {one['test']['p_two_sided']:.4f}"
