"""A new run: task, data, method with its parameters, recipe, estimate; then it is started."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from core import jobs
from core.commands.train import plan_training
from core.config import ComponentChoice, ParameterValue
from core.registry import Parameter
from core.store.people import Actor
from core.training.augmenting import augmentation_names
from core.training.methods import method_names, method_parameters, method_summary
from core.training.spec import (
    RECIPES,
    Kind,
    TrainingSpec,
    component_text,
    make_recipe,
    recipe_fields,
)
from pages.sections import run_controls, train_data, train_runs
from pages.sections.train_runs import PAGE
from pages.widgets import forms, state, tables

_MINUTE, _MEBIBYTE = 60, 1 << 20
_TASKS: dict[Kind, str] = {"ner": "Named entities", "qa": "Question answering"}
_USUAL: dict[tuple[Kind, str], str] = {
    ("ner", "data"): "English-EWT is taken, all of its training split",
    ("ner", "dev"): "English-EWT's dev split chooses the weights",
    ("qa", "data"): "SQuAD is taken",
    ("qa", "dev"): "nothing is measured, and the last weights are kept",
}
# What people change most; the rest is one click away.
_FIRST = ("base", "updates", "epochs", "batch", "learning_rate", "seed")


def show_form(actor: Actor | None) -> None:
    """Ask for a run, say what it will take, and start it.

    Args:
        actor: who is there; None as long as nobody has said.
    """
    told = st.container()
    task: Kind = st.segmented_control(
        "Task",
        list(RECIPES),
        format_func=lambda one: _TASKS[one],
        default="ner",
        required=True,
        key=f"{PAGE}.task",
        persist_state="session",
    )
    left, right = st.columns(2, gap="large")
    with left:
        tables.show_heading("Training data")
        data = train_data.parts_input(actor, task, "data", usual=_USUAL[task, "data"])
        tables.show_heading("Clean data that chooses the weights")
        dev = train_data.parts_input(actor, task, "dev", usual=_USUAL[task, "dev"])
    with right:
        method = _method_input(task)
        augment = _augment_input(task)
        values = _recipe_inputs(task)
    with st.container(), state.error_guard(f"{PAGE}.form"):
        recipe = make_recipe(task, values)
        spec = TrainingSpec(
            task=task, data=data, dev=dev, recipe=recipe, method=method, augment=augment
        )
        _show_start(actor, spec)
    with told:
        run_controls.show_told()


def _method_input(task: Kind) -> ComponentChoice:
    tables.show_heading("Method")
    names = method_names()
    name = st.selectbox(
        "Trained by",
        names,
        index=names.index("plain"),
        key=f"{PAGE}.{task}.method",
        persist_state="session",
    )
    st.caption(method_summary(name))
    values = forms.parameter_inputs(method_parameters(name), {}, key=f"{PAGE}.{task}.method.{name}")
    return ComponentChoice(name=name, parameters=values)


def _augment_input(task: Kind) -> tuple[ComponentChoice, ...]:
    chosen = st.multiselect(
        "Add copies of the data changed by",
        augmentation_names(task),
        key=f"{PAGE}.{task}.augment",
        help="perturbations of the training data; those of test sets are on the page Evaluate",
        select_all=False,
        persist_state="session",
    )
    return tuple(ComponentChoice(name=name) for name in chosen)


def _recipe_inputs(task: Kind) -> dict[str, ParameterValue]:
    fields = recipe_fields(task)
    first = [one for one in fields if one.name in _FIRST]
    tables.show_heading("How")
    key = f"{PAGE}.{task}.recipe"
    left, right = st.columns(2)
    with left:
        values = _inputs(first[::2], key=key)
    with right:
        values |= _inputs(first[1::2], key=key)
    with st.expander("More", key=f"{key}.expander"):
        values |= _inputs([one for one in fields if one not in first], key=key)
    return values


def _inputs(fields: Sequence[Parameter], *, key: str) -> dict[str, Any]:
    return dict(forms.parameter_inputs(fields, {}, key=key))


def _show_start(actor: Actor | None, spec: TrainingSpec) -> None:
    usual = f"{spec.task} {component_text(spec.method)}, seed {spec.recipe.seed}"
    name = st.text_input(
        "What to call it", key=f"{PAGE}.name", placeholder=usual, persist_state="session"
    )
    left, right = st.columns([1, 1])
    asked = left.button(
        "Estimate time, memory and disk", key=f"{PAGE}.estimate", icon=":material/speed:"
    )
    right.button(
        "Start",
        type="primary",
        icon=":material/play_arrow:",
        key=f"{PAGE}.begin",
        on_click=partial(_begin, actor, spec, (name or "").strip() or usual),
    )
    if asked:
        with st.spinner("Reading the data …"):
            _show_estimate(spec)


def _begin(actor: Actor | None, spec: TrainingSpec, name: str) -> None:
    def begin() -> None:
        plan, _ = plan_training(spec, name=name)
        run = jobs.create(plan)
        st.session_state[train_runs.CHOSEN] = run.id
        jobs.start()

    run_controls.attempt(actor, begin, f"“{name}” is on its way: the tab Runs shows it.")


def _show_estimate(spec: TrainingSpec) -> None:
    plan, found = plan_training(spec)
    free = jobs.free_memory()
    rows: list[list[tables.Cell]] = [
        ["steps", f"{found.updates:,}"],
        ["time on this machine", f"about {max(1, round(found.seconds / _MINUTE)):,} min"],
        ["memory", f"{found.memory_bytes / _MEBIBYTE:,.0f} MiB"],
        ["memory that is free now", f"{free / _MEBIBYTE:,.0f} MiB"],
        ["disk", f"{found.disk_bytes / _MEBIBYTE:,.0f} MiB"],
        ["weights that learn", f"{found.learning:,} of {found.weights:,}"],
        ["files", f"{len(plan.data)}"],
    ]
    tables.show_table(
        ["", "At most"],
        rows,
        caption="What it will take, roughly and on the side of too much.",
        key=f"{PAGE}.estimated",
    )
