"""Runs that evaluate models: which there are, what they are over, and how to call them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from core import jobs
from core.jobs import Plan, Run
from core.training.spec import Kind, file_hash
from pages.widgets import curves, tables

PAGE = "evaluate"
BUNDLED = "default"
CLEAN = "clean"
TASKS: dict[Kind, str] = {"ner": "Named entities", "qa": "Question answering"}
_MOST = 12
_FIXED_SPACE = "\N{NO-BREAK SPACE}"


def task_input(key: str, usual: Kind = "ner") -> Kind:
    """Ask which kind of models it is about.

    Args:
        key: of the widget.
        usual: what it begins with.
    """
    task: Kind = st.segmented_control(
        "Task",
        list(TASKS),
        format_func=lambda one: TASKS[one],
        default=usual,
        required=True,
        key=key,
        persist_state="session",
    )
    return task


def evaluations() -> list[Run]:
    """Return all runs that evaluate a model, the newest first."""
    return [one for one in jobs.reconcile()[::-1] if one.plan.config.get("task") == "evaluate"]


def task_of(run: Run) -> Kind:
    """Return which kind of model a run evaluates."""
    return "qa" if "--questions" in run.plan.words else "ner"


def ended_of(found: Sequence[Run], task: Kind) -> dict[str, Run]:
    """Return those of a task that have ended well, by id; what others do is told.

    Args:
        found: from `evaluations`.
        task: which of them.
    """
    own = [one for one in found if task_of(one) == task]
    waiting = [f"{one.id} is {one.state}" for one in own if one.state != "done"]
    with st.container():
        tables.show_texts(waiting[:_MOST], key=f"{PAGE}.waiting", tone="note")
    return {one.id: one for one in own if one.state == "done"}


def trained_models(task: Kind) -> dict[str, Run]:
    """Return the runs that have trained a model, by id, the newest first."""
    runs = jobs.list_runs()[::-1]
    return {
        one.id: one for one in runs if one.state == "done" and one.plan.config.get("task") == task
    }


def model_folder(run: Run) -> str:
    """Return where a run keeps the model that it has trained."""
    return str(run.folder / "artefacts" / "model")


def method_of(plan: Plan) -> str:
    """Return how a model is trained, with what its data are enlarged by."""
    config = plan.config
    return " + ".join(str(config[one]) for one in ("method", "augment") if config.get(one))


def title_of(run: Run) -> str:
    """Return what to call an evaluation: its id, and the model's method and seed."""
    seed = "" if run.plan.seed is None else f", seed {run.plan.seed}"
    return f"{run.id} {method_of(run.plan)}{seed}".strip()


def hash_of(source: str) -> str:
    """Return the hash of a file, empty where it is none."""
    path = Path(source)
    return file_hash(path) if path.is_file() else ""


def show_drops(
    rows: Mapping[str, Mapping[str, Any]], titles: Mapping[str, str], *, key: str
) -> None:
    """Show as bars what each perturbation changes, where there is any.

    Args:
        rows: run → what it found on one test set.
        titles: run → what to call it.
        key: widget key.
    """
    bars = {
        titles[run]: {name: -found["drop_points"] for name, found in one["perturbed"].items()}
        for run, one in rows.items()
    }
    if any(bars.values()):
        tables.show_heading("Change of F1 under each perturbation, in points")
        curves.show_bars(
            bars,
            title="points of F1",
            alt="Bars: the change of F1 by perturbation and model. The table below says the same.",
            key=key,
        )


def spread_text(mean: float, sd: float | None, *, sign: str = "") -> str:
    """Return a mean with its standard deviation, kept on one line.

    Args:
        mean: over seeds.
        sd: None for a single seed.
        sign: `+` shows the sign of a mean that is not negative too.
    """
    told = f"{mean:{sign}.2f}"
    return told if sd is None else f"{told}{_FIXED_SPACE}±{_FIXED_SPACE}{sd:.2f}"


def percent(share: float) -> str:
    """Return a share of 1 in percent."""
    return f"{100 * share:.2f}"


def chance(p: float | None) -> str:
    """Return a p-value as tables show it."""
    if p is None:
        return ""
    return "< 0.001" if p < 0.001 else f"{p:.3f}"
