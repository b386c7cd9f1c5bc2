"""Export: what is written, in which format, and what the other tool reads of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import streamlit as st

from core.config import ComponentChoice
from core.corpora import FORMATS
from core.exchange import Exported, ImportPreview, export_pairs, export_sentences
from core.exchange.parallel import PARALLEL_FORMATS
from core.review.reviewed import (
    decision_records,
    final_states,
    reviewed_sentences,
)
from core.review.seen import linked_pairs
from core.store.answers import Status
from core.store.database import Store, now
from core.store.decisions import states
from core.store.people import Actor
from core.store.projects import Project
from core.store.runs import load_run, runs
from core.types import Sentence, SentencePair
from pages.sections import data_checked, data_desk, data_import
from pages.sections.file_inputs import format_input
from pages.widgets import state, tables

FROM_PROJECT, FROM_IMPORT = "A project", "The last import"
TARGETS, PAIRS, SOURCES = "Target sentences", "Both sides", "Source sentences"
_STATUSES: tuple[Status, ...] = ("accepted", "flagged", "working")
_TOLD: dict[Status, str] = {
    "accepted": "accepted",
    "flagged": "flagged to be looked at again",
    "working": "changed and not accepted yet",
}
_KEPT = "data.exported"
Values: TypeAlias = Sequence[Sentence] | Sequence[SentencePair]


@dataclass(frozen=True, slots=True)
class _Content:
    """What is to be written.

    Attributes:
        key: what tells it from other contents.
        name: of the file, without its ending.
        parallel: whether it is pairs.
        read: gives it; called when the file is made.
    """

    key: tuple[str, ...]
    name: str
    parallel: bool
    read: Callable[[], Values]


@dataclass(frozen=True, slots=True)
class _Kept:
    """The file that was made last.

    Attributes:
        key: of its content and format.
        at: when it was made, UTC.
        exported: the file.
    """

    key: tuple[str, ...]
    at: str
    exported: Exported


def show_export(desk: data_desk.Desk) -> None:
    """Ask what to write and how, make the file, and show it with what was checked."""
    origin = st.segmented_control(
        "What to write",
        [FROM_PROJECT, FROM_IMPORT],
        default=FROM_PROJECT,
        required=True,
        key="data.origin",
        persist_state="session",
    )
    project: Project | None = None
    with st.container():
        if origin == FROM_IMPORT:
            content = _import_content()
        elif desk.store is None:
            data_desk.tell_why_not(desk, key="data.export", role="viewer")
            content = None
        else:
            project = data_desk.project_input(desk.store)
            content = None if project is None else _project_content(desk.store, project)
    if content is not None:
        _write(content)
    if project is not None and desk.store is not None:
        _show_log(desk.store, desk.actor, project)


def _content_input(options: Sequence[str], *, key: str) -> str:
    chosen: str = st.segmented_control(
        "Sentences",
        options,
        default=options[0],
        required=True,
        key=key,
        persist_state="session",
    )
    return chosen


def _import_content() -> _Content | None:
    """Ask which side of the last import to write."""
    found = data_import.taken()
    if found is None:
        tables.show_texts(
            ["Nothing has been imported yet: give a file in the tab Import."],
            key="data.no_import",
            tone="note",
        )
        return None
    preview, key = found.preview, (FROM_IMPORT, *found.key)
    name = _file_stem(preview.name.partition(".")[0])
    if isinstance(preview, ImportPreview):
        sentences = preview.sentences
        return _Content(key, name, parallel=False, read=lambda: sentences)
    pairs = preview.pairs
    side = _content_input([PAIRS, TARGETS, SOURCES], key="data.import_content")
    reads: dict[str, Callable[[], Values]] = {
        PAIRS: lambda: pairs,
        TARGETS: lambda: [pair.target for pair in pairs],
        SOURCES: lambda: [pair.source for pair in pairs],
    }
    return _Content((*key, side), name, parallel=side == PAIRS, read=reads[side])


def _project_content(store: Store, project: Project) -> _Content:
    """Ask which answers of a project to write."""
    side = _content_input([TARGETS, PAIRS], key="data.content")
    left, right = st.columns(2)
    statuses: list[Status] = left.multiselect(
        "Answers that are",
        _STATUSES,
        default=["accepted"],
        format_func=lambda status: _TOLD[status],
        key="data.statuses",
        help="rejected sentences always stay out",
        persist_state="session",
    )
    found = {run.name: run for run in runs(store, project)}
    key = f"data.fill.{project.id}"
    fill = right.selectbox(
        "Sentences nobody has decided on",
        ["", *found],
        format_func=lambda name: f"as in the run {name}" if name else "stay out",
        key=key,
        help="sentences that failed in the run stay out too",
        persist_state="session",
    )

    def read() -> Values:
        final = final_states(project, states(store, project, None))
        items, chosen = data_desk.project_items(store, project), tuple(statuses)
        run = found[fill] if fill else None
        if side == PAIRS:
            return linked_pairs(store, project, items, final, statuses=chosen, fill=run)
        outcomes = None if run is None else load_run(store, run)
        return reviewed_sentences(items, final, statuses=chosen, fill=outcomes)

    parts = (FROM_PROJECT, store.name, project.name, side, *statuses, fill or "")
    name = f"{_file_stem(project.name)}.{project.target_language}"
    return _Content(parts, name, parallel=side == PAIRS, read=read)


def _file_stem(name: str) -> str:
    return "_".join(re.findall(r"[\w-]+", name)) or "corpus"


def _write(content: _Content) -> None:
    """Ask for the format, make the file, and show it."""
    registry = PARALLEL_FORMATS if content.parallel else FORMATS
    form = format_input(registry, key="data.to_pairs" if content.parallel else "data.to")
    asked = st.button("Make the file and check it", type="primary", key="data.export")
    key = (*content.key, form.model_dump_json())
    with st.container(), state.error_guard("data.exporting"):
        if asked:
            st.session_state[_KEPT] = None
            with st.spinner("Writing, and reading it again …"):
                # Kept before the spinner goes: whatever is done meanwhile breaks in at an output.
                st.session_state[_KEPT] = _Kept(key, now(), _exported(content, form))
        kept: _Kept | None = st.session_state.get(_KEPT)
        if kept is not None:
            changed = kept.key != key
            with st.container():
                tables.show_texts(
                    ["The choice has changed since: this is the file that was made before."]
                    if changed
                    else [],
                    key="data.stale",
                    tone="warning",
                )
            data_checked.show_exported(kept.exported, kept.at)


def _exported(content: _Content, form: ComponentChoice) -> Exported:
    values = content.read()
    write: Callable[..., Exported] = export_pairs if content.parallel else export_sentences
    return write(values, form.name, form.parameters, stem=content.name)


def _show_log(store: Store, actor: Actor | None, project: Project) -> None:
    """Offer the log of decisions; it is made when it is asked for."""

    def content() -> bytes:
        records = decision_records(store, actor, project)
        lines = [json.dumps(one, ensure_ascii=False) for one in records]
        return "".join(f"{line}\n" for line in lines).encode()

    tables.show_heading("All decisions")
    st.caption("Who decided what, when, on which version: a line a decision, oldest first.")
    st.download_button(
        "Log of decisions (JSONL)",
        content,
        file_name="decisions.jsonl",
        mime="application/jsonl",
        on_click="ignore",
        key="data.log",
    )
