"""Changing a pair: links, pins, bans, entities, words; by the text view or by forms, with undo."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from core.errors import DataError
from core.explain import entity_letter
from core.types import Alignment, EntityCandidate, Sentence, SentencePair, Span
from core.whatif.edits import Edits
from core.whatif.rewrite import move_edits
from pages.sections import cases
from pages.sections.cases import Shown
from pages.widgets import tables

Event = Mapping[str, Any]
"""What the text view says was done; `pages/widgets/text_view.py` lists the kinds."""

CLASSES = ("PER", "LOC", "ORG", "MISC", "DATE")


@dataclass(frozen=True, slots=True)
class Editable:
    """A pair that the forms change.

    Attributes:
        page: first part of the widget keys.
        pair: as it stands, with its edited entities.
        alignment: the aligner's links, without edits; None where there are none.
        edits: what was changed so far.
        entity: the source entity that is looked at.
        do: carries an event out.
    """

    page: str
    pair: SentencePair
    alignment: Alignment | None
    edits: Edits
    entity: int | None
    do: Callable[[Event], None]


def link_event(source: int, target: int) -> Event:
    """Return the event of toggling a link."""
    return {"kind": "link", "source": source, "target": target}


def pin_event(entity: int, start: int, end: int) -> Event:
    """Return the event of fixing an entity to a span."""
    return {"kind": "pin", "entity": entity, "start": start, "end": end}


def ban_event(entity: int, start: int, end: int) -> Event:
    """Return the event of keeping an entity from a span."""
    return {"kind": "ban", "entity": entity, "start": start, "end": end}


def free_event(entity: int, start: int, end: int) -> Event:
    """Return the event of letting a pin or ban go."""
    return {"kind": "free", "entity": entity, "start": start, "end": end}


def apply(shown: Shown, event: Event) -> None:
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
    edits = edited(history.now, event, shown.case.pair.source.spans, shown.case.alignment)
    cases.keep_history(shown.place, history.do(edits), page=shown.page)
    if kind in ("pin", "ban", "free"):
        cases.select_entity(shown.place, event["entity"], page=shown.page)


def edited(edits: Edits, event: Event, own: Sequence[Span], alignment: Alignment | None) -> Edits:
    """Return the edits after an event.

    Args:
        edits: as they are.
        event: with indices that were checked against the pair; one that changes nothing of a pair
            leaves the edits as they are.
        own: the pair's own source entities.
        alignment: the aligner's links; None where there are none.
    """
    match event["kind"]:
        case "link":
            if alignment is None:
                return edits
            return edits.toggle_link(event["source"], event["target"], alignment)
        case "pin":
            return edits.pin(_constraint(event))
        case "ban":
            return edits.ban(_constraint(event))
        case "free":
            return edits.free(_constraint(event))
        case "entity":
            span = Span(event["start"], event["end"], event["label"])
            return edits.set_entity(span, old=event.get("old"), own=own)
        case "remove":
            return edits.remove_entity(event["entity"], own)
        case _:
            return edits


def _constraint(event: Event) -> EntityCandidate:
    return EntityCandidate(event["entity"], event["start"], event["end"])


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
    editable = Editable(
        shown.page,
        shown.now.pair,
        shown.case.alignment,
        shown.edits,
        cases.selected_entity(shown),
        partial(apply, shown),
    )
    left, right = st.columns(2)
    with left:
        link_form(editable)
        entity_form(editable)
    with right:
        pin_form(editable)
        _words_form(shown)


def word_input(label: str, sentence: Sentence, key: str, *, start: int = 0) -> int:
    """Ask for a word by its number, and say which it is."""
    last = len(sentence.words) - 1
    if st.session_state.get(key, 0) > last:
        del st.session_state[key]
    number = st.number_input(label, 0, last, min(start, last), key=key)
    tables.show_texts([f"“{sentence.words[number]}”"], key=f"{key}.word")
    return int(number)


def link_form(of: Editable) -> None:
    """Offer to add or remove a link."""
    page, pair = of.page, of.pair
    tables.show_heading("Add or remove a link")
    if of.alignment is None or not pair.source.words:
        tables.show_texts(["This method has no word links."], key=f"{page}.no_link_form")
        return
    left, right = st.columns(2)
    with left:
        source = word_input("Source word", pair.source, f"{page}.link_source")
    with right:
        target = word_input("Target word", pair.target, f"{page}.link_target")
    alignment = of.edits.links(of.alignment)
    there = any((one.source, one.target) == (source, target) for one in alignment.links)
    st.button(
        "Remove this link" if there else "Add this link",
        key=f"{page}.toggle_link",
        on_click=partial(of.do, link_event(source, target)),
    )


def span_inputs(sentence: Sentence, key: str) -> tuple[int, int]:
    """Ask for words in a row; returns the first and the one behind the last."""
    left, right = st.columns(2)
    with left:
        start = word_input("First word", sentence, f"{key}_start")
    with right:
        last = word_input("Last word", sentence, f"{key}_last", start=start)
    return start, max(start, last) + 1


def pin_form(of: Editable) -> None:
    """Offer to fix the entity that is looked at to target words, or keep it from them."""
    page, pair = of.page, of.pair
    tables.show_heading("Fix or forbid a span for an entity")
    entity = of.entity
    if entity is None:
        tables.show_texts(["There is no source entity."], key=f"{page}.no_pin_form")
        return
    span = pair.source.spans[entity]
    told = f"For {entity_letter(entity)} {span.label} “{pair.source.text_of(span)}”, chosen above:"
    tables.show_texts([told], key=f"{page}.pin_for")
    start, end = span_inputs(pair.target, f"{page}.pin_word")
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Pin these words",
            key=f"{page}.pin_words",
            on_click=partial(of.do, pin_event(entity, start, end)),
        )
        st.button(
            "Forbid these words",
            key=f"{page}.ban_words",
            on_click=partial(of.do, ban_event(entity, start, end)),
        )


def entity_form(of: Editable) -> None:
    """Offer to make, change or remove a source entity."""
    page, source = of.page, of.pair.source
    tables.show_heading("Make, change or remove a source entity")
    if not source.words:
        return
    new = "a new entity"

    def label(choice: int | None) -> str:
        if choice is None:
            return new
        span = source.spans[choice]
        return f"{entity_letter(choice)} {span.label} {source.text_of(span)}"

    key = f"{page}.entity_old"
    if (st.session_state.get(key) or 0) >= max(len(source.spans), 1):
        del st.session_state[key]
    old = st.selectbox("Which", [None, *range(len(source.spans))], format_func=label, key=key)
    start, end = span_inputs(source, f"{page}.entity_word")
    known = list(dict.fromkeys((*CLASSES, *sorted(span.label for span in source.spans))))
    chosen = st.selectbox(
        "Class",
        known,
        key=f"{page}.entity_class",
        accept_new_options=True,
    )
    with st.container(horizontal=True, gap="small"):
        event = {"kind": "entity", "start": start, "end": end, "label": chosen, "old": old}
        st.button(
            "Set entity",
            key=f"{page}.set_entity",
            on_click=partial(of.do, event),
            disabled=not is_class(chosen),
        )
        if old is not None:
            remove = {"kind": "remove", "entity": old}
            st.button("Remove entity", key=f"{page}.remove_entity", on_click=partial(of.do, remove))


def is_class(name: str | None) -> bool:
    """Tell whether a name can be that of a class."""
    return bool(name) and str(name)[:1].isalpha() and not set(str(name)) & set(" []\n\t")


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
