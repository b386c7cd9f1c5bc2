"""Forms that change a pair: links, pins and bans, source entities; and the events they send."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from core.explain import entity_letter
from core.types import Alignment, EntityCandidate, Sentence, SentencePair, Span
from core.whatif.edits import Edits
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
