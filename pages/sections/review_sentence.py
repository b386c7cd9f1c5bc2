"""One sentence under review: its answer, the keys that decide on it, and what each method says."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.explain import entity_letter
from core.linked_text import Marks, class_styles, direction
from core.store.answers import Status
from core.types import Span
from pages.sections.review_desk import PAGE
from pages.sections.review_seat import Seat, accept, decide, take_run, undo_last
from pages.widgets import marked_text, tables, text_view

_SAID: dict[Status, str] = {
    "open": "open",
    "working": "changed, not accepted yet",
    "accepted": "accepted",
    "rejected": "rejected",
    "flagged": "flagged",
}


def show_seat(seat: Seat, on_event: Callable[[text_view.Event], None]) -> None:
    """Show the sentence with its answer, to be changed by hand.

    Args:
        seat: the sentence.
        on_event: takes what is done in the text view.
    """
    _show_status(seat)
    edits = seat.answer.edits
    baseline = seat.projection.spans if seat.projection.failure is None else ()
    text_view.show_pair(
        seat.view,
        key=f"{PAGE}.text",
        marks=Marks(
            selected=seat.entity,
            pins=edits.pins,
            bans=edits.bans,
            added=edits.added,
            removed=edits.removed,
            baseline=baseline if seat.view.spans != baseline else None,
        ),
        editable=seat.free,
        can_undo=seat.free and seat.state.version > 0,
        subject=str(seat.sentence),
        can_redo=seat.free and seat.state.kind in ("undo", "redo"),
        on_event=on_event,
    )


def _show_status(seat: Seat) -> None:
    told = [_SAID[seat.answer.status]]
    if seat.state.version:
        when = seat.state.at[:16].replace("T", " ")
        told.append(f"{seat.state.kind} by {seat.state.reviewer}, {when} UTC")
    failure = seat.projection.failure
    with st.container(key=f"{PAGE}.status"):
        st.text(" · ".join(told))
    with st.container():
        if failure is not None:
            tables.show_texts(
                [f"The run failed here ({failure.stage}): {failure.message}"],
                key=f"{PAGE}.failure",
                tone="error",
            )
            st.button(
                "Accept it without entities",
                key=seat.key("accept_empty"),
                disabled=not seat.free or not seat.says_nothing,
                on_click=partial(accept, seat, "accepted", "accept"),
            )


def show_keys(seat: Seat) -> None:
    """Offer what is said with one key, each key on its button."""
    off = not seat.free
    with st.container(horizontal=True, gap="small", key=f"{PAGE}.keys"):
        for name, shortcut, status, kind, icon in (
            ("Accept", "A", "accepted", "accept", "check"),
            ("Reject", "X", "rejected", "reject", "close"),
            ("Flag", "F", "flagged", "flag", "flag"),
        ):
            st.button(
                name,
                key=seat.key(name.lower()),
                icon=f":material/{icon}:",
                shortcut=shortcut,
                disabled=off,
                type="primary" if name == "Accept" else "secondary",
                on_click=partial(decide, seat, status, kind),
            )
        st.button(
            "Undo",
            key=f"{PAGE}.undo",
            icon=":material/undo:",
            shortcut="U",
            disabled=not seat.desk.actor.may("reviewer"),
            on_click=partial(undo_last, seat.desk),
            help="takes back the last thing you did one by one, and goes there",
        )


def show_methods(seat: Seat) -> None:
    """Show what every method says, each with the number key that takes it.

    Where methods say the same, the sentence is shown once: what differs is what one looks for.
    """
    tables.show_heading("Take a method's answer")
    outcomes = [run.outcomes[seat.place] for run in seat.desk.runs.values()]
    styles = class_styles({span.label for one in outcomes for span in one.spans})
    seen = {seat.answer.plain_spans: "as it stands"}
    for number, (run, outcome) in enumerate(zip(seat.desk.stored, outcomes, strict=True), start=1):
        failed = outcome.failure is not None
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.button(
                "Take",
                key=seat.key(f"take.{number}"),
                shortcut=str(number),
                disabled=not seat.free or failed,
                on_click=partial(take_run, seat, run),
                help=f"Accept the answer of {run.name}",
            )
            key = f"{PAGE}.method.{number}"
            if outcome.failure is not None:
                tables.show_texts([f"{run.name} failed: {outcome.failure.message}"], key=key)
            elif outcome.spans in seen:
                tables.show_texts([f"{run.name}: {seen[outcome.spans]}"], key=key)
            else:
                seen[outcome.spans] = f"as {run.name}"
                target = outcome.pair.target
                marked_text.show_marked(
                    target,
                    [_mark(span, styles) for span in outcome.spans],
                    direction=direction(target.language),
                    key=key,
                    below=marked_text.second_line(run.name, {"dir": "ltr"}, tone="translation"),
                )


def _mark(span: Span, styles: dict[str, str]) -> marked_text.Mark:
    return marked_text.Mark(span, styles[span.label], span.label)


def entity_name(seat: Seat, entity: int) -> str:
    """Return a source entity as lists show it."""
    source = seat.view.pair.source
    span = source.spans[entity]
    return f"{entity_letter(entity)} {span.label} {source.text_of(span)}"
