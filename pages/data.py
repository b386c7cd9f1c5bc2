"""Data: files in and out, the projects of the store, and who may do what."""

from __future__ import annotations

import streamlit as st

from core.store.database import Store
from core.store.people import Actor, auth_mode
from pages.sections import data_export, data_import, data_people, data_projects, entrance
from pages.sections.data_desk import Desk
from pages.widgets import frame, reviewer, state

IMPORT, EXPORT, PROJECTS, PEOPLE = "Import", "Export", "Projects", "People"


def main() -> None:
    """Lay the page out: who is there in the sidebar, a tab for each task."""
    st.title("Data")
    store: Store | None = None
    actor: Actor | None = None
    roles_matter = True  # until it is known
    with st.container(), state.error_guard("data.store"):
        roles_matter = auth_mode() != "local"
        store = reviewer.store()
        with st.sidebar:
            actor = reviewer.reviewer_input()
    if not entrance.is_open(actor, page="data"):
        return
    desk = Desk(store, actor)
    shown = {
        IMPORT: data_import.show_import,
        EXPORT: data_export.show_export,
        PROJECTS: data_projects.show_projects,
    }
    if roles_matter:
        shown[PEOPLE] = data_people.show_people
    tabs = st.tabs(list(shown), on_change="rerun", key="data.tabs")
    for tab, show in zip(tabs, shown.values(), strict=True):
        # A tab's content is made when the tab is opened.
        if tab.open:
            with tab, state.error_guard("data.tab"):
                show(desk)


if frame.in_frame():
    main()
