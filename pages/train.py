"""Train: runs that train models, launched, watched, stopped, resumed and compared."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pages.sections import entrance, train_compare, train_form, train_runs
from pages.widgets import frame, reviewer, state

RUNS, NEW, COMPARE = "Runs", "New run", "Compare runs"


def main() -> None:
    """Lay the page out: who is there in the sidebar, a tab for each task."""
    st.title("Train")
    actor = None
    with st.sidebar, state.error_guard("train.actor"):
        actor = reviewer.reviewer_input()
    if not entrance.is_open(actor, page="train"):
        return
    shown = {
        RUNS: partial(train_runs.show_runs, actor),
        NEW: partial(train_form.show_form, actor),
        COMPARE: train_compare.show_comparison,
    }
    tabs = st.tabs(list(shown), on_change="rerun", key="train.tabs")
    for tab, show in zip(tabs, shown.values(), strict=True):
        # A tab's content is made when the tab is opened.
        if tab.open:
            with tab, state.error_guard("train.tab"):
                show()


if frame.in_frame():
    main()
