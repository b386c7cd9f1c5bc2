"""Making a project: of an import, or of a named corpus."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.exchange import ImportPreview, PairPreview
from core.store.people import LONGEST_NAME
from core.store.projects import MOST_REVIEWERS, MOST_SENTENCES, create_project
from core.types import SentencePair
from pages.sections import data_desk
from pages.sections.corpus_choice import choose_corpus
from pages.widgets import state, tables

_USUAL_SENTENCES = 100


def make_from_import(desk: data_desk.Desk, preview: ImportPreview | PairPreview) -> None:
    """Offer to make a project of what was read.

    Args:
        desk: store and actor.
        preview: the import.
    """
    tables.show_heading("What to do with it")
    if isinstance(preview, ImportPreview):
        told = [
            "The tab Export writes it in another format at once.",
            "A project needs every sentence with its translation: give both under “Two files”. "
            "Where there is no translation yet, the page Project makes one (on the command line: "
            "python -m core pipeline).",
        ]
        tables.show_texts(told, key="data.needs_source", tone="note")
        return
    if not preview.pairs:
        tables.show_texts(["Nothing could be read."], key="data.nothing", tone="warning")
        return
    first = preview.pairs[0]
    languages = f"{first.source.language}-{first.target.language}"
    told = ["The tab Export writes it in another format at once."]
    if preview.bad:
        told.append(f"A project takes what could be read; {len(preview.bad)} stay out.")
    tables.show_texts(told, key="data.import_note")
    with st.expander("Make a project of it", expanded=True, key="data.expander.make"):
        _making(desk, preview.pairs, f"{preview.name}/{languages}", key="data.make")


def make_from_corpus(desk: data_desk.Desk) -> None:
    """Offer to make a project of the first sentences of a named corpus."""
    place = choose_corpus("data")
    most = st.number_input(
        "Sentences from its beginning",
        min_value=1,
        max_value=MOST_SENTENCES,
        value=_USUAL_SENTENCES,
        key="data.most",
        persist_state="session",
    )
    with state.error_guard("data.from_corpus"):
        corpus = state.read_corpus(*place)
        if corpus.skipped:
            tables.show_texts(
                [f"{corpus.skipped} malformed sentences of this corpus were left out."],
                key="data.skipped",
                tone="warning",
            )
        cut = f"first {most}" if most < len(corpus.pairs) else ""
        parts = [place[0], f"{place[1]}-{place[2]}", place[3], cut]
        name = "/".join(filter(None, parts))
        _making(desk, corpus.pairs[:most], name, key="data.from")


def _making(desk: data_desk.Desk, pairs: Sequence[SentencePair], corpus: str, *, key: str) -> None:
    """Ask for a project's name and reviewers, and make it.

    Args:
        desk: store and actor.
        pairs: its sentences.
        corpus: what signatures call them.
        key: first part of the widget keys.
    """
    may = data_desk.tell_why_not(desk, key=key)
    left, right = st.columns([3, 1])
    name = left.text_input(
        "Name of the project", max_chars=LONGEST_NAME, key=f"{key}.name", persist_state="session"
    )
    reviewers = right.number_input(
        "Reviewers a sentence",
        min_value=1,
        max_value=MOST_REVIEWERS,
        help="with 1, all share one answer; with more, each answers without seeing the others",
        key=f"{key}.reviewers",
        persist_state="session",
    )
    note = st.text_area("Note", height=70, key=f"{key}.note", persist_state="session")
    asked = st.button(
        f"Make a project of {len(pairs)} sentences",
        type="primary",
        disabled=not may,
        key=f"{key}.button",
    )
    admin = desk.admin()
    with st.container(), state.error_guard(key):
        if asked and admin is not None:
            store, actor = admin
            made = create_project(
                store, actor, name or "", pairs, corpus=corpus, reviewers=reviewers, note=note or ""
            )
            st.session_state[data_desk.PROJECT] = made.name
            told = f"Made: “{made.name}” with {made.sentences} sentences. The tab Projects has it."
            tables.show_texts([told], key=f"{key}.made", tone="note")
