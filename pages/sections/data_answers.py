"""Who reviews which sentences of a project, and answers that come back from a file."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from core.corpora import FORMATS
from core.exchange import preview_import
from core.review.importing import ImportResult, import_answers
from core.review.starting import main_run
from core.store.database import Store
from core.store.holds import progress
from core.store.projects import Project, assign, assigned
from core.store.runs import runs
from pages.sections import data_checked, data_desk
from pages.sections.file_inputs import file_input, read_format_input
from pages.widgets import state, tables

_FREE = "anybody"


def show_assigning(desk: data_desk.Desk, project: Project) -> None:
    """Show how sentences are given to reviewers, and ask for a change.

    Args:
        desk: store and actor.
        project: the project.
    """
    admin = desk.admin()
    listing = st.container()
    may = data_desk.tell_why_not(desk, key="data.assigning")
    names = st.text_input(
        "Reviewers, parted by commas",
        help="sentences are dealt out to them in turn; nobody's name gives them free",
        disabled=not may,
        key="data.assign.names",
    )
    left, middle, right = st.columns([2, 2, 1.4], vertical_alignment="bottom")
    most = project.sentences
    first = left.number_input(
        "From sentence", 1, most, 1, disabled=not may, key=f"data.assign.first.{project.id}"
    )
    last = middle.number_input(
        "To sentence", 1, most, most, disabled=not may, key=f"data.assign.last.{project.id}"
    )
    asked = right.button("Give", disabled=not may, width="stretch", key="data.assign.button")
    with state.error_guard("data.assign"):
        if asked and admin is not None:
            store, actor = admin
            wanted = [name.strip() for name in (names or "").split(",") if name.strip()] or [""]
            ids = [item.id for item in data_desk.project_items(store, project)][first - 1 : last]
            for place, name in enumerate(wanted):
                assign(store, actor, project, ids[place :: len(wanted)], name)
    if desk.store is not None:
        with listing:
            _show_shares(desk.store, project)


def _show_shares(store: Store, project: Project) -> None:
    with store.read() as connection:
        given = Counter(assigned(connection, project.id).values())
    done = progress(store, project)
    free = project.sentences - sum(given.values())
    people = sorted({*given, *done})
    statuses = ("accepted", "rejected", "flagged", "working")
    rows: list[list[tables.Cell]] = [
        [name, given[name], *(done.get(name, {}).get(status, 0) for status in statuses)]
        for name in people
    ]
    rows.append([_FREE, free, None, None, None, None])
    tables.show_table(
        ["Reviewer", "Given to them", "Accepted", "Rejected", "Flagged", "In work"],
        rows,
        caption="Sentences that are given to somebody are shown to nobody else.",
        key="data.shares",
    )


def show_answers(desk: data_desk.Desk, project: Project) -> None:
    """Ask for a file of corrected sentences, and take them as answers.

    Args:
        desk: store and actor.
        project: the project.
    """
    st.caption(
        "Sentences of this project that were corrected elsewhere, found by name or by place. They "
        "become accepted answers, in one step that the page Review undoes."
    )
    may = data_desk.tell_why_not(desk, key="data.answers", role="reviewer")
    form = read_format_input(FORMATS, key="data.answers.format")
    file = file_input("Corrected target sentences", key="data.answers.file", disabled=not may)
    asked = st.button("Take them", disabled=not may or file is None, key="data.answers.button")
    with st.container(), state.error_guard("data.answers"):
        if asked and file is not None and desk.store is not None and desk.actor is not None:
            preview = preview_import(
                file.data, project.target_language, name=file.name, form=form or ""
            )
            if preview.bad:
                data_desk.show_bad(preview.bad, key="data.answers.bad")
            result = import_answers(
                desk.store,
                desk.actor,
                project,
                preview.sentences,
                base=main_run(runs(desk.store, project)),
                description=f"{len(preview.sentences)} sentences from {file.name}",
            )
            _show_result(result)


def _show_result(result: ImportResult) -> None:
    told = (
        f"Taken: {len(result.changed)}, as they were already: {result.same}, not taken: "
        f"{len(result.unmatched)}, changed by somebody meanwhile and left alone: "
        f"{len(result.refused)}."
    )
    fine = not result.unmatched and not result.refused
    tables.show_texts([told], key="data.answers.result", tone="note" if fine else "warning")
    if result.unmatched:
        data_checked.show_left_out(
            result.unmatched,
            caption="Sentences of the file that were not taken.",
            key="data.answers.unmatched",
        )
