"""Review: one sentence after another is accepted, corrected or rejected; nothing is ever lost."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.review.queue import Wanted
from core.text import romanise
from pages.sections import (
    entrance,
    review_agreement,
    review_bulk,
    review_desk,
    review_edit,
    review_everywhere,
    review_history,
    review_learning,
    review_queue,
    review_seat,
    review_sentence,
)
from pages.sections.review_desk import PAGE, Desk
from pages.sections.review_seat import Seat
from pages.widgets import addresses, frame, reviewer, state, tables

EDIT, EVERYWHERE, HISTORY = "Edit", "Everywhere", "History"
BULK, LEARNING, AGREEMENT = "In bulk", "Learning", "Agreement"
TABS = (EDIT, EVERYWHERE, HISTORY, BULK, LEARNING, AGREEMENT)


def main() -> None:
    """Lay the page out: who, what and in which order in the sidebar, the sentence below."""
    st.title("Review")
    romanise.warm_up()
    with state.error_guard(PAGE):
        with st.sidebar:
            actor = reviewer.reviewer_input()
        if not entrance.is_open(actor, page=PAGE):
            return
        with st.sidebar:
            project = review_desk.choose_project()
            desk = wanted = None
            if actor is not None and project is not None:
                desk = review_desk.make_desk(actor, project)
            if desk is not None:
                wanted = review_queue.filter_inputs(desk)
        if desk is None or wanted is None:
            _tell_what_is_missing(actor is not None, project is not None)
            return
        _workbench(desk, wanted)


def _tell_what_is_missing(somebody: bool, project: bool) -> None:
    if not project:
        told = "There is no project yet: make one of a corpus on the page Data."
    elif not somebody:
        told = (
            "Say who you are, at the left (in a narrow window behind » at the top): every decision "
            "is kept with a name."
        )
    else:
        told = "No method was run over this project yet: run one on the page Data."
    tables.show_texts([told], key=f"{PAGE}.missing", tone="note")
    st.page_link("pages/data.py", label="Data", icon=":material/database:")


@st.fragment
def _workbench(desk: Desk, wanted: Wanted) -> None:
    """Show one sentence; what is done here redraws this part of the page alone."""
    with state.error_guard(PAGE):
        with st.container():
            review_desk.show_told()
        standing = desk.standing()
        places = review_queue.queue_of(desk, wanted, standing)
        with st.container():
            review_queue.show_progress(desk, standing, places)
        place = review_queue.open_place(desk, places)
        if place is None:
            tables.show_texts(
                ["No sentence of this queue is free: change the filters at the left."],
                key=f"{PAGE}.nothing",
                tone="note",
            )
            seat = None
        else:
            seat = _show_sentence(desk, places, place)
        number = "" if place is None else place + 1
        addresses.write_address({"project": desk.project.name, "sentence": number})
        _show_tabs(desk, seat)


def _show_sentence(desk: Desk, places: list[int], place: int) -> Seat:
    review_queue.show_steps(desk, places, place)
    seat = review_seat.take_seat(desk, places, place)
    review_sentence.show_seat(seat, partial(review_edit.apply, seat))
    review_sentence.show_keys(seat)
    left, right = st.columns([3, 2], gap="medium")
    with left, st.container(border=True, key=f"{PAGE}.methods"):
        review_sentence.show_methods(seat)
    with right, st.container(border=True, key=f"{PAGE}.about"):
        review_edit.show_entity_actions(seat)
        review_everywhere.show_suggestions(seat)
        review_edit.show_note(seat)
    return seat


def _show_tabs(desk: Desk, seat: Seat | None) -> None:
    """Show the tabs; a tab's content is made when the tab is opened."""
    key = f"{PAGE}.tab"
    st.button(
        "Edit with forms",
        key=f"{PAGE}.edit",
        shortcut="E",
        type="tertiary",
        icon=":material/edit:",
        on_click=partial(st.session_state.__setitem__, key, EDIT),
    )
    tabs = st.tabs(TABS, on_change="rerun", key=key)
    shows: dict[str, Callable[[], None]] = {
        BULK: partial(review_bulk.show_bulk, desk),
        LEARNING: partial(review_learning.show_learning, desk),
        AGREEMENT: partial(review_agreement.show_agreement, desk),
    }
    if seat is not None:
        shows |= {
            EDIT: partial(review_edit.show_forms, seat),
            EVERYWHERE: partial(review_everywhere.show_everywhere, seat),
            HISTORY: partial(review_history.show_history, seat),
        }
    for name, tab in zip(TABS, tabs, strict=True):
        if tab.open and name in shows:
            with tab:
                shows[name]()


if frame.in_frame():
    main()
