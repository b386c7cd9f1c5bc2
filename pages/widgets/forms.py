"""Inputs made from what components say of their parameters."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st

from core.aligners import ALIGNERS
from core.candidates import CANDIDATES
from core.config import (
    ComponentChoice,
    ParameterValue,
    RunConfig,
    ScoreChoice,
    apply_settings,
)
from core.encoders import Encoder
from core.methods import named_methods
from core.projectors import PROJECTORS
from core.registry import Parameter, Registry, describe_parameters
from core.routes import ROUTES
from core.scores import SCORES

# Smallest step off a bound that is itself not allowed; learning rates and noise come near it.
_OFF_OPEN_BOUND = 1e-9
_STEP, _FINE_STEP = 0.1, 0.05


def method_inputs(page: str, *, settings: Mapping[str, str] | None = None) -> RunConfig:
    """Ask for a method, its components, their parameters and the weights of its scores.

    Args:
        page: first part of the widget keys.
        settings: values to start from instead of the method's own, as `--set` takes them.

    Returns:
        The configuration; only parameters that differ from a component's defaults are in it.
    """
    methods = named_methods()
    name = st.selectbox(
        "Method",
        list(methods),
        key=f"{page}.method",
        persist_state="session",
    )
    _show_description(methods[name].description, key=f"{page}.method_description")
    preset = apply_settings(methods[name].config, settings or {})
    key = f"{page}.{name}"
    with st.expander("Word aligner and encoder", key=f"{page}.expander.links"):
        aligner = choose_component(ALIGNERS, preset.aligner, key=f"{key}.aligner")
        encoder = _encoder_inputs(preset.encoder, key=f"{key}.encoder")
    changes: dict[str, Any] = {"aligner": aligner, "encoder": encoder}
    if ROUTES.parameters(preset.route.name):
        with st.expander("Route", key=f"{page}.expander.route"):
            changes["route"] = component_inputs(ROUTES, preset.route, key=f"{key}.route")
    if preset.scores:
        with st.expander("Candidates", key=f"{page}.expander.candidates"):
            changes["candidates"] = tuple(
                component_inputs(CANDIDATES, choice, key=f"{key}.candidates.{choice.name}")
                for choice in _chosen_candidates(preset.candidates, key=f"{key}.candidates")
            )
        with st.expander("Scores and weights", key=f"{page}.expander.scores"):
            changes["scores"] = _score_inputs(preset.scores, key=f"{key}.scores")
    with st.expander("Matching", key=f"{page}.expander.projector"):
        changes["projector"] = component_inputs(
            PROJECTORS, preset.projector, key=f"{key}.projector"
        )
        changes["labels"] = _label_input(preset.labels, key=f"{key}.labels")
    return preset.model_copy(update=changes)


def _show_description(text: str, *, key: str) -> None:
    """Show what somebody wrote of a method as text, never interpreted."""
    with st.container(key=key):
        st.html(f'<div class="sb-caption" dir="auto"><p>{escape(_capitalised(text))}</p></div>')


def component_inputs(
    registry: Registry[Any], choice: ComponentChoice, *, key: str
) -> ComponentChoice:
    """Show a component with one input a parameter; one that cannot run here says what is missing.

    Args:
        registry: the component's family.
        choice: the component and the values to start from.
        key: first part of the widget keys.
    """
    availability = registry.availability(choice.name)
    if not availability.available:
        st.warning(f"{choice.name} is not available here. To install it: `{availability.hint}`")
    parameters = registry.parameters(choice.name)
    st.caption(_summary(registry, choice.name))
    values = parameter_inputs(parameters, choice.parameters, key=key)
    return ComponentChoice(name=choice.name, parameters=values)


def parameter_inputs(
    parameters: Sequence[Parameter], start: dict[str, ParameterValue], *, key: str
) -> dict[str, ParameterValue]:
    """Show one input a parameter.

    Args:
        parameters: what to ask for.
        start: values to start from where they differ from the defaults.
        key: first part of the widget keys.

    Returns:
        The values that differ from the parameters' defaults.
    """
    values = {
        parameter.name: _input(
            parameter, start.get(parameter.name, parameter.default), key=f"{key}.{parameter.name}"
        )
        for parameter in parameters
    }
    defaults = {parameter.name: parameter.default for parameter in parameters}
    return {name: value for name, value in values.items() if value != defaults[name]}


def _input(parameter: Parameter, value: ParameterValue, *, key: str) -> ParameterValue:
    label = parameter.name.replace("_", " ")
    common: dict[str, Any] = {"key": key, "help": parameter.help or None}
    common["persist_state"] = "session"
    match parameter.kind:
        case "bool":
            return bool(st.toggle(label, value=bool(value), **common))
        case "int" | "float":
            return _number_input(parameter, label, value, common)
        case "choice":
            index = parameter.choices.index(str(value)) if value is not None else None
            choice: str | None = st.selectbox(label, parameter.choices, index=index, **common)
            return choice
        case "text":
            text = st.text_input(label, value="" if value is None else str(value), **common)
            return None if parameter.optional and not text else text


def _number_input(
    parameter: Parameter, label: str, value: ParameterValue, common: dict[str, Any]
) -> ParameterValue:
    whole = parameter.kind == "int"
    kind: type[int] | type[float] = int if whole else float
    low, high = parameter.minimum, parameter.maximum
    if low is not None and parameter.open_minimum:
        low = low + (1 if whole else _OFF_OPEN_BOUND)
    if high is not None and parameter.open_maximum:
        high = high - (1 if whole else _OFF_OPEN_BOUND)
    step: float = 1 if whole else _FINE_STEP if high is not None and high <= 1 else _STEP
    usual = abs(float(parameter.default or 0)) if parameter.kind == "float" else 0.0
    if 0 < usual < step:
        step = usual  # what is that small is changed by as little
    number: int | float | None = st.number_input(
        label,
        min_value=None if low is None else kind(low),
        max_value=None if high is None else kind(high),
        value=None if value is None else kind(value),
        step=kind(step),
        format=None if whole else "%g",  # two decimals would show 0.001 as 0.00
        placeholder="none" if parameter.optional else None,
        **common,
    )
    if number is None and not parameter.optional:  # the field was emptied
        return parameter.default
    return number


def choose_component(
    registry: Registry[Any],
    preset: ComponentChoice,
    *,
    key: str,
    label: str = "",
    without: Collection[str] = (),
) -> ComponentChoice:
    """Ask which component of a family, then for its parameters."""
    names = [name for name in registry.names() if name not in without]

    def describe(name: str) -> str:
        return name if registry.availability(name).available else f"{name} (not installed)"

    name = st.selectbox(
        label or registry.family.capitalize(),
        names,
        index=names.index(preset.name),
        format_func=describe,
        key=key,
        persist_state="session",
    )
    choice = preset if name == preset.name else ComponentChoice(name=name)
    return component_inputs(registry, choice, key=f"{key}.{name}")


def _encoder_inputs(preset: ComponentChoice, *, key: str) -> ComponentChoice:
    st.caption("Encoder: the model whose word vectors links and meaning come from")
    values = parameter_inputs(describe_parameters(Encoder), preset.parameters, key=key)
    return ComponentChoice(name=preset.name, parameters=values)


def _chosen_candidates(
    preset: Sequence[ComponentChoice], *, key: str
) -> tuple[ComponentChoice, ...]:
    """Ask which extractors propose spans; their sets are united."""
    names = st.multiselect(
        "Proposed by",
        CANDIDATES.names(),
        default=[choice.name for choice in preset],
        key=key,
        persist_state="session",
    )
    known = {choice.name: choice for choice in preset}
    return tuple(known.get(name, ComponentChoice(name=name)) for name in names)


def _score_inputs(preset: Sequence[ScoreChoice], *, key: str) -> tuple[ScoreChoice, ...]:
    """Ask for the weight of every score there is; weight 0 leaves a score out."""
    known = {choice.name: choice for choice in preset}
    chosen = []
    for name in SCORES.names():
        availability = SCORES.availability(name)
        start = known.get(name, ScoreChoice(name=name, weight=0.0))
        weight = st.slider(
            f"weight of **{name}**",
            min_value=0.0,
            max_value=3.0,
            value=float(start.weight),
            step=0.05,
            key=f"{key}.{name}.weight",
            help=_summary(SCORES, name),
            disabled=not availability.available,
            persist_state="session",
        )
        if not availability.available:
            st.caption(f"{name} is not available here. To install it: `{availability.hint}`")
        elif weight > 0:
            with st.container(border=True):
                values = parameter_inputs(
                    SCORES.parameters(name), start.parameters, key=f"{key}.{name}"
                )
            chosen.append(ScoreChoice(name=name, weight=weight, parameters=values))
    return tuple(chosen)


def _label_input(preset: tuple[str, ...] | None, *, key: str) -> tuple[str, ...] | None:
    text = st.text_input(
        "classes to keep",
        value=", ".join(preset or ()),
        key=key,
        placeholder="all",
        help="such as PER, LOC; others are dropped before projection and compete for no words",
        persist_state="session",
    )
    return tuple(filter(None, (label.strip() for label in text.split(",")))) or None


def _capitalised(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _summary(registry: Registry[Any], name: str) -> str:
    return (registry.get(name).__doc__ or "").partition("\n")[0]
