"""Runs: what each of them does, how far it is, its curves and its log; stop, resume, compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from core import jobs
from core.errors import StoreError
from core.jobs import Run
from core.jobs.comparing import series
from core.store.launches import Launch, launches, pin, record_runs
from core.store.people import Actor
from pages.sections import run_controls
from pages.sections.paging import page_of
from pages.sections.run_controls import LOOK_SECONDS, TOLD, Offer, how_far, is_moving, show_told
from pages.widgets import addresses, curves, reviewer, state, tables

PAGE = "train"
CHOSEN = f"{PAGE}.run"
_LOG_LINES = 200
_PER_PAGE = 20


def show_runs(actor: Actor | None) -> None:
    """List the runs and show one of them; looks again by itself while any of them goes on.

    Args:
        actor: who is there; None as long as nobody has said.
    """
    found = jobs.reconcile()
    told = addresses.take_from_address(CHOSEN, "run", [one.id for one in found])
    if told:
        st.session_state[TOLD] = (told, "warning")
    moving = is_moving(found)
    look = st.fragment(_look, run_every=LOOK_SECONDS if moving else None)
    look(actor, moving=moving)


def _look(actor: Actor | None, *, moving: bool) -> None:
    with st.container(), state.error_guard(f"{PAGE}.runs"):
        found = jobs.reconcile()[::-1]
        if moving != is_moving(found):
            st.rerun()  # begin to look again by itself, or cease
        show_told()
        if not found:
            tables.show_texts(
                [f"There is no run yet in {jobs.runs_folder()}."], key=f"{PAGE}.none", tone="note"
            )
            return
        rows = _rows(found)
        _show_list(found, rows)
        # One that goes on is what people come to look at.
        run = choose_run(sorted(found, key=lambda one: one.state != "running"))
        if run is not None:
            _show_run(actor, run, rows.get(run.id))


def _rows(found: Sequence[Run]) -> dict[str, Launch]:
    """Write down what became of the runs, and return the store's rows of this folder by run."""
    try:
        store = reviewer.store()
        record_runs(store, found)
        return {one.run: one for one in launches(store, jobs.runs_folder())}
    except StoreError as error:  # the runs go on without it
        tables.show_texts([str(error)], key=f"{PAGE}.store", tone="warning")
        return {}


def choose_run(found: Sequence[Run]) -> Run | None:
    """Ask for a run.

    Args:
        found: the runs, the one that is shown first in front.
    """
    runs = {one.id: one for one in found}
    name = st.selectbox(
        "Run",
        list(runs),
        format_func=lambda one: f"{one}: {runs[one].plan.name}" if one in runs else one,
        key=CHOSEN,
        persist_state="session",
    )
    addresses.write_address({"run": name or ""})
    return runs.get(name or "")


def _show_list(found: Sequence[Run], rows: Mapping[str, Launch]) -> None:
    cells: list[list[tables.Cell]] = [
        [
            *(one.id, one.plan.name, one.state, how_far(one)),
            one.created[:16].replace("T", " "),
            rows[one.id].by if one.id in rows else "",
            "pinned" if one.id in rows and rows[one.id].pinned_by else "",
        ]
        for one in page_of(found, per_page=_PER_PAGE, key=f"{PAGE}.list")
    ]
    gone = rows.keys() - {one.id for one in found}
    lost = f" The folders of {len(gone)} earlier runs are gone." if gone else ""
    tables.show_table(
        ["Run", "Name", "State", "How far", "Asked for (UTC)", "By", "As tagger"],
        cells,
        caption=f"Runs in {jobs.runs_folder()}, the newest first.{lost}",
        key=f"{PAGE}.runs_table",
    )


def _show_run(actor: Actor | None, run: Run, row: Launch | None) -> None:
    with st.container(border=True, key=f"{PAGE}.chosen"):
        run_controls.show_state(run, page=PAGE)
        pinned = row is not None and bool(row.pinned_by)
        is_tagger = run.plan.config.get("task") == "ner"
        more = [_pin_action(actor, run, pinned=pinned)] if is_tagger else []
        run_controls.show_actions(actor, run, page=PAGE, more=more)
        records, _ = jobs.metrics_after(run)
        measured = {name: {run.id: values} for name, values in series(records).items()}
        show_measured(measured, key=f"{PAGE}.curves")
        with st.expander("Log", key=f"{PAGE}.expander.log", expanded=run.state == "failed"):
            text = jobs.log_end(run, _LOG_LINES).text
            # A code block interprets nothing.
            st.code(text or "nothing yet", language=None, height=320, wrap_lines=True)
        with st.expander("What was asked for", key=f"{PAGE}.expander.asked"):
            _show_asked(run)


def _pin_action(actor: Actor | None, run: Run, *, pinned: bool) -> Offer:
    def change() -> None:
        if actor is not None:  # nobody else comes this far: `attempt` asks first
            pin(reviewer.store(), actor, run, pinned=not pinned)

    if pinned:
        return "Unpin", "keep_off", True, change, "No longer offered for projection"
    told = "Offered as labeller and tagger wherever sentences are projected"
    return "Pin as tagger", "keep", run.state == "done", change, told


def show_measured(measured: curves.Curves, *, key: str) -> None:
    """Show curves and a table of what was measured, metric by metric.

    Args:
        measured: metric → run → step → value.
        key: first part of the widget keys.
    """
    if not measured:
        tables.show_texts(["Nothing was measured yet."], key=f"{key}.none", tone="note")
        return
    alt = f"Curves of {', '.join(measured)} over the steps."
    curves.show_curves(measured, alt=f"{alt} The table below holds the last values.", key=key)
    rows: list[list[tables.Cell]] = []
    for metric, runs in measured.items():
        for name, values in runs.items():
            rows.append(
                [metric, name, max(values), f"{values[max(values)]:.5g}"]
                + [f"{best:.5g}" for best in (min(values.values()), max(values.values()))]
            )
    tables.show_table(
        ["Measured", "Run", "Step", "Last", "Least", "Greatest"],
        rows,
        caption="What was measured last.",
        key=f"{key}.table",
    )


def _show_asked(run: Run) -> None:
    plan = run.plan
    asked: dict[str, Any] = {
        "command": " ".join(["python -m", plan.module, *plan.words]),
        "folder": str(run.folder),
        "seed": plan.seed,
        "code version": run.version,
        **plan.config,
        **{f"data {name}": digest for name, digest in plan.data.items()},
    }
    tables.show_table(
        ["", "Value"],
        [[name, str(value)] for name, value in asked.items()],
        caption="What was asked for; it never changes.",
        key=f"{PAGE}.asked",
    )
