"""One sentence under review: its answer, the keys that decide on it, and what each method says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import isinf

import streamlit as st

from core.errors import StoreError
from core.explain import entity_letter
from core.linked_text import Marks, class_styles, direction
from core.review.drafts import answer_of, view_of
from core.store import decisions, holds
from core.store.answers import Answer, Status
from core.store.decisions import Change, Kind, State
from core.store.runs import StoredRun
from core.types import Projection, Span
from pages.sections import cases, review_queue
from pages.sections import review_desk as desks
from pages.sections.review_desk import PAGE, Desk
from pages.widgets import marked_text, reviewer, tables, text_view

_SAID: dict[Status, str] = {
    "open": "open",
    "working": "changed, not accepted yet",
    "accepted": "accepted",
    "rejected": "rejected",
    "flagged": "flagged",
}


@dataclass(frozen=True, slots=True)
class Seat:
    """The sentence in front of the reviewer.

    Attributes:
        desk: the project.
        places: the queue.
        place: which sentence it is, from 0.
        state: what stands in the reviewer's track.
        answer: the same, or what the run says where nobody said anything.
        run: the run that the answer starts from.
        projection: of that run.
        view: the answer as a projection, to be drawn.
        free: whether the reviewer may decide on it.
    """

    desk: Desk
    places: Sequence[int]
    place: int
    state: State
    answer: Answer
    run: StoredRun
    projection: Projection
    view: Projection
    free: bool

    @property
    def sentence(self) -> int:
        """Return its id in the store."""
        return self.desk.items[self.place].id

    @property
    def says_nothing(self) -> bool:
        """Tell whether the run failed and nobody has given the sentence its entities since."""
        untouched = not self.answer.edits and not self.answer.added and not self.answer.dropped
        return self.projection.failure is not None and untouched and not self.answer.spans

    @property
    def entity(self) -> int | None:
        """Return the source entity that is looked at."""
        chosen = st.session_state.get(f"{PAGE}.selected")
        count = len(self.view.pair.source.spans)
        if chosen is not None and chosen[0] == self.sentence and chosen[1] < count:
            return int(chosen[1])
        return cases.most_doubtful(self.view) if count else None

    def key(self, name: str) -> str:
        """Return the key of a button that is about this sentence.

        With the sentence in it, a press that was meant for the one before is dropped: its button is
        gone by the time the press arrives, and nothing is decided on what nobody has seen.
        """
        return f"{PAGE}.{name}.{self.sentence}"

    def select(self, entity: int | None) -> None:
        """Look at a source entity."""
        key = f"{PAGE}.selected"
        st.session_state[key] = None if entity is None else (self.sentence, entity)


def take_seat(desk: Desk, places: Sequence[int], place: int) -> Seat:
    """Take what there is of a sentence, and hold it if it is free.

    Raises:
        StoreError: the store fails.
    """
    # Held first: what is read afterwards cannot change before it is decided on.
    free = desk.actor.may("reviewer") and not _told_holders(desk, place)
    state = desk.state(place)
    run = desk.run_of(state.answer.run)
    projection = desk.projection(run, place)
    untouched = state.answer.status == "open" and state.answer.run is None
    answer = answer_of(projection, run.id) if untouched else state.answer
    if untouched and state.answer.note:
        answer = replace(answer, note=state.answer.note)
    return Seat(
        desk, places, place, state, answer, run, projection, view_of(projection, answer), free
    )


def _told_holders(desk: Desk, place: int) -> bool:
    """Hold the sentence, or tell who does."""
    others = holds.hold(reviewer.store(), desk.actor, desk.project, desk.items[place].id)
    names = ", ".join(one.reviewer for one in others)
    told = [f"{names} works on this sentence."] if others else []
    # What does not end by itself is no work of the moment.
    if others and all(isinf(one.until) for one in others):
        told = [f"Given to {names}, or answered by them as often as is wanted."]
    with st.container():
        tables.show_texts(told, key=f"{PAGE}.held", tone="warning")
    return bool(others)


def keep(seat: Seat, answer: Answer, kind: Kind) -> bool:
    """Keep a decision at once; tells what went wrong, and whether it worked."""
    store, desk = reviewer.store(), seat.desk
    if not review_queue.is_open(desk, seat.place):
        return False  # pressed before the window showed the next sentence: nobody meant that one
    change = Change(seat.sentence, answer, seat.state.version)

    def decide_it() -> None:
        # A hold ends by itself after a while, and somebody else may work on the sentence by now.
        others = holds.hold(store, desk.actor, desk.project, seat.sentence)
        if others:
            names = ", ".join(one.reviewer for one in others)
            raise StoreError(
                f"a sentence must be one's own to decide on it, got one that {names} has now",
                code="changed-meanwhile",
                hint="nothing was kept: go on to the next one",
            )
        decisions.decide(store, desk.actor, desk.project, change, kind, track=desk.track)

    return desks.attempt(decide_it)


def decide(seat: Seat, status: Status, kind: Kind) -> None:
    """Say something of the sentence as a whole, and go on to the next one."""
    if status == "accepted" and seat.says_nothing:
        desks.say(
            "The run failed here, which is not the same as no entities: correct it, take another "
            "method's answer, reject it, or say below the failure that it has no entities.",
            tone="warning",
        )
        return
    accept(seat, status, kind)


def accept(seat: Seat, status: Status, kind: Kind) -> None:
    """Keep a verdict whatever the run says, and go on to the next sentence."""
    if keep(seat, replace(seat.answer, status=status), kind):
        desks.attempt(partial(review_queue.move_on, seat.desk, seat.places, seat.place))


def take_run(seat: Seat, run: StoredRun) -> None:
    """Take another method's answer for the sentence, and go on to the next one."""
    answer = answer_of(seat.desk.projection(run, seat.place), run.id)
    answer = replace(answer, status="accepted", note=seat.answer.note)
    if keep(seat, answer, "take"):
        desks.attempt(partial(review_queue.move_on, seat.desk, seat.places, seat.place))


def undo_last(desk: Desk) -> None:
    """Take back the last thing the reviewer did one by one, and go to its sentence."""

    def undo() -> None:
        store = reviewer.store()
        sentence = decisions.last_own(store, desk.actor, desk.project, desk.track)
        if sentence is None:
            desks.say("There is nothing of yours to take back.")
            return
        version = decisions.state_of(store, desk.project, sentence, desk.track).version
        decisions.undo(store, desk.actor, desk.project, sentence, track=desk.track, version=version)
        place = next(item.place for item in desk.items if item.id == sentence)
        review_queue.go_to(desk, place)
        desks.say(f"Taken back: the last decision on sentence {place + 1}.")

    desks.attempt(undo)


def step_back(seat: Seat, kind: str) -> None:
    """Undo or redo on this sentence alone, as the text view asks."""
    does = decisions.undo if kind == "undo" else decisions.redo
    desks.attempt(
        partial(
            does,
            reviewer.store(),
            seat.desk.actor,
            seat.desk.project,
            seat.sentence,
            track=seat.desk.track,
            version=seat.state.version,
        )
    )


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
