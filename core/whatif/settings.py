"""A configuration as the settings that lead to it from another one.

The settings are those of `--set`, so that the address of a page, a saved view and a command line
say the same thing in the same words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.aligners import ALIGNERS
from core.candidates import CANDIDATES
from core.config import SINGLE_STAGES, ComponentChoice, ParameterValue, RunConfig, ScoreChoice
from core.encoders import Encoder
from core.labellers import LABELLERS
from core.projectors import PROJECTORS
from core.registry import Parameter, Registry, describe_parameters
from core.routes import ROUTES
from core.scores import SCORES
from core.translators import TRANSLATORS

_REGISTRIES: Mapping[str, Registry[Any]] = {
    "aligner": ALIGNERS,
    "projector": PROJECTORS,
    "translator": TRANSLATORS,
    "back_translator": TRANSLATORS,
    "labeller": LABELLERS,
    "tagger": LABELLERS,
    "route": ROUTES,
}


def settings_between(start: RunConfig, wanted: RunConfig) -> dict[str, str]:
    """List the settings that turn one configuration into another.

    Args:
        start: where `--set` begins.
        wanted: where it leads; its method's name does not matter.

    Returns:
        Values by key, such that `apply_settings(start, …)` runs like `wanted`.
    """
    found: dict[str, str] = {}
    for stage in SINGLE_STAGES:
        found |= _stage(stage, getattr(start, stage), getattr(wanted, stage))
    names = [[choice.name for choice in one.candidates] for one in (start, wanted)]
    if names[0] != names[1]:
        found["candidates"] = "+".join(names[1])
    for choice in wanted.candidates:
        prefix = f"candidates.{choice.name}"
        before = _named(start.candidates, choice.name)
        found |= _values(prefix, CANDIDATES.parameters(choice.name), before, choice)
    found |= _scores(start.scores, wanted.scores)
    if start.labels != wanted.labels:
        found["labels"] = ",".join(wanted.labels or ())
    return found


def _stage(
    stage: str, before: ComponentChoice | None, after: ComponentChoice | None
) -> dict[str, str]:
    if after is None:
        return {} if before is None else {stage: ""}
    found = {}
    if stage == "encoder":
        parameters = describe_parameters(Encoder)
    else:
        parameters = _REGISTRIES[stage].parameters(after.name)
    if before is None or before.name != after.name:
        found[stage] = after.name
        before = None
    return found | _values(stage, parameters, before, after)


def _scores(before: Sequence[ScoreChoice], after: Sequence[ScoreChoice]) -> dict[str, str]:
    found: dict[str, str] = {}
    known = {score.name: score for score in before}
    for score in after:
        old = known.pop(score.name, None)
        if old is None or old.weight != score.weight:
            found[f"scores.{score.name}.weight"] = f"{score.weight:g}"
        found |= _values(f"scores.{score.name}", SCORES.parameters(score.name), old, score)
    return found | {f"scores.{name}.weight": "0" for name in known}


def _named(choices: Iterable[ComponentChoice], name: str) -> ComponentChoice | None:
    return next((choice for choice in choices if choice.name == name), None)


def _values(
    prefix: str,
    parameters: Sequence[Parameter],
    before: ComponentChoice | None,
    after: ComponentChoice,
) -> dict[str, str]:
    old: Mapping[str, ParameterValue] = {} if before is None else before.parameters
    found = {}
    for one in parameters:
        value = after.parameters.get(one.name, one.default)
        if value is not None and str(value) != str(old.get(one.name, one.default)):
            found[f"{prefix}.{one.name}"] = str(value)
    return found


def names_text(key: str) -> bool:
    """Tell whether a setting's value is free text, such as a file or a model.

    A link that somebody sends must not make a server open files or fetch models.
    """
    stage, _, rest = key.partition(".")
    if not rest:
        return stage == "encoder"  # its name is a model
    if stage == "encoder":
        return _is_text(describe_parameters(Encoder), rest)
    component, _, name = rest.partition(".")
    if stage in ("candidates", "scores"):
        registry: Registry[Any] = CANDIDATES if stage == "candidates" else SCORES
        known = component in registry.names()
        return known and _is_text(registry.parameters(component), name)
    if stage not in _REGISTRIES:
        return False
    registry = _REGISTRIES[stage]
    return any(_is_text(registry.parameters(one), rest) for one in registry.names())


def _is_text(parameters: Sequence[Parameter], name: str) -> bool:
    return any(one.name == name and one.kind == "text" for one in parameters)
