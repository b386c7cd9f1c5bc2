"""The sentence in front of the reviewer, and what is decided on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import isinf

import streamlit as st

from core.errors import StoreError
from core.review.drafts import answer_of, view_of
from core.review.starting import is_untouched
from core.store import decisions, holds
from core.store.answers import Answer, Status
from core.store.decisions import Change, Kind, State
from core.store.runs import StoredRun
from core.types import Projection
from pages.sections import cases, review_queue
from pages.sections import review_desk as desks
from pages.sections.review_desk import PAGE, Desk
from pages.widgets import reviewer, tables


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
    answer = state.answer
    if is_untouched(answer):
        answer = replace(answer_of(projection, run.id), note=answer.note)
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
        change = _change(seat, answer)
        decisions.decide(store, desk.actor, desk.project, change, kind, track=desk.track)

    return desks.attempt(decide_it)


def _change(seat: Seat, answer: Answer) -> Change:
    """Return a decision on the version that was shown, or on that with a note of one's own.

    Whoever types a note and clicks on a button leaves the note's field by that: the note is kept
    first, and the button still has the version before it.
    """
    latest = seat.desk.state(seat.place)
    own = latest.reviewer == seat.desk.actor.name
    only_noted = latest.answer == replace(seat.answer, note=latest.answer.note)
    if own and only_noted and answer.note == seat.answer.note:
        return Change(seat.sentence, replace(answer, note=latest.answer.note), latest.version)
    return Change(seat.sentence, answer, seat.state.version)


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
