"""Accepting many sentences at once, undoing it in one step, and checking how right it was."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import streamlit as st

from core.review.bulk import (
    Acceptable,
    BatchCheck,
    acceptances,
    check_of_batch,
    find_acceptable,
)
from core.review.precision import more_to_check
from core.review.queue import class_names
from core.store import decisions
from core.store.decisions import Batch, Standing
from pages.sections import review_desk as desks
from pages.sections import review_queue
from pages.sections.review_desk import PAGE, Desk
from pages.widgets import reviewer, tables

_ANY = ""
_HALF_WIDTH = 0.05
_MOST_BATCHES = 10


def show_bulk(desk: Desk) -> None:
    """Show the filter with what it would accept, and the bulk changes so far."""
    left, right = st.columns(2, gap="medium")
    with left:
        _accept_form(desk)
    with right:
        _show_batches(desk)


def _accept_form(desk: Desk) -> None:
    tables.show_heading("Accept by filter")
    standing = desk.standing()
    margin = _margin_input()
    label = st.selectbox(
        "With the class",
        [_ANY, *class_names(desk.corpus)],
        format_func=lambda one: one or "any",
        key=f"{PAGE}.bulk_class",
    )
    unanimous = st.checkbox(
        "All methods say the same",
        len(desk.stored) > 1,
        key=f"{PAGE}.bulk_unanimous",
        disabled=len(desk.stored) < 2,
    )
    found = find_acceptable(
        desk.corpus,
        statuses={place: one.status for place, one in standing.items()},
        noted=desk.noted(),
        least_margin=margin,
        label=label,
        survey=desk.survey,
        unanimous=unanimous,
    )
    _show_found(desk, found)
    told = f"margin ≥ {margin:g}{f', {label}' if label else ''}{', unanimous' if unanimous else ''}"
    st.button(
        f"Accept {len(found.places)} sentences",
        key=f"{PAGE}.bulk_accept",
        disabled=not found.places or not desk.actor.may("reviewer"),
        on_click=partial(_accept, desk, found, standing, f"accepted {desk.main.name}: {told}"),
    )


def _margin_input() -> float:
    return st.slider(
        "Margin of every decision at least",
        0.0,
        2.0,
        0.5,
        0.05,
        key=f"{PAGE}.bulk_margin",
        help="the score of the chosen span minus that of the second best",
    )


def _show_found(desk: Desk, found: Acceptable) -> None:
    spans = sum(len(desk.corpus.outcomes[place].spans) for place in found.places)
    told = f"{len(found.places)} sentences that nobody has looked at, with {spans} entities, fit."
    if found.noted:
        told += f" {len(found.noted)} more fit and have a note: they are left to be looked at."
    tables.show_texts([told], key=f"{PAGE}.bulk_told")


def _accept(
    desk: Desk, found: Acceptable, standing: Mapping[int, Standing], description: str
) -> None:
    """Accept what was shown to fit, on the versions it was shown in."""

    def accept() -> None:
        changes = acceptances(desk.items, found.places, standing, desk.corpus, desk.main.id)
        result = decisions.decide_many(
            reviewer.store(),
            desk.actor,
            desk.project,
            changes,
            "accept",
            description,
            track=desk.track,
        )
        desks.say(f"Accepted {len(result.done)} sentences. Check some of them, at the right.")
        desks.say_left_alone(desk, result.refused, "Changed meanwhile")

    desks.attempt(accept)


def _show_batches(desk: Desk) -> None:
    tables.show_heading("Bulk changes")
    made = [
        (one, check_of_batch(reviewer.store(), desk.project, one.id))
        for one in decisions.batches(reviewer.store(), desk.project)[:_MOST_BATCHES]
        if one.kind != "undo"
    ]
    # One that was undone is gone; one that was checked to the end still tells its precision.
    made = [(one, check) for one, check in made if one.standing or check.checked]
    if not made:
        tables.show_texts(["There is none that still stands."], key=f"{PAGE}.no_batches")
        return
    for batch, check in made:
        with st.container(border=True, key=f"{PAGE}.batch.{batch.id}"):
            _show_batch(desk, batch, check)


def _show_batch(desk: Desk, batch: Batch, check: BatchCheck) -> None:
    told = [
        batch.description,
        f"{batch.reviewer}, {batch.at[:16].replace('T', ' ')} UTC · {batch.sentences} sentences, "
        f"still the last word on {batch.standing}",
    ]
    tables.show_texts(told, key=f"{PAGE}.batch_told.{batch.id}")
    if batch.kind == "accept":
        tables.show_texts(
            [_precision(batch, check)], key=f"{PAGE}.batch_precision.{batch.id}", tone="note"
        )
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Undo in one step",
            key=f"{PAGE}.batch_undo.{batch.id}",
            on_click=partial(_undo, desk, batch),
            disabled=not batch.standing or not desk.actor.may("reviewer"),
        )
        if batch.kind == "accept" and check.next is not None:
            place = desk.places[check.next]
            st.button(
                f"Check sentence {place + 1}",
                key=f"{PAGE}.batch_check.{batch.id}",
                on_click=partial(review_queue.go_to, desk, place),
                help="the next one of a random sample: accept or correct it",
            )


def _precision(batch: Batch, check: BatchCheck) -> str:
    left = len(check.order) - check.checked
    more = min(more_to_check(check.estimate, _HALF_WIDTH, unchecked=left), left)
    wanted = (
        f"check {more} more for ±{100 * _HALF_WIDTH:.0f} points" if more else "well enough known"
    )
    if check.estimate is None:
        return f"Precision is not known: {wanted}."
    found = check.estimate
    return (
        f"Precision {100 * found.precision:.0f} % ({100 * found.low:.0f} to "
        f"{100 * found.high:.0f} %), from {found.accepted} entities in {found.sentences} checked "
        f"sentences of {batch.sentences}; {wanted}."
    )


def _undo(desk: Desk, batch: Batch) -> None:
    def undo() -> None:
        result = decisions.undo_batch(reviewer.store(), desk.actor, desk.project, batch.id)
        desks.say(f"Undone on {len(result.done)} sentences.")
        desks.say_left_alone(desk, result.refused, "Decided since then")

    desks.attempt(undo)
