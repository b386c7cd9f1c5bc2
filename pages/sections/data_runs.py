"""Runs of a project: methods run over it step by step, and runs that come from a file."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.config import RunConfig
from core.methods import method, named_methods
from core.review.running import RunWork, import_run
from core.stage_choice import with_stages
from core.store.database import Store
from core.store.people import Actor
from core.store.projects import Project
from core.store.runs import StoredRun, count_traces, runs
from pages.sections import data_desk
from pages.sections.file_inputs import file_input
from pages.widgets import state, tables

_MOST_METHODS = 9
_RUNNING = "data.running"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A run that is asked for: the project's number, the run's name, and the method."""

    project: int
    name: str
    config: RunConfig


@dataclass(slots=True)
class _Slot:
    """Place for a run that is being made; changed under its lock only."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    work: RunWork | None = None
    stored: int = 0
    total: int = 1
    done: bool = False


@st.cache_resource(max_entries=32, show_spinner=False)
def _slot(store_name: str, project: int, name: str, config_json: str) -> _Slot:  # noqa: ARG001
    return _Slot()


def show_runs(desk: data_desk.Desk, project: Project) -> None:
    """List a project's runs, ask for more, and make those that are asked for.

    Args:
        desk: store and actor.
        project: the project.
    """
    admin = desk.admin()
    listing = st.container()
    may = data_desk.tell_why_not(desk, key="data.runs")
    _ask_for_methods(desk, project, disabled=not may)
    _ask_for_file(desk, project, disabled=not may)
    area = st.container()
    if admin is not None:
        with area:
            _make_wanted(*admin, project)
    if desk.store is not None:
        with listing:
            _show_list(desk.store, project, disabled=not may)


def _ask_for_methods(desk: data_desk.Desk, project: Project, *, disabled: bool) -> None:
    left, right = st.columns([4, 1.4], vertical_alignment="bottom")
    names = left.multiselect(
        "Run methods over it",
        list(named_methods()),
        max_selections=_MOST_METHODS,
        select_all=False,
        help="each with its usual settings; your own come last (python -m core tune --save). What "
        "is done stays, and can be taken up later",
        key="data.methods",
        disabled=disabled,
        persist_state="session",
    )
    asked = right.button(
        "Run",
        type="primary",
        icon=":material/play_arrow:",
        disabled=disabled or not names,
        width="stretch",
        key="data.run",
    )
    if not asked or desk.store is None:
        return
    there = {run.name for run in runs(desk.store, project)}
    told = [f"The project has a run “{name}” already." for name in names if name in there]
    tables.show_texts(told, key="data.there", tone="note")
    pairs = [item.pair for item in data_desk.project_items(desk.store, project)]
    wanted = []
    for name in (name for name in names if name not in there):
        with state.error_guard(f"data.method.{name}"):
            wanted.append(_Wanted(project.id, name, with_stages(method(name), pairs)))
    st.session_state[_RUNNING] = wanted


def _ask_for_file(desk: data_desk.Desk, project: Project, *, disabled: bool) -> None:
    admin = desk.admin()
    with st.expander("A run that was made elsewhere", key="data.expander.run_file"):
        file = file_input(
            "Labelled target sentences, as `python -m core project --out run.jsonl` writes them",
            key="data.run_file",
            help="the same sentences in the same order; failed sentences stay failed",
            disabled=disabled,
        )
        name = st.text_input("Name of the run", key="data.run_name", placeholder="that of the file")
        asked = st.button("Take it", disabled=disabled or file is None, key="data.take_run")
        with st.container(), state.error_guard("data.taking_run"):
            if asked and admin is not None and file is not None:
                store, actor = admin
                run = import_run(
                    store, actor, project, file.name, file.data, run_name=(name or "").strip()
                )
                tables.show_texts([f"Taken as “{run.name}”."], key="data.run_taken", tone="note")


def _make_wanted(store: Store, actor: Actor, project: Project) -> None:
    """Make the runs that are asked for, one after another; a click on anything breaks in."""

    def stop() -> None:
        st.session_state[_RUNNING] = []

    wanted: list[_Wanted] = st.session_state.get(_RUNNING, [])
    for one in [one for one in wanted if one.project == project.id]:
        box = st.empty()
        with box.container():
            tables.show_texts([f"Run: {one.name}"], key=f"data.running.{one.name}")
            bar = st.progress(0.0, "Beginning …")
            st.button("Stop", on_click=stop, key=f"data.stop.{one.name}")
        with state.error_guard(f"data.run.{one.name}"):
            _make(store, actor, project, one, bar)
            box.empty()
        # Also one that cannot be made: its message stays, and it is not tried again.
        st.session_state[_RUNNING] = [left for left in st.session_state[_RUNNING] if left != one]


def _make(
    store: Store, actor: Actor, project: Project, wanted: _Wanted, bar: DeltaGenerator
) -> None:
    """Advance a run step by step until it is whole; other sessions may take turns."""
    slot = _slot(store.name, project.id, wanted.name, wanted.config.model_dump_json())
    state.ready_pipeline(wanted.config)
    while True:
        with slot.lock:
            if not slot.done:
                _advance(slot, store, actor, project, wanted)
        # Here, between two steps, the script ends if its user has done anything.
        bar.progress(slot.stored / slot.total, f"{slot.stored} of {slot.total} sentences …")
        if slot.done:
            return


def _advance(slot: _Slot, store: Store, actor: Actor, project: Project, wanted: _Wanted) -> None:
    """Do one step of a run; the lock is the caller's."""
    # After a step that fails the next one begins with what the store has.
    work, slot.work = slot.work, None
    if work is None:
        work = RunWork.begin(store, actor, project, wanted.config, name=wanted.name)
    else:
        work.advance()
    slot.stored, slot.total = work.stored, max(work.total, 1)
    if work.run.complete:
        work.result()
        slot.done = True
    else:
        slot.work = work


def _show_list(store: Store, project: Project, *, disabled: bool) -> None:
    """List the runs, and offer to go on with those that were left half-way."""

    def go_on(run: StoredRun, config: RunConfig) -> None:
        st.session_state[_RUNNING] = [_Wanted(project.id, run.name, config)]

    found = runs(store, project, unfinished=True)
    if not found:
        tables.show_texts(["No method has been run over it yet."], key="data.no_run", tone="note")
        return
    _show_table(found)
    for run in found:
        if run.complete or run.config is None:
            continue
        left, right = st.columns([4, 1.4], vertical_alignment="center")
        with left:
            tables.show_texts(
                [
                    f"The run “{run.name}” was left half-way: {count_traces(store, run)} of "
                    f"{project.sentences} sentences are kept."
                ],
                key=f"data.unfinished.{run.id}",
                tone="warning",
            )
        right.button(
            "Go on",
            on_click=go_on,
            args=(run, run.config),
            disabled=disabled,
            width="stretch",
            key=f"data.go_on.{run.id}",
        )


def _show_table(found: Sequence[StoredRun]) -> None:
    rows: list[list[tables.Cell]] = [
        [
            run.name,
            "from a file" if run.config is None else run.config.method,
            "whole" if run.complete else "left half-way",
            f"{run.at[:16].replace('T', ' ')}",
            run.by,
        ]
        for run in found
    ]
    tables.show_table(
        ["Run", "Method", "State", "Begun (UTC)", "By"],
        rows,
        caption="Runs of the project.",
        key="data.run_list",
    )
