"""Evaluate: models on clean and perturbed test sets, and what an attack flips, step by step."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pages.sections import (
    entrance,
    evaluate_form,
    evaluate_replay,
    evaluate_results,
    evaluate_seeds,
)
from pages.widgets import frame, reviewer, state

RESULTS, SEEDS, NEW, REPLAY = "Results", "Over seeds", "New evaluation", "Attack replay"


def main() -> None:
    """Lay the page out: who is there in the sidebar, a tab for each task."""
    st.title("Evaluate")
    actor = None
    with st.sidebar, state.error_guard("evaluate.actor"):
        actor = reviewer.reviewer_input()
    if not entrance.is_open(actor, page="evaluate"):
        return
    shown = {
        RESULTS: evaluate_results.show_results,
        SEEDS: evaluate_seeds.show_seeds,
        NEW: partial(evaluate_form.show_form, actor),
        REPLAY: partial(evaluate_replay.show_replay, actor),
    }
    tabs = st.tabs(list(shown), on_change="rerun", key="evaluate.tabs")
    for tab, show in zip(tabs, shown.values(), strict=True):
        # A tab's content is made when the tab is opened.
        if tab.open:
            with tab, state.error_guard("evaluate.tab"):
                show()


if frame.in_frame():
    main()
