"""Run configuration: which component at every stage, with which parameters.

pydantic checks it at the edges (command line, page, stored runs); inside, it is a frozen value. A
configuration prints as a signature that names everything a number depends on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core import __version__
from core.errors import ConfigError

ParameterValue = bool | int | float | str | None
# Stages with one component each.
SINGLE_STAGES = (
    "aligner",
    "encoder",
    "projector",
    "translator",
    "back_translator",
    "labeller",
    "tagger",
    "route",
)
# Those of them that a method may do without.
OPTIONAL_STAGES = ("translator", "back_translator", "labeller", "tagger")


class ComponentChoice(BaseModel):
    """A component by name, with the parameters that differ from its defaults."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    parameters: dict[str, ParameterValue] = Field(default_factory=dict)

    def __str__(self) -> str:
        values = ",".join(f"{key}={value}" for key, value in sorted(self.parameters.items()))
        return f"{self.name}({values})" if values else self.name

    def with_parameters(self, changes: Mapping[str, ParameterValue]) -> ComponentChoice:
        """Return a copy with some parameters replaced."""
        return ComponentChoice(name=self.name, parameters={**self.parameters, **changes})


class ScoreChoice(ComponentChoice):
    """A score with its weight in the fused sum."""

    weight: Annotated[float, Field(ge=0)] = 1.0

    def __str__(self) -> str:
        return f"{self.weight:g}*{super().__str__()}"


class RunConfig(BaseModel):
    """One complete projection method.

    Attributes:
        method: name of the preset it came from.
        encoder: the word-vector model; its parameters are those of `core.encoders.Encoder`.
        aligner: word aligner.
        candidates: candidate extractors, united.
        scores: scores with weights, summed.
        projector: matching method.
        labels: classes to keep; None keeps all. Others are dropped before projection, so that they
            do not compete for words.
        translator: translates each target sentence into the source language; None takes the
            corpus's own source sentences. Where a target is still to be made, the other way.
        back_translator: translates source sentences with marked entities into the target language,
            for the routes that do so; None takes `translator`.
        labeller: finds the entities of each source sentence; None takes the corpus's own.
        tagger: labeller for target sentences, for what needs `target_tags`.
        route: how labels reach the target; `direct` is projection from the source.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    method: str
    # The layer is spelt out, default or not: signatures must show it.
    encoder: ComponentChoice = ComponentChoice(name="bundled", parameters={"layer": 6})
    aligner: ComponentChoice = ComponentChoice(name="simalign")
    candidates: tuple[ComponentChoice, ...] = ()
    scores: tuple[ScoreChoice, ...] = ()
    projector: ComponentChoice
    labels: tuple[str, ...] | None = None
    translator: ComponentChoice | None = None
    back_translator: ComponentChoice | None = None
    labeller: ComponentChoice | None = None
    tagger: ComponentChoice | None = None
    route: ComponentChoice = ComponentChoice(name="direct")

    def signature(self, *, corpus: str = "") -> str:
        """Name everything a number depends on, in one line.

        Args:
            corpus: corpus, languages and split the number was measured on.
        """
        projection = {
            "encoder": self._encoder_name(),
            "aligner": str(self.aligner),
            "candidates": "+".join(map(str, self.candidates)),
            "scores": "+".join(map(str, self.scores)),
            "projector": str(self.projector),
        }
        direct = self.route.name == "direct"
        parts = {
            "corpus": corpus,
            "method": self.method,
            "translator": str(self.translator or ""),
            "back_translator": str(self.back_translator or ""),
            "labeller": str(self.labeller or ""),
            "tagger": str(self.tagger or ""),
            "route": "" if direct else str(self.route),
            # model transfer projects nothing
            **({} if self.route.name == "transfer" else projection),
            "labels": "all" if self.labels is None else ",".join(self.labels),
            "version": __version__,
        }
        return "|".join(f"{key}:{value}" for key, value in parts.items() if value)

    def _encoder_name(self) -> str:
        """Name the encoder by the model that is really used."""
        others = dict(self.encoder.parameters)
        model = others.pop("model", self.encoder.name)
        return str(ComponentChoice(name=str(model), parameters=others))


def parse_settings(settings: Iterable[str]) -> dict[str, str]:
    """Read `key=value` settings from the command line.

    Raises:
        ConfigError: a setting without `=` or a key (code bad-config).
    """
    values = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals or not key.strip():
            raise ConfigError(f"a setting must be key=value, got {setting!r}", code="bad-config")
        values[key.strip()] = value.strip()
    return values


def names_in(text: str) -> tuple[str, ...]:
    """Return names that are separated by commas.

    >>> names_in("PER, LOC,")
    ('PER', 'LOC')
    """
    return tuple(filter(None, (name.strip() for name in text.split(","))))


def apply_settings(config: RunConfig, settings: Mapping[str, str]) -> RunConfig:
    """Change a configuration by dotted keys.

    Keys: `aligner.NAME`, `encoder.NAME`, `projector.NAME`, `translator.NAME`, `labeller.NAME`,
    `back_translator.NAME`, `tagger.NAME` and `route.NAME` set a parameter
    (`aligner.links=awesome`);
    `candidates.COMPONENT.NAME` and `scores.COMPONENT.NAME` one of a united or summed component,
    where `scores.COMPONENT.weight` is its weight and adds the score if it is not in use yet (0
    removes it); `labels=PER,LOC` keeps these classes. A stage alone takes another component
    (`aligner=awesome`, `candidates=ngram+ner`).

    Raises:
        ConfigError: a key that names nothing (unknown-name) or a value that does not fit.
    """
    for key, value in settings.items():
        config = _apply_one(config, key, value)
    return config


def _apply_one(config: RunConfig, key: str, value: str) -> RunConfig:
    stage, _, rest = key.partition(".")
    if key == "labels":
        return config.model_copy(update={"labels": names_in(value) or None})
    if key in (*SINGLE_STAGES, "candidates"):
        return _choose(config, key, value)
    if stage in SINGLE_STAGES and rest:
        chosen: ComponentChoice | None = getattr(config, stage)
        if chosen is None:
            raise ConfigError(
                f"a {stage} must be chosen before its parameters, got {key!r}",
                code="missing-stage",
                hint=f"add --{stage.replace('_', '-')} NAME",
            )
        return config.model_copy(update={stage: chosen.with_parameters({rest: value})})
    component, _, name = rest.partition(".")
    if stage == "candidates" and name:
        return config.model_copy(
            update={"candidates": _replace(config.candidates, component, name, value)}
        )
    if stage == "scores" and name:
        return config.model_copy(update={"scores": _set_score(config, component, name, value)})
    raise ConfigError(
        f"a setting must be labels, {', '.join(f'{name}.X' for name in SINGLE_STAGES)}, "
        f"candidates.COMPONENT.X or scores.COMPONENT.X, got {key!r}",
        code="unknown-name",
    )


def _choose(config: RunConfig, stage: str, value: str) -> RunConfig:
    """Take other components at a stage; candidate extractors that stay keep their parameters."""
    if stage == "candidates":
        names = filter(None, (name.strip() for name in value.split("+")))
        known = {choice.name: choice for choice in config.candidates}
        united = tuple(known.get(name, ComponentChoice(name=name)) for name in names)
        return config.model_copy(update={"candidates": united})
    if not value and stage not in OPTIONAL_STAGES:
        raise ConfigError(f"a {stage} must have a name, got none", code="bad-value")
    return config.model_copy(update={stage: ComponentChoice(name=value) if value else None})


def _replace(
    choices: tuple[ComponentChoice, ...], component: str, name: str, value: str
) -> tuple[ComponentChoice, ...]:
    if component not in {choice.name for choice in choices}:
        raise ConfigError(
            f"the method's candidates are {', '.join(c.name for c in choices) or 'none'}, "
            f"got {component!r}",
            code="unknown-name",
        )
    return tuple(
        choice.with_parameters({name: value}) if choice.name == component else choice
        for choice in choices
    )


def _set_score(config: RunConfig, component: str, name: str, value: str) -> tuple[ScoreChoice, ...]:
    scores = {score.name: score for score in config.scores}
    current = scores.get(component, ScoreChoice(name=component, weight=0.0))
    changes = (
        {"weight": value}
        if name == "weight"
        else {"parameters": {**current.parameters, name: value}}
    )
    try:
        scores[component] = ScoreChoice.model_validate({**current.model_dump(), **changes})
    except ValidationError as error:
        raise ConfigError(
            f"a weight must be a number of at least 0, got {value!r}", code="bad-value"
        ) from error
    return tuple(score for score in scores.values() if score.weight > 0)
