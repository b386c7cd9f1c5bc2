"""Changing a pair: links, pins, bans, entities, words; by the text view or by forms, with undo."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.errors import DataError
from core.types import Sentence
from core.whatif.rewrite import move_edits
from pages.sections import cases, edit_forms
from pages.sections.cases import Shown
from pages.widgets import tables


def apply(shown: Shown, event: edit_forms.Event) -> None:
    """Do what an event says, so that it can be undone; the page is then solved anew.

    Args:
        shown: the pair as it stands.
        event: with indices that were checked against the pair.
    """
    history = cases.history_of(shown.place, page=shown.page)
    kind = event["kind"]
    if kind == "select":
        cases.select_entity(shown.place, event["entity"], page=shown.page)
        return
    if kind in ("undo", "redo"):
        cases.keep_history(
            shown.place, history.undo() if kind == "undo" else history.redo(), page=shown.page
        )
        return
    edits = edit_forms.edited(
        history.now, event, shown.case.pair.source.spans, shown.case.alignment
    )
    cases.keep_history(shown.place, history.do(edits), page=shown.page)
    if kind in ("pin", "ban", "free"):
        cases.select_entity(shown.place, event["entity"], page=shown.page)


def show_history(shown: Shown) -> None:
    """Offer to undo and redo."""
    history = cases.history_of(shown.place, page=shown.page)
    with st.container(horizontal=True, gap="small"):
        for name, icon, there in (
            ("Undo", ":material/undo:", bool(history.past)),
            ("Redo", ":material/redo:", bool(history.future)),
        ):
            st.button(
                name,
                key=f"{shown.page}.{name.lower()}",
                icon=icon,
                disabled=not there,
                on_click=partial(apply, shown, {"kind": name.lower()}),
                help=f"{name} the last change of links, pins, bans or entities",
            )


def show_forms(shown: Shown) -> None:
    """Offer every change of the text view as ordinary widgets, and other words."""
    show_history(shown)
    editable = edit_forms.Editable(
        shown.page,
        shown.now.pair,
        shown.case.alignment,
        shown.edits,
        cases.selected_entity(shown),
        partial(apply, shown),
    )
    left, right = st.columns(2)
    with left:
        edit_forms.link_form(editable)
        edit_forms.entity_form(editable)
    with right:
        edit_forms.pin_form(editable)
        _words_form(shown)


def _words_form(shown: Shown) -> None:
    """Ask for other words; entities, gold and edits follow where their words are still there."""
    page = shown.page
    tables.show_heading("Other words")
    st.caption("Change a word, or paste another translation. The pair is then solved anew.")
    texts = []
    for side, sentence in (("source", shown.pair.source), ("target", shown.pair.target)):
        key = f"{page}.words_{side}.{hash((shown.place, sentence.text))}"
        text = st.text_area(side.capitalize(), value=sentence.text, key=key)
        texts.append(" ".join(text.split()))
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Solve with these words",
            key=f"{page}.rewrite",
            on_click=partial(_rewrite, shown, texts[0], texts[1]),
        )
        st.button(
            "The corpus's own words",
            key=f"{page}.original_words",
            disabled=shown.pair is shown.original,
            on_click=partial(_rewrite, shown, "", ""),
        )
    problem = st.session_state.pop(f"{page}.words_error", "")
    if problem:
        tables.show_texts([problem], key=f"{page}.words_problem", tone="error")


def _rewrite(shown: Shown, source: str, target: str) -> None:
    """Take other words; empty ones are the corpus's own."""
    original, page = shown.original, shown.page
    texts: cases.Texts = (
        None if source in ("", _plain_text(original.source)) else source,
        None if target in ("", _plain_text(original.target)) else target,
    )
    try:
        changed = cases.with_texts(original, texts)
    except DataError as error:
        st.session_state[f"{page}.words_error"] = error.message
        return
    history = cases.history_of(shown.place, page=page)
    moved = move_edits(history.now, shown.pair, changed)
    # What was done before belongs to other words: it cannot be undone one by one any more.
    cases.keep_history(shown.place, type(history)(now=moved), page=page)
    cases.keep_texts(shown.place, texts, page=page)


def _plain_text(sentence: Sentence) -> str:
    return " ".join(sentence.text.split())
