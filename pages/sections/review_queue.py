"""Which sentence is open: filters, the order of the queue, and moving through it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from core.review.queue import (
    Order,
    Wanted,
    class_names,
    error_types,
    neighbour,
    order_places,
)
from core.store import decisions, holds
from core.store.answers import DONE, Status
from core.store.decisions import Standing
from pages.sections import review_desk as desks
from pages.sections.choices import choose_one
from pages.sections.review_desk import PAGE, Desk
from pages.widgets import addresses, reviewer, tables

_ORDERS: dict[Order, str] = {
    "uncertainty": "most uncertain first",
    "disagreement": "most disputed first",
    "random": "a random sample",
    "corpus": "as in the corpus",
}
_SHOWS: dict[str, tuple[str, tuple[Status, ...]]] = {
    "todo": ("to do", ("open", "working")),
    "flagged": ("flagged", ("flagged",)),
    "accepted": ("accepted", ("accepted",)),
    "rejected": ("rejected", ("rejected",)),
    "all": ("all", ()),
}
_ANY = ""


def filter_inputs(desk: Desk) -> Wanted:
    """Ask which sentences come up, in which order."""
    orders = [one for one in _ORDERS if one != "disagreement" or len(desk.stored) > 1]
    shown = {name: label for name, (label, _) in _SHOWS.items()}
    order = choose_one(PAGE, "Order", "order", orders, _ORDERS)
    show = choose_one(PAGE, "Show", "show", list(_SHOWS), shown)
    label = choose_one(PAGE, "Class", "class", [_ANY, *class_names(desk.corpus)], {_ANY: "any"})
    errors = error_types(desk.corpus) if desk.corpus.has_gold else []
    error = ""
    if errors:
        error = choose_one(
            PAGE, "Error against gold", "error", [_ANY, *errors], {_ANY: "any, or none"}
        )
    text = st.text_input(
        "Search both sentences", key=f"{PAGE}.search", type="search", persist_state="session"
    )
    seed = 0
    if order == "random":
        seed = int(
            st.number_input("Sample", 0, 9999, 0, key=f"{PAGE}.seed", persist_state="session")
        )
    return Wanted(order, label, error, _SHOWS[show][1], None, text or "", seed)


def queue_of(desk: Desk, wanted: Wanted, standing: Mapping[int, Standing]) -> list[int]:
    """List the places that are wanted, the most wanted first."""
    statuses = {place: one.status for place, one in standing.items()}
    return order_places(desk.corpus, wanted, statuses=statuses, survey=desk.survey)


def open_place(desk: Desk, places: Sequence[int]) -> int | None:
    """Return the place that is open, or take the first of the queue that is free.

    Args:
        desk: the project.
        places: the queue.
    """
    key = _key(desk)
    # The address may still be that of another project, whose number means nothing here.
    ours = st.query_params.get("project", desk.project.name) == desk.project.name
    if ours:
        told = addresses.take_from_address(key, "sentence", range(1, len(desk.items) + 1))
        tables.show_texts([told] if told else [], key=f"{PAGE}.address.sentence", tone="warning")
    if key in st.session_state:
        return int(st.session_state[key]) - 1
    if not desk.actor.may("reviewer"):
        return places[0] if places else None
    place = _claim(desk, places)
    if place is not None:
        st.session_state[key] = place + 1
    return place


def _key(desk: Desk) -> str:
    return f"{PAGE}.sentence.{desk.project.id}"


def is_open(desk: Desk, place: int) -> bool:
    """Tell whether a sentence is the one that is open."""
    return st.session_state.get(_key(desk)) == place + 1


def go_to(desk: Desk, place: int) -> None:
    """Open a sentence, whoever holds it."""
    st.session_state[_key(desk)] = place + 1


def _claim(desk: Desk, places: Sequence[int], *, again: bool = False) -> int | None:
    ids = [desk.items[place].id for place in places]
    found = holds.claim(reviewer.store(), desk.actor, desk.project, ids, again=again)
    return None if found is None else places[ids.index(found)]


def move(desk: Desk, places: Sequence[int], here: int | None, by: int) -> None:
    """Go to the next or previous sentence of the queue that nobody else holds.

    Args:
        desk: the project.
        places: the queue.
        here: the place that is open.
        by: 1 or −1.
    """
    around = neighbour(places, here, by)
    if not desk.actor.may("reviewer"):
        if around:
            go_to(desk, around[0])
        return

    def take() -> None:
        # Looking through what is done is no reason to keep it from others, but it may come again.
        place = _claim(desk, around, again=True)
        if place is not None:
            go_to(desk, place)
        else:
            desks.say("There is no other sentence in this queue that nobody else holds.")

    desks.attempt(take)


def move_on(desk: Desk, places: Sequence[int], here: int) -> None:
    """Go to the next sentence that is still to be done, after a decision."""
    standing = desk.standing()
    rest = [
        place
        for place in neighbour(places, here, 1)
        if place not in standing or standing[place].status not in DONE
    ]
    place = _claim(desk, rest)
    if place is not None:
        go_to(desk, place)
    else:
        desks.say("Nothing is left to do in this queue, or others hold it.")


def show_progress(desk: Desk, standing: Mapping[int, Standing], places: Sequence[int]) -> None:
    """Show how far the project is."""
    counts = dict.fromkeys(("accepted", "rejected", "flagged", "working"), 0)
    for one in standing.values():
        if one.status in counts:
            counts[one.status] += 1
    done = counts["accepted"] + counts["rejected"]
    told = " · ".join(f"{count} {status}" for status, count in counts.items() if count)
    own = "" if desk.track == decisions.SHARED else " (your own answers)"
    st.progress(
        done / max(len(desk.items), 1),
        f"{done} of {len(desk.items)} done{own}{' · ' if told else ''}{told} · "
        f"{len(places)} in this queue",
    )


def show_steps(desk: Desk, places: Sequence[int], here: int) -> None:
    """Offer to go on and back, and to open a sentence by its number."""
    left, middle, right, jump = st.columns([3, 1.4, 1.4, 1.6], vertical_alignment="bottom")
    position = (
        f" ({places.index(here) + 1} of {len(places)} in the queue)" if here in places else ""
    )
    left.markdown(f"**Sentence {here + 1}**{position}")
    for column, name, by, shortcut in (
        (middle, "Previous", -1, "K"),
        (right, "Next", 1, "J"),
    ):
        column.button(
            name,
            key=f"{PAGE}.{name.lower()}",
            on_click=partial(move, desk, places, here, by),
            shortcut=shortcut,
            width="stretch",
        )
    key = f"{PAGE}.jump.{here}"

    def open_it() -> None:
        # A window that lags behind says once more which sentence it shows: that opens nothing.
        wanted = int(st.session_state[key]) - 1
        if wanted != here:
            go_to(desk, wanted)

    jump.number_input("Sentence number", 1, len(desk.items), here + 1, key=key, on_change=open_it)
