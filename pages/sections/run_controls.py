"""A long run on a page: its state, its buttons, and what came of the last click."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from core import jobs
from core.errors import SpanbridgeError
from core.jobs import Run
from core.store.launches import record_runs
from core.store.people import Actor, require
from pages.widgets import reviewer, tables

TOLD = "runs.told"
LOOK_SECONDS = 2.0
Offer = tuple[str, str, bool, Callable[[], object], str]
_MEANINGS = {
    "queued": "waits for its turn",
    "running": "running",
    "done": "done",
    "failed": "failed",
    "stopped": "stopped",
    "lost": "lost: its processes went away",
}


def is_moving(found: Sequence[Run]) -> bool:
    """Tell whether any of these runs goes on, or waits."""
    return any(one.state in ("running", "queued") for one in found)


def how_far(run: Run) -> str:
    """Return which stage a run is at, and how far; empty where it has not said."""
    beat = jobs.heartbeat_of(run)
    if beat is None or not beat.stage:
        return ""
    return f"{beat.stage} {beat.done} of {beat.total or '?'}"


def show_told() -> None:
    """Tell what came of the last click."""
    # It stays until the next click: the page is drawn anew every other second.
    with st.container():
        if TOLD in st.session_state:
            text, tone = st.session_state[TOLD]
            tables.show_texts([text], key=TOLD, tone=tone)


def attempt(actor: Actor | None, action: Callable[[], object], done: str) -> None:
    """Do something with a run on a click; what came of it is told when the page is drawn.

    Args:
        actor: who asks; starting and stopping takes the role admin.
        action: what to do.
        done: said when it worked.
    """
    tone: tables.Tone = "note"
    try:
        if actor is None:
            done, tone = "Say in the sidebar who you are: a run bears a name.", "warning"
        else:
            require(actor, "admin", "start or stop a run")
            action()
            record_runs(reviewer.store(), jobs.list_runs(), by=actor.name)
    except SpanbridgeError as error:
        done, tone = str(error), "error"
    st.session_state[TOLD] = (done, tone)


def show_state(run: Run, *, page: str) -> None:
    """Show what a run does, and how far it is.

    Args:
        run: any.
        page: first part of the widget keys.
    """
    beat = jobs.heartbeat_of(run)
    status = run.status
    told = [f"{run.plan.name}: {_MEANINGS[run.state]}"]
    if status.attempt > 1:
        told.append(f"attempt {status.attempt}")
    if status.reason:
        told.append(status.reason)
    if run.state == "running" and beat is not None:
        told.append(f"heartbeat {beat.seconds:.0f} s ago")
    tone: tables.Tone = "error" if run.state in ("failed", "lost") else "plain"
    with st.container():
        tables.show_texts([" · ".join(told)], key=f"{page}.state", tone=tone)
    with st.container():
        if beat is not None and beat.total and run.state != "done":
            st.progress(min(beat.done / beat.total, 1.0), f"{how_far(run)}")


def show_actions(actor: Actor | None, run: Run, *, page: str, more: Sequence[Offer] = ()) -> None:
    """Show the buttons that start, stop and resume a run.

    Args:
        actor: who is there; None as long as nobody has said.
        run: any.
        page: first part of the widget keys.
        more: further buttons: name, icon, whether it can be pressed, what it does, what is told.
    """
    offered: list[Offer] = [
        ("Start", "play_arrow", run.state == "queued", partial(jobs.start, run.id), "Started"),
        ("Stop", "stop", run.state in ("queued", "running"), partial(jobs.stop, run.id), "Stopped"),
        (
            "Resume",
            "resume",
            run.state in ("failed", "stopped", "lost"),
            partial(jobs.resume, run.id),
            "Goes on, or waits for its turn",
        ),
    ]
    offered += more
    with st.container(horizontal=True, gap="small"):
        for name, icon, possible, action, done in offered:
            # The run is in the key: a press that was meant for another one is dropped.
            st.button(
                name,
                key=f"{page}.{name.partition(' ')[0].lower()}.{run.id}",
                icon=f":material/{icon}:",
                disabled=not possible,
                on_click=partial(attempt, actor, action, f"{done}: {run.id}."),
            )
