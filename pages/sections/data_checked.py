"""A file that was made: what another tool reads of it, what stayed out, and the file."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.exchange import Exported, LeftOut
from pages.sections.file_inputs import format_name
from pages.sections.paging import page_of
from pages.widgets import tables

_PER_PAGE = 20
_PARTS = {
    "words": "the split into words",
    "text": "the running text",
    "spans": "entities",
    "links": "word links",
    "ids": "names of sentences",
    "empty": "sentences without words",
}


def show_exported(exported: Exported, at: str) -> None:
    """Show what was checked and found, and offer the file.

    Args:
        exported: the file.
        at: when it was made, UTC.
    """
    fine = not exported.left_out and not exported.changes
    found = (
        "everything came back as it was"
        if not exported.changes
        else f"it sees otherwise: {len(exported.changes)}"
    )
    told = [
        f"Written in {format_name(exported.form.name)}: {exported.written} sentences, at "
        f"{at[11:16]} UTC.",
        f"Read again with {exported.checked_with}: {found}.",
    ]
    if exported.left_out:
        told.append(f"Left out, because the format cannot hold them: {len(exported.left_out)}.")
    if exported.not_kept:
        parts = ", ".join(_PARTS.get(part, part) for part in exported.not_kept)
        told.append(f"The format has no place for: {parts}.")
    tables.show_texts(told, key="data.checked", tone="note" if fine else "warning")
    if exported.left_out:
        show_left_out(
            exported.left_out, caption="Sentences that the format cannot hold.", key="data.left_out"
        )
    if exported.changes:
        _show_changes(exported)
    if not exported.written:
        tables.show_texts(["The file holds no sentence."], key="data.empty_export", tone="warning")
    st.download_button(
        "Download the file",
        exported.content,
        file_name=exported.file_name,
        mime=exported.mime,
        on_click="ignore",
        icon=":material/download:",
        key="data.download",
    )


def show_left_out(left_out: Sequence[LeftOut], *, caption: str, key: str) -> None:
    """List sentences that were not taken, each with the reason.

    Args:
        left_out: all of them.
        caption: what they are.
        key: first part of the widget keys.
    """
    rows: list[list[tables.Cell]] = [
        [str(one.number), one.id, one.reason]
        for one in page_of(left_out, per_page=_PER_PAGE, key=key)
    ]
    tables.show_table(["Number", "Name", "Reason"], rows, caption=caption, key=f"{key}.table")


def _show_changes(exported: Exported) -> None:
    rows: list[list[tables.Cell]] = [
        [str(one.number or "–"), one.id, one.part, one.before or "–", one.after or "–", one.reason]
        for one in page_of(exported.changes, per_page=_PER_PAGE, key="data.changes")
    ]
    tables.show_table(
        ["Number", "Name", "What", "As it was", "As it is read", "Why"],
        rows,
        caption="What the other tool sees otherwise, before you take the file.",
        key="data.changes.table",
    )
