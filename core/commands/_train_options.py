"""Options of `train` ↔ what a run is asked for."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar, cast

from core.commands.options import require_one_or_more
from core.config import ComponentChoice, names_in, parse_settings
from core.errors import ConfigError
from core.exchange.preview import parse_choice
from core.training.spec import RECIPES, DataChoice, Kind, TrainingSpec, make_recipe

T = TypeVar("T")

_METHOD = "method."
_MOST = 100.0  # rounds of a part in an epoch
# Options that are fields of the recipe, each with its type and help.
_FIELDS: Mapping[str, tuple[type, str]] = {
    "seed": (int, "of order, dropout, noise and first weights"),
    "updates": (int, "steps in all, the same for every method"),
    "epochs": (int, "passes over the data, where no number of steps is given"),
    "batch": (int, "examples a step"),
    "learning_rate": (float, "at its peak"),
    "rank": (int, "rank of the adapter"),
    "precision": (str, "auto, fp32, bf16 or fp16"),
    "patience": (int, "measurements without a gain before it stops"),
    "base": (str, "'bundled', a Hugging Face id or a folder, also one that `train` has made"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "task",
        nargs="?",
        choices=tuple(RECIPES),
        default="ner",
        help="named entities or question answering (default: ner)",
    )
    _add_data(parser)
    group = parser.add_argument_group("training")
    group.add_argument(
        "--method",
        default="plain",
        metavar="NAME[:KEY=VALUE,…]",
        help="plain, fgm, freelb, agreement … (see core.training.methods; default: plain)",
    )
    for name, (kind, told) in _FIELDS.items():
        group.add_argument(f"--{name.replace('_', '-')}", type=kind, help=told)
    group.add_argument("--full", action="store_true", help="train all weights, not an adapter")
    group.add_argument(
        "--augment",
        action="append",
        default=[],
        metavar="NAME[:KEY=VALUE,…]",
        help="add copies changed by a perturbation; may be repeated",
    )
    group.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="change the recipe, such as warmup=0.1, masked=0, or a parameter of the method, such "
        "as method.radius=0.5; may be repeated",
    )
    _add_running(parser)


def _add_data(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("data")
    group.add_argument(
        "--data",
        "--train-file",
        action="append",
        default=[],
        metavar="SOURCE",
        help="labelled sentences (any format, `project` writes some too), SQuAD files for qa, or "
        "CORPUS/LANGUAGE[/SPLIT]; may be repeated (default: UNER English-EWT, or SQuAD)",
    )
    group.add_argument(
        "--weight",
        type=float,
        action="append",
        default=[],
        help="how often an epoch sees each example; one for each --data (default: 1)",
    )
    group.add_argument(
        "--language",
        action="append",
        default=[],
        help="language of the data, one for all or one for each --data (default: en)",
    )
    group.add_argument(
        "--dev",
        "--dev-file",
        action="append",
        default=[],
        metavar="SOURCE",
        help="clean data that chooses the weights; none keeps the last ones (default: EWT's dev "
        "for ner, none for qa)",
    )
    group.add_argument("--dev-language", action="append", default=[], help="likewise of --dev")
    group.add_argument("--question-language", default="", help="of the questions, for qa")
    group.add_argument("--labels", default="", help="classes to keep, such as PER,LOC,ORG")
    group.add_argument("--limit", type=int, help="take only the first N examples of each --data")
    group.add_argument("--dev-limit", type=int, help="the same for each --dev")
    group.add_argument("--skip-bad", action="store_true", help="leave malformed examples out")


def _add_running(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("running")
    group.add_argument(
        "--out", type=Path, help="folder to write (default, in a run: artefacts/model)"
    )
    group.add_argument(
        "--resume", action="store_true", help="go on from the last checkpoint in --out"
    )
    group.add_argument(
        "--detach", action="store_true", help="queue it as a run that goes on by itself"
    )
    group.add_argument("--name", default="", help="what to call the run")
    group.add_argument(
        "--at-once", type=int, default=1, metavar="N", help="how many runs may run at a time"
    )
    group.add_argument(
        "--estimate", action="store_true", help="only say what time, memory and disk it takes"
    )


def spec_from(options: argparse.Namespace) -> TrainingSpec:
    """Return what the options ask for.

    Raises:
        ConfigError: a value that does not fit, or lists of different length.
    """
    require_one_or_more(options, "limit", "dev_limit")
    task = cast("Kind", options.task)
    settings = parse_settings(options.set)
    own = {key.removeprefix(_METHOD): settings.pop(key) for key in list(settings) if _is_own(key)}
    values: dict[str, object] = dict(settings)
    for name in _FIELDS:
        given = getattr(options, name)
        if given is not None:
            values[name] = given
    if options.full:
        values["weights"] = "full"
    method = parse_choice(options.method)
    return TrainingSpec(
        task=task,
        data=_choices(options.data, options.language, options.weight),
        dev=_choices(options.dev, options.dev_language or options.language[:1], ()),
        recipe=make_recipe(task, values),
        method=ComponentChoice(name=method.name, parameters={**method.parameters, **own}),
        augment=tuple(parse_choice(one) for one in options.augment),
        labels=names_in(options.labels),
        limit=options.limit,
        dev_limit=options.dev_limit,
        question_language=options.question_language,
        skip_bad=options.skip_bad,
    )


def _is_own(key: str) -> bool:
    return key.startswith(_METHOD)


def _choices(
    sources: Sequence[str], languages: Sequence[str], weights: Sequence[float]
) -> tuple[DataChoice, ...]:
    count = len(sources)
    spread_languages = _spread("language", languages or ["en"], count)
    spread_weights = _spread("weight", weights or [1.0], count)
    for weight in spread_weights:
        if not 0 < weight <= _MOST:
            raise ConfigError(
                f"a weight must be above 0 and at most {_MOST:g}, got {weight:g}", code="bad-value"
            )
    return tuple(
        DataChoice(source, language, weight)
        for source, language, weight in zip(sources, spread_languages, spread_weights, strict=True)
    )


def _spread(what: str, values: Sequence[T], count: int) -> list[T]:
    """Return one value for each of `count`, where one was given for all."""
    if len(values) not in (1, count) and count:
        raise ConfigError(
            f"there must be one {what} or one for each of the {count} sources, got {len(values)}",
            code="bad-config",
        )
    return list(values) * count if len(values) == 1 else list(values)[:count]
