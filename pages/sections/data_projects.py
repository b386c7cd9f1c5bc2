"""Projects of the store: how far they are, making one, its runs, and who reviews what."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from core.store.database import Store
from core.store.holds import progress
from core.store.projects import Project, projects
from core.store.upkeep import check
from core.text.languages import describe_language
from pages.sections import data_answers, data_desk, data_make, data_runs
from pages.sections.paging import page_of
from pages.widgets import state, tables

_PER_PAGE = 20


def show_projects(desk: data_desk.Desk) -> None:
    """List the projects, offer to make one, and show one of them with all that it has."""
    store = desk.store
    if store is None:
        data_desk.tell_why_not(desk, key="data.projects", role="viewer")
        return
    listing = st.container()
    with st.expander("Make a project from a named corpus", key="data.expander.corpus"):
        data_make.make_from_corpus(desk)
    with listing:  # behind the making, so that the new one is listed
        _show_list(store)
    project = data_desk.project_input(store)
    if project is None:
        return
    _show_project(project)
    runs = st.container()  # filled last: while a method runs, all else is there
    with st.expander("Who reviews which sentences", key="data.expander.assign"):
        data_answers.show_assigning(desk, project)
    with st.expander("Answers from a file", key="data.expander.answers"):
        data_answers.show_answers(desk, project)
    with runs, state.error_guard("data.runs"):
        data_runs.show_runs(desk, project)


def _show_list(store: Store) -> None:
    """Show the store with its projects."""
    found = projects(store)
    sentences = sum(project.sentences for project in found)
    left, right = st.columns([4, 1.4], vertical_alignment="center")
    with left:
        tables.show_texts(
            [f"Store: {store.name}. Projects: {len(found)}, sentences: {sentences}."],
            key="data.store",
        )
    if right.button(
        "Check the store",
        help="reads all of it, and sees whether what stands agrees with the log of decisions",
        width="stretch",
        key="data.check",
    ):
        with state.error_guard("data.checking"):
            counts = ", ".join(f"{name}: {count}" for name, count in check(store).items())
            tables.show_texts([f"In order: {counts}."], key="data.store_checked", tone="note")
    if not found:
        return
    rows = [_row(store, one) for one in page_of(found, per_page=_PER_PAGE, key="data.list")]
    tables.show_table(
        [
            "Project",
            "From",
            "To",
            "Sentences",
            "Accepted",
            "Rejected",
            "Flagged",
            "In work",
            "Made by",
        ],
        rows,
        caption="Projects, the newest first. Where several answer a sentence, their answers are "
        "counted.",
        key="data.list.table",
    )


def _row(store: Store, project: Project) -> list[tables.Cell]:
    counts: Counter[str] = Counter()
    for own in progress(store, project).values():
        counts.update(own)
    statuses = ("accepted", "rejected", "flagged", "working")
    languages = (project.source_language, project.target_language)
    return [
        project.name,
        *languages,
        project.sentences,
        *(counts[status] for status in statuses),
        f"{project.by}, {project.at[:10]}",
    ]


def _show_project(project: Project) -> None:
    languages = (project.source_language, project.target_language)
    told = (
        f"From {describe_language(languages[0])} to {describe_language(languages[1])}, "
        f"{project.sentences} sentences of {project.corpus}; "
        + ("one answer that all share." if project.reviewers == 1 else "")
        + (f"{project.reviewers} reviewers a sentence." if project.reviewers > 1 else "")
    )
    texts = [told, project.note] if project.note else [told]
    tables.show_texts(texts, key="data.about")
