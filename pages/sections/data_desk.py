"""What the sections of the page Data share: the store, who is there, and lists of sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from core.corpora import BadSentence
from core.linked_text import class_styles, direction
from core.store.database import Store
from core.store.people import Actor, Role
from core.store.projects import Item, Project, items, projects
from core.types import Sentence, SentencePair
from pages.sections.paging import page_of
from pages.widgets import addresses, marked_text, tables

PROJECT = "data.project"
_PER_PAGE = 10
_BAD_PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Desk:
    """The store, and who is in front of it.

    Attributes:
        store: None where it could not be opened; that has been told.
        actor: None as long as nobody has said who is there.
    """

    store: Store | None
    actor: Actor | None

    def admin(self) -> tuple[Store, Actor] | None:
        """Return the store and the actor, where they may change projects."""
        if self.store is None or self.actor is None or not self.actor.may("admin"):
            return None
        return self.store, self.actor

    def why_not(self, role: Role = "admin") -> str:
        """Say why something that takes this role cannot be done; empty where it can."""
        if self.store is None:
            return "The store could not be opened: nothing can be kept."
        if self.actor is None:
            return "Say who you are in the sidebar: everything that is kept bears a name."
        if not self.actor.may(role):
            return f"This takes the role {role}; you are {self.actor.role}."
        return ""


def tell_why_not(desk: Desk, *, key: str, role: Role = "admin") -> bool:
    """Say why something cannot be done, and tell whether it can.

    Args:
        desk: store and actor.
        key: of the message.
        role: the least role it takes.
    """
    reason = desk.why_not(role)
    with st.container():
        tables.show_texts([reason] if reason else [], key=f"{key}.why_not", tone="note")
    return not reason


def project_input(store: Store) -> Project | None:
    """Ask for a project of the store; the address may name it.

    Args:
        store: where they are.
    """
    found = {project.name: project for project in projects(store)}
    message = addresses.take_from_address(PROJECT, "project", list(found))
    tables.show_texts([message] if message else [], key="data.address.project", tone="warning")
    if not found:
        tables.show_texts(
            ["There is no project in this store yet."], key="data.no_project", tone="note"
        )
        return None
    name = st.selectbox("Project", list(found), key=PROJECT, persist_state="session")
    return found[name]


@st.cache_resource(max_entries=4, show_spinner="Reading the project …")
def _pairs(store_name: str, project: int, _store: Store, _project: Project) -> tuple[Item, ...]:  # noqa: ARG001
    return tuple(items(_store, _project))


def project_items(store: Store, project: Project) -> tuple[Item, ...]:
    """Return a project's sentences, which never change; to whom they are given may have."""
    return _pairs(store.name, project.id, store, project)


def show_sentences(shown: Sequence[Sentence] | Sequence[SentencePair], *, key: str) -> None:
    """Show sentences or pairs with their entities, a page at a time.

    Args:
        shown: all of them.
        key: first part of the widget keys.
    """
    numbered = list(enumerate(shown, start=1))
    for number, one in page_of(numbered, per_page=_PER_PAGE, key=key):
        sides = (one,) if isinstance(one, Sentence) else (one.source, one.target)
        styles = class_styles(span.label for side in sides for span in side.spans)
        with st.container(horizontal=True, gap="small", vertical_alignment="top"):
            with st.container(width=52):
                st.caption(f"{number}")
            with st.container(gap="xxsmall"):
                for place, side in enumerate(sides):
                    marks = [
                        marked_text.Mark(span, styles[span.label], span.label)
                        for span in side.spans
                    ]
                    marked_text.show_marked(
                        side,
                        marks,
                        direction=direction(side.language),
                        key=f"{key}.row.{number}.{place}",
                    )


def show_bad(bad: Sequence[BadSentence], *, key: str) -> None:
    """List what could not be read, each with its line and the reason, a page at a time.

    Args:
        bad: all of it.
        key: first part of the widget keys.
    """
    files = len({one.path for one in bad}) > 1
    rows: list[list[tables.Cell]] = []
    for one in page_of(bad, per_page=_BAD_PER_PAGE, key=key):
        where = f"line {one.line}" if one.line else f"number {one.position + 1}"
        rows.append([*([one.path] if files else []), where, one.reason])
    tables.show_table(
        [*(["File"] if files else []), "Where", "What is wrong"],
        rows,
        caption="What could not be read, and stays out.",
        key=f"{key}.table",
    )
