"""Every decision on the sentence under review, and going back to any of them."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.store import decisions
from core.store.decisions import Decision
from pages.sections import review_seat
from pages.sections.paging import page_of
from pages.sections.review_desk import PAGE
from pages.sections.review_seat import Seat
from pages.widgets import reviewer, tables

_PER_PAGE = 12


def show_history(seat: Seat) -> None:
    """Show who said what and when, the latest first, with each version to be taken again."""
    log = decisions.log_of(reviewer.store(), seat.sentence, seat.desk.track)
    if not log:
        tables.show_texts(["Nobody has decided on this sentence yet."], key=f"{PAGE}.no_history")
        return
    target = seat.projection.pair.target
    shown = page_of(log[::-1], per_page=_PER_PAGE, key=f"{PAGE}.history")

    def texts(one: Decision) -> str:
        return ", ".join(f"“{target.text_of(span.span)}” {span.label}" for span in one.answer.spans)

    tables.show_table(
        ("Version", "Who", "When (UTC)", "What", "Status", "Entities", "Note"),
        [
            (
                one.version,
                one.reviewer,
                one.at[:19].replace("T", " "),
                one.kind + (" in bulk" if one.batch is not None else ""),
                one.answer.status,
                texts(one),
                one.answer.note,
            )
            for one in shown
        ],
        caption="Decisions on this sentence; none is ever changed or lost",
        key=f"{PAGE}.history_table",
    )
    versions = [one.version for one in log]
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    wanted = left.selectbox("Version", versions[::-1], key=seat.key("version"))
    chosen = next((one for one in log if one.version == wanted), log[-1])
    right.button(
        "Take this version again",
        key=seat.key("restore"),
        disabled=not seat.free or chosen.version == seat.state.version,
        on_click=partial(review_seat.keep, seat, chosen.answer, "edit"),
    )
