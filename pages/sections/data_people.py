"""People: who may look, review, and do the rest."""

from __future__ import annotations

import streamlit as st

from core.store.people import LONGEST_NAME, ROLES, people, set_role
from pages.sections import data_desk
from pages.widgets import state, tables

_MAY = {
    "viewer": "looks",
    "reviewer": "looks and decides",
    "admin": "looks, decides, makes projects and runs, and gives roles",
}


def show_people(desk: data_desk.Desk) -> None:
    """List everybody who was given a role, and ask for a change."""
    admin = desk.admin()
    listing = st.container()
    may = data_desk.tell_why_not(desk, key="data.people")
    if admin is None:
        return
    store, actor = admin
    left, middle, right = st.columns([3, 3, 1.4], vertical_alignment="bottom")
    name = left.text_input("Name, as they log in", max_chars=LONGEST_NAME, key="data.people.name")
    role = middle.selectbox(
        "Role",
        ROLES,
        format_func=lambda role: f"{role}: {_MAY[role]}",
        key="data.people.role",
        persist_state="session",
    )
    asked = right.button("Give", disabled=not may, width="stretch", key="data.people.button")
    with state.error_guard("data.people"):
        if asked:
            set_role(store, actor, name or "", role)
    with listing:
        found = people(store)
        tables.show_table(
            ["Name", "Role"],
            [[one, f"{has}: {_MAY[has]}"] for one, has in found.items()],
            caption="Who was given a role. Everybody else has that of SPANBRIDGE_DEFAULT_ROLE, and "
            "those in SPANBRIDGE_ADMINS are admin.",
            key="data.people.list",
        )
