"""The numbers of a method that a person may turn to see what would happen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from core.candidates import CANDIDATES
from core.config import ComponentChoice, RunConfig, apply_settings
from core.projectors import PROJECTORS
from core.registry import Parameter, Registry
from core.scores import SCORES
from core.stages import HoldsModel

KnobKind = Literal["weight", "matching", "candidates", "score"]

_HIGHEST_WEIGHT, _WEIGHT_STEP, _STEP = 3.0, 0.05, 0.05
# Beyond these nothing of interest happens, and a shorter track is easier to aim at.
_HIGHEST_COUNTS = {"n": 5, "max_len": 40, "merge_distance": 10, "top_k": 10}


@dataclass(frozen=True, slots=True)
class Knob:
    """One number with the positions it can take: low, low + step, … high.

    Attributes:
        key: of the setting, as `--set` takes it.
        label: what people call it.
        kind: which part of the method it belongs to.
        value: where it stands.
        low: least position.
        high: last position.
        step: from one position to the next.
        whole: whether it is a whole number.
        help: what it does.
    """

    key: str
    label: str
    kind: KnobKind
    value: float
    low: float
    high: float
    step: float
    whole: bool = False
    help: str = ""

    def positions(self) -> list[float]:
        """List the positions, with the value where it stands between two."""
        count = round((self.high - self.low) / self.step)
        regular = [round(self.low + self.step * place, 6) for place in range(count + 1)]
        return sorted({*regular, self.value})

    def text(self, value: float) -> str:
        """Print a position."""
        return f"{value:.0f}" if self.whole else f"{value:g}"


def knobs(config: RunConfig) -> tuple[Knob, ...]:
    """List the knobs of a method: weights, matching, candidates, then the scores' own parameters.

    Scores that the method does not use are there with weight 0, as far as they need no model that
    it does not load anyway.
    """
    found = [_weight(name, config) for name in _offered_scores(config)] if config.scores else []
    found += _numbers(PROJECTORS, config.projector, "matching", f"{'projector'}")
    if config.scores:
        for choice in config.candidates:
            found += _numbers(CANDIDATES, choice, "candidates", f"candidates.{choice.name}")
        for score in config.scores:
            found += _numbers(SCORES, score, "score", f"scores.{score.name}")
    return tuple(found)


def turn(config: RunConfig, values: Mapping[str, float]) -> RunConfig:
    """Return a method with some knobs at other values.

    Args:
        config: the method.
        values: by the knobs' keys.

    Raises:
        ConfigError: a key or value that does not fit.
    """
    return apply_settings(config, {key: _plain(value) for key, value in values.items()})


def _plain(value: float) -> str:
    return f"{value:.0f}" if value == round(value) else f"{value:.6g}"


def _offered_scores(config: RunConfig) -> list[str]:
    used = [score.name for score in config.scores]
    inputs = {"alignment"} | {name for one in used for name in SCORES.get(one).inputs}
    if config.tagger is not None:
        inputs.add("target_tags")
    others = [
        name
        for name in SCORES.names()
        if name not in used
        and inputs.issuperset(SCORES.get(name).inputs)
        and SCORES.availability(name).available
        and not issubclass(SCORES.get(name), HoldsModel)
    ]
    return [*used, *others]


def _weight(name: str, config: RunConfig) -> Knob:
    value = next((score.weight for score in config.scores if score.name == name), 0.0)
    summary = (SCORES.get(name).__doc__ or "").partition("\n")[0]
    return Knob(
        key=f"scores.{name}.weight",
        label=f"weight of {name}",
        kind="weight",
        value=value,
        low=0.0,
        high=max(_HIGHEST_WEIGHT, value),
        step=_WEIGHT_STEP,
        help=summary,
    )


def _numbers(
    registry: Registry[Any], choice: ComponentChoice, kind: KnobKind, prefix: str
) -> list[Knob]:
    return [
        _number(one, choice, kind, f"{prefix}.{one.name}")
        for one in registry.parameters(choice.name)
        # A whole number without a limit is about speed; one that may be none has no track.
        if not one.optional
        and (one.kind == "float" or (one.kind == "int" and one.maximum is not None))
    ]


def _number(parameter: Parameter, choice: ComponentChoice, kind: KnobKind, key: str) -> Knob:
    value = float(choice.parameters.get(parameter.name, parameter.default) or 0)
    whole = parameter.kind == "int"
    step = 1.0 if whole else _STEP
    low = float(parameter.minimum or 0) + (step if parameter.open_minimum else 0.0)
    name = parameter.name.replace("_", " ")
    return Knob(
        key=key,
        label=f"{name} of {choice.name}" if kind == "score" else name,
        kind=kind,
        value=value,
        low=min(low, value),
        high=max(_highest(parameter) - (step if parameter.open_maximum else 0.0), value),
        step=step,
        whole=whole,
        help=parameter.help,
    )


def _highest(parameter: Parameter) -> float:
    if parameter.name in _HIGHEST_COUNTS:
        return float(_HIGHEST_COUNTS[parameter.name])
    return float(_HIGHEST_WEIGHT if parameter.maximum is None else parameter.maximum)


def knob_of(found: Sequence[Knob], key: str) -> Knob | None:
    """Return a knob by its key, if there is one."""
    return next((knob for knob in found if knob.key == key), None)
