"""Correcting the sentence under review: links, boundaries, classes, missed entities, a note.

Every change is kept at once, as a decision of its own, so that nothing is lost and all can be
undone. Links and pins are solved anew, and what else moved with them is told.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from core.review import drafts
from core.store.answers import Answer, AnswerSpan
from core.types import Span
from pages.sections import cases, edit_forms, review_seat, review_sentence
from pages.sections import review_desk as desks
from pages.sections.edit_forms import Editable, Event
from pages.sections.review_desk import PAGE
from pages.sections.review_seat import Seat
from pages.widgets import reviewer, tables

_LONGEST_NOTE = 2000


def apply(seat: Seat, event: Event) -> None:
    """Do what an event of the text view or of a form says.

    Args:
        seat: the sentence as it was shown.
        event: with indices that were checked against it.
    """
    kind = event["kind"]
    if kind == "select":
        seat.select(event["entity"])
    elif kind in ("undo", "redo"):
        review_seat.step_back(seat, kind)
    elif seat.free:
        desks.attempt(partial(_edit, seat, event))


def _edit(seat: Seat, event: Event) -> None:
    """Change links, pins, bans or source entities, solve anew, and keep what came of it."""
    own = seat.projection.pair.source.spans
    edits = edit_forms.edited(seat.answer.edits, event, own, seat.projection.trace.alignment)
    answer = drafts.with_edits(seat.answer, edits, seat.projection.pair)
    if event["kind"] in ("pin", "free"):
        # Whoever fixes an entity somewhere no longer says that it has no counterpart.
        freed = tuple(one for one in answer.dropped if one != event["entity"])
        answer = replace(answer, dropped=freed)
        seat.select(event["entity"])
    _tell_moves(seat, kept := _solved(seat, answer), event)
    review_seat.keep(seat, kept, "edit")


def _solved(seat: Seat, answer: Answer) -> Answer:
    if seat.run.config is None:
        return drafts.solved_answer(answer, drafts.pinned_alone(seat.projection, answer.edits))
    config = drafts.solving_config(seat.run.config)
    place = ("store", reviewer.store().name, seat.run.id, seat.sentence)
    _, projection = cases.solved(config, place, cases.NO_TEXTS, answer.edits, seat.projection.pair)
    return drafts.solved_answer(answer, projection)


def _tell_moves(seat: Seat, after: Answer, event: Event) -> None:
    """Tell which entities moved with a change, beside the one it was about."""
    about = event.get("entity") if event["kind"] in ("pin", "ban", "free") else None
    before = {one for one in seat.answer.spans if one.entity != about}
    moved = sorted(before ^ {one for one in after.spans if one.entity != about}, key=_start)
    if moved and event["kind"] != "entity":
        target = seat.projection.pair.target
        texts = dict.fromkeys(f"“{target.text_of(one.span)}” {one.label}" for one in moved)
        desks.say(f"Also moved: {', '.join(texts)}.")


def _start(span: AnswerSpan) -> tuple[int, int]:
    return span.start, span.end


def show_entity_actions(seat: Seat) -> None:
    """Offer what is said of the entity that is looked at."""
    if seat.entity is None:
        return
    key = f"{PAGE}.entity.{seat.sentence}"
    count = len(seat.view.pair.source.spans)
    if st.session_state.get(key) != seat.entity:
        st.session_state[key] = seat.entity

    def look() -> None:
        chosen = st.session_state[key]
        if isinstance(chosen, int):  # a name that is no longer offered comes back as it is
            seat.select(chosen)

    st.selectbox(
        "Source entity",
        range(count),
        format_func=partial(review_sentence.entity_name, seat),
        key=key,
        on_change=look,
    )
    dropped = seat.entity in seat.answer.dropped
    st.button(
        "It has a counterpart" if dropped else "No counterpart",
        key=seat.key("drop"),
        shortcut="D",
        disabled=not seat.free,
        on_click=partial(_drop, seat, seat.entity),
        help="the translation has no words for this entity",
        width="stretch",
    )


def _drop(seat: Seat, entity: int) -> None:
    def change() -> None:
        answer = drafts.drop(seat.answer, entity)
        if entity not in answer.dropped:
            answer = _solved(seat, answer)
        review_seat.keep(seat, answer, "edit")

    desks.attempt(change)


def show_forms(seat: Seat) -> None:
    """Offer every change of the text view as ordinary widgets, and those of the target alone."""
    editable = Editable(
        seat.key("edit"),
        seat.view.pair,
        seat.projection.trace.alignment,
        seat.answer.edits,
        seat.entity,
        partial(apply, seat),
    )
    if not seat.free:
        tables.show_texts(["This sentence is not yours to change."], key=f"{PAGE}.not_free")
        return
    left, right = st.columns(2)
    with left:
        edit_forms.pin_form(editable)
        edit_forms.link_form(editable)
    with right:
        _added_form(seat)
        edit_forms.entity_form(editable)


def _added_form(seat: Seat) -> None:
    """Offer to add a target span that stands for no source entity, and to take spans out."""
    target = seat.view.pair.target
    tables.show_heading("Add an entity that the source lacks")
    start, end = edit_forms.span_inputs(target, seat.key("added_word"))
    own = drafts.entity_labels(seat.projection.pair, seat.answer)
    classes = list(dict.fromkeys((*edit_forms.CLASSES, *own)))
    label = st.selectbox(
        "Class of the new entity", classes, key=seat.key("added_class"), accept_new_options=True
    )
    st.button(
        "Add these words",
        key=seat.key("add_span"),
        disabled=not edit_forms.is_class(label),
        on_click=partial(_add, seat, start, end, label or ""),
    )
    for number, span in enumerate(seat.answer.spans):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.button(
                "Remove",
                key=seat.key(f"remove_span.{number}"),
                on_click=partial(_remove, seat, span),
                help=f"Remove words {span.start} to {span.end - 1}",
            )
            told = f"“{target.text_of(span.span)}” {span.label}"
            tables.show_texts([told], key=f"{PAGE}.span.{number}")


def _add(seat: Seat, start: int, end: int, label: str) -> None:
    def change() -> None:
        span = Span(start, end, label)
        answer = drafts.add(seat.answer, span, len(seat.view.pair.target.words))
        review_seat.keep(seat, answer, "edit")

    desks.attempt(change)


def _remove(seat: Seat, span: AnswerSpan) -> None:
    review_seat.keep(seat, drafts.remove(seat.answer, span), "edit")


def show_note(seat: Seat) -> None:
    """Ask for a note; it is kept when the field is left."""
    key = f"{PAGE}.note.{seat.sentence}.{seat.state.version}"

    def change() -> None:
        note = str(st.session_state[key] or "").strip()
        if note != seat.answer.note:
            review_seat.keep(seat, replace(seat.answer, note=note), "edit")

    st.text_area(
        "Note",
        value=seat.answer.note,
        key=key,
        height=68,
        max_chars=_LONGEST_NOTE,
        disabled=not seat.free,
        on_change=change,
        placeholder="for yourself and the others",
    )
