"""Several training runs side by side: their curves, and what was asked for differently."""

from __future__ import annotations

import streamlit as st

from core import jobs
from core.jobs.comparing import series
from pages.sections.train_runs import PAGE, show_measured
from pages.widgets import tables

_MOST_COMPARED = 8


def show_comparison() -> None:
    """Show the curves of several runs in one chart, and what was asked for differently."""
    runs = {one.id: one for one in jobs.list_runs()[::-1]}
    chosen = st.multiselect(
        "Runs to compare",
        list(runs),
        format_func=lambda one: f"{one}: {runs[one].plan.name}" if one in runs else one,
        max_selections=_MOST_COMPARED,
        select_all=False,
        key=f"{PAGE}.compared",
        persist_state="session",
    )
    if len(chosen) < 2:
        tables.show_texts(["Choose two runs or more."], key=f"{PAGE}.choose", tone="note")
        return
    found = [runs[name] for name in chosen]
    measured: dict[str, dict[str, dict[int, float]]] = {}
    for run in found:
        for metric, values in series(jobs.metrics_after(run)[0]).items():
            measured.setdefault(metric, {})[run.id] = values
    differences = jobs.compare(found)["differences"]
    rows: list[list[tables.Cell]] = [
        [name, *(_told(values[run.id]) for run in found)] for name, values in differences.items()
    ]
    tables.show_table(
        ["", *chosen], rows, caption="What was asked for differently.", key=f"{PAGE}.differences"
    )
    show_measured(measured, key=f"{PAGE}.compared_curves")


def _told(value: object) -> str:
    return "" if value is None else str(value)
